"""What every tab is made of: a heading with the one primary button, cards, bubbles, figures in words."""

from collections.abc import Iterable
from dataclasses import dataclass

import gradio as gr

from core.data.examples import Example, Message
from core.runs.status import RunStatus
from ui.markup import Markup, div, join, paragraphs, span, tag
from ui.words import Words

# Buttons inside our own HTML: data-action is what to do, data-value with what. Python gets both as event data.
ACTIONS = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-action]');
  if (button) trigger('select', { action: button.dataset.action, value: button.dataset.value });
});
"""


@dataclass(frozen=True)
class Top:
    """A tab's heading, and its one primary button; `row` is where both stand."""

    row: gr.Row
    heading: gr.HTML
    next: gr.Button


def build_top(words: Words, tab: str, next_id: str) -> Top:
    """The row at the top of a tab; the button is always at the same place."""
    with gr.Row(elem_classes="tab-top", equal_height=True) as row:
        heading = gr.HTML(heading_html(words(f"{tab}.title"), words(f"{tab}.lead")), elem_classes="grow")
        button = gr.Button(
            words(f"{tab}.next.waiting"),
            variant="primary",
            interactive=False,
            elem_id=next_id,
            elem_classes="next",
            min_width=240,
        )
    return Top(row, heading, button)


def heading_html(title: str, lead: str) -> Markup:
    """A tab's name for itself, and one sentence."""
    return join(tag("h2", title), tag("p", lead, class_="lead"))


def section(title: str, *children: object, note: str = "") -> Markup:
    """A part of a view, under its name."""
    return tag("section", tag("h3", title), tag("p", note, class_="note") if note else None, *children)


def empty_state(title: str, text: str) -> Markup:
    """A view with nothing in it: what it will show, and what to do."""
    return div("empty", tag("h3", title), tag("p", text))


def busy_state(text: str) -> Markup:
    """A view that is being made: what is done, and how long it takes."""
    return div("busy", span("pulse", aria_hidden="true"), tag("p", text), role="status")


def card_text(title: str, text: str) -> str:
    """The text of a card that is a button or a choice: the first line is its name."""
    return f"{title}\n{text}"


def figures_html(figures: Iterable[tuple[str, str]]) -> Markup:
    """Numbers with their names, in a row."""
    return tag("dl", *(div("figure", tag("dt", name), tag("dd", value)) for name, value in figures), class_="figures")


def with_term(words: Words, name: str, term: str) -> Markup:
    """A plain name, the field's term behind it in small grey, and one sentence on hover and when it has the focus."""
    tip = span("tip", words(f"term.{term}.help"), role="tooltip")
    return join(name, " ", span("term", words(f"term.{term}"), tip, tabindex=0))


def facts_html(facts: Iterable[tuple[str, str, str]]) -> Markup:
    """Name, value, and a small line of explanation, one below the other."""
    rows = (
        div("fact", tag("dt", name), tag("dd", value, tag("small", note) if note else None))
        for name, value, note in facts
    )
    return tag("dl", *rows, class_="facts")


def bubble(words: Words, message: Message, side: str = "", who: str = "") -> Markup:
    """One turn, as people know it from chats."""
    extra = tag("pre", tag("code", message.extra)) if message.extra else None
    return div(
        f"bubble {message.role} {side}".strip(),
        span("who", who or words(f"role.{message.role}")),
        paragraphs(message.content),
        extra,
    )


def conversation_html(words: Words, example: Example) -> Markup:
    """A whole conversation, with the answer not wanted where it has one."""
    unwanted = None
    if example.rejected:
        unwanted = bubble(words, Message("assistant", example.rejected), "base", words("role.rejected"))
    return tag("article", *(bubble(words, message) for message in example.messages), unwanted, class_="conversation")


def action_button(text: str, action: str, value: str, *, class_: str = "link", label: str | None = None) -> Markup:
    """A button inside our own HTML."""
    return tag("button", text, type="button", class_=class_, data_action=action, data_value=value, aria_label=label)


def state_badge(words: Words, status: RunStatus, place: int = 0) -> Markup:
    """The state of a run; of one that waits, its place in the queue."""
    said = words("state.queued.place", place=place) if place else words(f"state.{status.state}")
    return badge(said, status.state)


def badge(text: str, kind: str) -> Markup:
    """A word on a coloured ground."""
    return span(f"badge {kind}", text)
