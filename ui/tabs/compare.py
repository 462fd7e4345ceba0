"""Compare: one question, both answers side by side, growing as they are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.chat.conversation import Answers, Conversation, Side
from core.chat.settings import ChatSettings
from core.data.examples import Message
from core.data.samples import SAMPLES
from core.knobs import build_options, knobs_of
from core.runs.store import RunView
from core.studio import Studio
from ui.forms import fields, read
from ui.guard import Guard, Updates
from ui.markup import Markup, div, join, span, tag
from ui.pieces import ACTIONS, Top, action_button, bubble, build_top
from ui.quantities import number, percent, when
from ui.session import Session
from ui.words import Words, is_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable

NUM_SUGGESTIONS = 6
SETTINGS = knobs_of(ChatSettings)


@dataclass(frozen=True)
class CompareTab:
    """The components of the tab. The conversation belongs to the browser's tab alone."""

    top: Top
    run: gr.Dropdown
    system: gr.Textbox
    settings: dict[str, Any]
    waits: gr.HTML
    base: gr.HTML
    tuned: gr.HTML
    suggestions: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    retry: gr.Button
    clear: gr.Button
    conversation: gr.State

    @property
    def panes(self) -> list[Any]:
        """What an answer changes."""
        return [self.base, self.tuned, self.conversation, self.send, self.stop, self.question]

    @property
    def shown(self) -> list[Any]:
        """What a run fills."""
        return [self.top.next, self.run, self.waits, self.suggestions, *self.panes]


# Presenters -------------------------------------------------------------------------------------------------


def pane_html(words: Words, conversation: Conversation, side: Side) -> Markup:
    """The conversation as one side knows it; an answer in progress ends in a caret."""
    bubbles: list[Markup] = []
    for turn in conversation.turns:
        bubbles.append(bubble(words, Message("user", turn.question)))
        bubbles.append(_answer(words, turn.answers, side))
    return join(*bubbles) if bubbles else tag("p", words(f"compare.{side}.empty"), class_="note")


def _answer(words: Words, answers: Answers | None, side: Side) -> Markup:
    text = answers.of(side) if answers else ""
    if not text.strip():
        silent = answers is not None and answers.done
        return div(
            f"bubble assistant {side}",
            span("who", words(f"compare.{side}")),
            tag("p", words("compare.silent") if silent else "…"),
        )
    grown = bubble(words, Message("assistant", text), side)
    return grown if answers is None or not answers.done else join(grown, _measure(words, answers, side))


def _measure(words: Words, answers: Answers, side: Side) -> Markup | None:
    tokens = answers.base_tokens if side == "base" else answers.tuned_tokens
    return (
        tag("p", words("compare.measure", tokens=tokens, seconds=number(answers.seconds, 1)), class_="measure")
        if tokens
        else None
    )


