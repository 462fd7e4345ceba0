"""The review as HTML: how far it is, a table of examples, one of them opened, its turns to edit. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.data.examples import Message
from core.data.review import ReviewCounts, ReviewPage, ReviewRow
from ui.markup import Markup, div, join, span, tag
from ui.pieces import action_button, badge, conversation_html, empty_state
from ui.quantities import percent
from ui.tabs.data_views import check_name
from ui.words import Words

PAGE_ROWS = 20
MOST_LETTERS = 140
NEW = 0x7FFFFFFF  # the row of an example that is being written


@dataclass(frozen=True)
class Place:
    """Where a person is in the table.

    row: the one that is open, NEW for one that is being written, None for none.
    draft: the turns of it while they are edited.
    """

    start: int = 0
    row: int | None = None
    draft: tuple[Message, ...] = ()


def progress_html(words: Words, counts: ReviewCounts, approved_only: bool) -> Markup:
    """n of m looked at, and what that means for the training."""
    seen = counts.num_approved + counts.num_rejected
    share = seen / counts.num_rows if counts.num_rows else 0.0
    line = words("data.review.progress", done=f"{seen:,}", total=f"{counts.num_rows:,}")
    said = words("data.review.counts", approved=f"{counts.num_approved:,}", rejected=f"{counts.num_rejected:,}")
    meaning = words.count(f"data.review.{'approved_only' if approved_only else 'all'}", counts.num_learned)
    bar = div("bar", div("bar-fill", style=f"width: {share:.1%}"))
    head = tag("div", tag("span", line), tag("span", percent(share)), class_="run-line")
    both = words("data.review.sentences", first=said, second=meaning)
    return div("work", head, bar, tag("p", both, class_="note"))


def review_html(words: Words, page: ReviewPage, place: Place) -> Markup:
    """The rows of a page, one of them open; an example that is being written stands above all."""
    new = editor_html(words, words("data.review.new"), place.draft, NEW) if place.row == NEW else None
    if not page.total:
        return join(new, empty_state(words("data.review.none"), words("data.review.none.text")))
    rows = [_item(words, one, _opened(words, one, place) if one.row == place.row else None) for one in page.rows]
    return join(new, tag("ol", *rows, class_="review"), _paging(words, page, place.start))


def _opened(words: Words, one: ReviewRow, place: Place) -> Markup:
    if place.draft:
        title = words("data.review.editing", row=row_name(words, one.row))
        return editor_html(words, title, place.draft, one.row)
    return opened_html(words, one)


def _item(words: Words, one: ReviewRow, opened: Markup | None) -> Markup:
    first = next((turn.content for turn in one.example.messages if turn.role == "user"), "")
    head = tag(
        "button",
        span("row-number", row_name(words, one.row)),
        tag("span", span("question", _short(first or one.example.answer)), span("answer", _short(one.example.answer))),
        span("row-badges", *_badges(words, one)),
        type="button",
        class_="review-row",
        id=f"review-{one.row}",
        data_action="close" if opened else "open",
        data_value=str(one.row),
        aria_expanded="true" if opened else "false",
    )
    return tag("li", head, opened, class_="opened" if opened else None)


def row_name(words: Words, row: int) -> str:
    """The number people see; examples made by hand count for themselves."""
    return f"{row + 1:,}" if row >= 0 else words("data.review.by_hand", number=-row)


def _badges(words: Words, one: ReviewRow) -> Iterable[Markup]:
    if one.state:
        yield badge(words(f"data.state.{one.state}"), f"state-{one.state}")
    for check in one.checks[:2]:
        yield badge(check_name(words, check), "found")
    if len(one.checks) > 2:
        yield badge(f"+{len(one.checks) - 2}", "found")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else f"{line[:MOST_LETTERS]}…"


def _paging(words: Words, page: ReviewPage, start: int) -> Markup | None:
    if page.total <= PAGE_ROWS:
        return None
    last = start + len(page.rows)
    said = words("data.review.shown", first=f"{start + 1:,}", last=f"{last:,}", count=f"{page.total:,}")
    back = action_button(words("data.review.back"), "page", str(start - PAGE_ROWS)) if start else None
    on = action_button(words("data.review.on"), "page", str(start + PAGE_ROWS)) if last < page.total else None
    return div("paging", back, tag("span", said, class_="note"), on)


# One example ------------------------------------------------------------------------------------------------------


def opened_html(words: Words, one: ReviewRow) -> Markup:
    """A whole example, who said what of it, and what can be done; each button shows its key."""
    found = [check_name(words, check) for check in one.checks]
    checks = tag("p", words("data.review.found", checks=words("list.comma").join(found)), class_="note")
    return div(
        "opened-row",
        conversation_html(words, one.example),
        checks if found else None,
        tag("p", said_html(words, one), class_="note") if one.state else None,
        div(
            "review-keys",
            key_button(words, "approve", "a", one.row, wanted=True) if one.state not in ("approved", "added") else None,
            key_button(words, "reject", "r", one.row, wanted=one.state in ("approved", "added")),
            key_button(words, "edit", "e", one.row),
            key_button(words, "reopen", "", one.row) if one.state in ("approved", "rejected") else None,
            key_button(words, "next", "j", one.row),
            key_button(words, "previous", "k", one.row),
        ),
    )


def key_button(words: Words, action: str, key: str, row: int, *, wanted: bool = False) -> Markup:
    """A button with its key on it; `wanted` takes the focus."""
    return tag(
        "button",
        words(f"data.review.{action}"),
        tag("kbd", key.upper(), aria_hidden="true") if key else None,
        type="button",
        class_=f"key-button {action}",
        id=f"review-{action}",
        data_action=action,
        data_value=str(row),
        data_key=key or None,
        data_focus=wanted,
        aria_keyshortcuts=key.upper() or None,
    )


def said_html(words: Words, one: ReviewRow) -> str:
    """Who said it, and when."""
    state = words(f"data.state.{one.state}")
    key = "data.review.said.by" if one.who else "data.review.said"
    return words(key, state=state, who=one.who, when=local_time(one.when))


def local_time(moment: str) -> str:
    """A time of the journal as the clock on the wall shows it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""


def editor_html(words: Words, title: str, turns: Sequence[Message], row: int) -> Markup:
    """Turns to write in, a field each. What stays empty is left out."""
    fields = (_field(words, turn, number, len(turns)) for number, turn in enumerate(turns))
    buttons = (
        form_button(words, "save", row, "key-button approve"),
        form_button(words, "turn-add", row, "key-button"),
        form_button(words, "cancel", row, "key-button"),
    )
    return div("opened-row editor", tag("h4", title), *fields, div("review-keys", *buttons))


def form_button(words: Words, action: str, value: int, kind: str) -> Markup:
    """A button that sends the fields along."""
    return tag(
        "button",
        words(f"data.review.{action}"),
        type="button",
        class_=kind,
        id=f"review-{action}-{value}" if action == "turn-remove" else f"review-{action}",
        data_action=action,
        data_value=str(value),
        data_form=True,
    )


def _field(words: Words, turn: Message, number: int, num_turns: int) -> Markup:
    name = words(f"role.{turn.role}")
    text = tag(
        "textarea",
        f"\n{turn.content}",  # HTML takes the first line break of a field away
        name="content",
        rows=min(14, 1 + sum(1 + len(line) // 80 for line in turn.content.split("\n"))),
        aria_label=name,
        data_focus=number == 0,
    )
    role = tag("input", type="hidden", name="role", value=turn.role)
    remove = form_button(words, "turn-remove", number, "link") if num_turns > 2 else None
    head = div("turn-head", span("who", name), remove)
    return div(f"turn {turn.role}", head, role, text, data_item=turn.extra)