def suggestions_html(words: Words, run: RunView) -> Markup:
    """Held-back questions of the sample the run learned from, in the reader's language: none was in the data."""
    if run.plan.title not in SAMPLES:
        return Markup("")
    questions = [question.text for question in SAMPLES.get(run.plan.title).questions]
    spoken = [text for text in questions if is_chinese(text) == (words.language == "zh")] or questions
    spread = spoken[:: max(1, len(spoken) // NUM_SUGGESTIONS)][:NUM_SUGGESTIONS]
    chips = (action_button(question, "ask", question, class_="chip") for question in spread)
    return div("suggestions", tag("p", words("compare.suggestions"), class_="note"), div("chips", *chips))


def waits_html(words: Words, active: RunView | None) -> Markup:
    """While training has the device: what this waits for, how long, and what to do."""
    if active is None:
        return Markup("")
    share = percent(active.status.share_done)
    return div(
        "waits",
        span("pulse", aria_hidden="true"),
        tag("p", words("compare.waits", title=active.plan.title, share=share)),
        role="status",
    )


def run_choices(words: Words, runs: "Iterable[RunView]") -> list[tuple[str, str]]:
    """The runs that have learned something."""
    usable = [run for run in runs if run.has_result]
    return [
        (
            words(
                "compare.run.name", title=run.plan.title, state=words(f"state.{run.status.state}"), when=when(run.id)
            ),
            run.id,
        )
        for run in usable
    ]


def panes_updates(tab: CompareTab, words: Words, conversation: Conversation, *, going: bool) -> Updates:
    """Both panes, and the buttons that fit."""
    return {
        tab.base: pane_html(words, conversation, "base"),
        tab.tuned: pane_html(words, conversation, "tuned"),
        tab.conversation: conversation,
        tab.send: gr.Button(interactive=not going),
        tab.stop: gr.Button(visible=going),
    }


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words) -> CompareTab:
    """The components."""
    top = build_top(words, "compare", "compare-next")
    with gr.Row(elem_classes="columns"):
        with gr.Column(elem_classes="decide", min_width=280):
            run = gr.Dropdown([], label=words("compare.run"), elem_id="compare-run")
            system = gr.Textbox(
                label=words("compare.system"), info=words("compare.system.help"), lines=2, elem_id="compare-system"
            )
            with gr.Accordion(words("compare.settings"), open=False):
                settings = fields(SETTINGS, words, "chat")
        with gr.Column(elem_classes="see", min_width=320):
            waits = gr.HTML("", elem_id="compare-waits")
            with gr.Row(elem_classes="panes"):
                base, tuned = _pane(words, "base"), _pane(words, "tuned")
            suggestions = gr.HTML("", js_on_load=ACTIONS, elem_id="compare-suggestions")
            question = gr.Textbox(
                label=words("compare.question"),
                placeholder=words("compare.question.hint"),
                lines=1,
                max_lines=6,
                elem_id="compare-question",
            )
            with gr.Row(elem_classes="button-row"):
                send = gr.Button(
                    words("compare.send"), elem_id="compare-send", elem_classes="accent-button", min_width=96
                )
                stop = gr.Button(words("compare.stop"), elem_id="compare-stop", visible=False, min_width=96)
                retry = gr.Button(words("compare.retry"), elem_id="compare-retry", min_width=96)
                clear = gr.Button(words("compare.clear"), elem_id="compare-clear", min_width=96)
    return CompareTab(
        top=top,
        run=run,
        system=system,
        settings=settings,
        waits=waits,
        base=base,
        tuned=tuned,
        suggestions=suggestions,
        question=question,
        send=send,
        stop=stop,
        retry=retry,
        clear=clear,
        conversation=gr.State(Conversation()),
    )


def _pane(words: Words, side: Side) -> gr.HTML:
    with gr.Column(elem_classes=f"pane {side}", min_width=240):
        gr.HTML(join(tag("h3", words(f"compare.{side}")), tag("p", words(f"compare.{side}.help"), class_="note")))
        return gr.HTML(pane_html(words, Conversation(), side), elem_id=f"compare-{side}", elem_classes="answers")


@dataclass(frozen=True)
class CompareCalls:
    """What the buttons of the tab do. The page binds `show` to a new run and to the tab."""

    tab: CompareTab
    words: Words
    studio: Studio
    session: Session

    def show(self, run: str) -> Updates:
        """Which runs can be asked, and whether the device is free."""
        choices, active = run_choices(self.words, self.studio.runs.list()), self.studio.active_run()
        usable = run in [id for _, id in choices]
        label = self.words("compare.next" if usable else "compare.next.waiting")
        return {
            self.tab.run: gr.Dropdown(choices=choices, value=run if usable else None),
            self.tab.waits: waits_html(self.words, active),
            self.tab.suggestions: suggestions_html(self.words, self.studio.run(run)) if usable else "",
            self.tab.send: gr.Button(interactive=usable and active is None),
            self.tab.top.next: gr.Button(label, interactive=usable),
        }

    def ask(
        self, run: str | None, question: str, system: str, conversation: Conversation, **raw: Any
    ) -> Iterator[Updates]:
        """Both models' answers to what was typed."""
        if run and question.strip():
            asked = Conversation(system, conversation.turns).asked(question.strip())
            yield from self._answered(run, asked, raw)

    def suggest(self, event: gr.EventData, **reads: Any) -> Iterator[Updates]:
        """Both models' answers to a suggested question."""
        yield from self.ask(question=str(event.value), **reads)

    def retry(self, run: str | None, conversation: Conversation, **raw: Any) -> Iterator[Updates]:
        """The last question once more."""
        if run and conversation.turns:
            yield from self._answered(run, conversation.without_last_answer(), raw)

    def halt(self, conversation: Conversation) -> Updates:
        """What was written so far stays."""
        return panes_updates(self.tab, self.words, conversation, going=False)

    def clear(self) -> Updates:
        """Nothing said yet."""
        return panes_updates(self.tab, self.words, Conversation(), going=False)

    def pick(self, run: str | None) -> Updates:
        """Another run, and a conversation of its own."""
        return {self.session.run: run or "", **self.clear()}

    def _answered(self, run: str, conversation: Conversation, raw: dict[str, Any]) -> Iterator[Updates]:
        settings = build_options(ChatSettings, read(SETTINGS, raw))
        yield {**panes_updates(self.tab, self.words, conversation, going=True), self.tab.question: ""}
        for answers in self.studio.ask(run, conversation, settings):
            yield panes_updates(self.tab, self.words, conversation.answered(answers), going=not answers.done)


def wire(tab: CompareTab, guard: Guard, studio: Studio, session: Session) -> CompareCalls:
    """Asking, stopping, starting over."""
    calls = CompareCalls(tab, guard.words, studio, session)
    talk: dict[str, Any] = {"run": tab.run, "conversation": tab.conversation, **tab.settings}
    with_system = {**talk, "system": tab.system}
    said = {"conversation": tab.conversation}
    one: dict[str, Any] = {"concurrency_id": "chat", "concurrency_limit": 1, "writes": tab.panes}

    typed = {**with_system, "question": tab.question}
    asked = guard.bind(tab.send.click, tab.question.submit, call=calls.ask, reads=typed, **one)
    suggested = guard.bind(tab.suggestions.select, call=calls.suggest, reads=with_system, **one)
    again = guard.bind(tab.retry.click, call=calls.retry, reads=talk, **one)
    going = [asked, suggested, again]
    guard.bind(tab.stop.click, call=calls.halt, reads=said, writes=tab.panes, cancels=going)
    guard.bind(tab.clear.click, call=calls.clear, writes=tab.panes, cancels=going)
    guard.bind(tab.run.input, call=calls.pick, reads={"run": tab.run}, writes=[session.run, *tab.panes], cancels=going)
    return calls
