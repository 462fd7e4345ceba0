"""Compare: one question, both answers side by side, growing as they are written."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from core.chat.conversation import Conversation, Side
from core.chat.settings import ChatSettings
from core.errors import DatasetMissing
from core.knobs import build_options, knobs_of
from core.runs.store import RunView
from core.studio import Studio
from core.workspace import ASSETS
from ui.forms import fields, read
from ui.guard import Guard, Updates
from ui.markup import join, tag
from ui.pieces import ACTIONS, Top, build_top
from ui.session import Session
from ui.tabs.compare_views import own_questions_html, pane_html, run_choices, suggestions_html, waits_html
from ui.words import Words

SETTINGS = knobs_of(ChatSettings)
FOLLOW = ASSETS / "follow.js"


@dataclass(frozen=True)
class CompareTab:
    """The components of the tab. The conversation belongs to the browser's tab alone.

    pending: the question that was typed and whose answer has not begun; it is no part of the conversation yet.
    talk: the name of the conversation of now; clearing and another run begin a new one.
    owner: the talk that conversation and pending belong to. An answer that writes late writes for a talk that is over.
    """

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
    pending: gr.State
    talk: gr.State
    owner: gr.State

    @property
    def panes(self) -> list[Any]:
        """What an answer changes."""
        said = [self.conversation, self.pending, self.owner]
        return [self.base, self.tuned, *said, self.send, self.stop, self.question]

    @property
    def renewed(self) -> list[Any]:
        """What another conversation changes."""
        return [*(part for part in self.panes if part is not self.send), self.talk]

    @property
    def said(self) -> dict[str, Any]:
        """What was said so far, and in which conversation, for a callback."""
        return {"conversation": self.conversation, "talk": self.talk, "owner": self.owner}

    @property
    def shown(self) -> list[Any]:
        """What a run fills."""
        return [self.top.next, self.run, self.waits, self.suggestions, *self.panes]


# Presenters -------------------------------------------------------------------------------------------------


def panes_updates(tab: CompareTab, words: Words, conversation: Conversation, *, going: bool, talk: str = "") -> Updates:
    """Both panes, and the buttons that fit."""
    return {
        tab.base: pane_html(words, conversation, "base"),
        tab.tuned: pane_html(words, conversation, "tuned"),
        tab.conversation: conversation,
        tab.pending: "",
        tab.owner: talk,
        tab.send: gr.Button(interactive=not going),
        tab.stop: gr.Button(visible=going),
    }


def idle_updates(tab: CompareTab, words: Words, conversation: Conversation, question: str, talk: str) -> Updates:
    """The panes at rest; a question whose answer never began goes back into its box."""
    updates = {
        **panes_updates(tab, words, _ended(conversation), going=False, talk=talk),
        tab.stop: gr.Button(visible=False, interactive=True),
    }
    return {**updates, tab.question: question} if question else updates


def _ended(conversation: Conversation) -> Conversation:
    """With the last answer as far as it came."""
    answers = conversation.turns[-1].answers if conversation.turns else None
    return conversation.answered(replace(answers, done=True)) if answers else conversation


def sample_of(studio: Studio, run: RunView) -> str:
    """The name of the sample a run learned from; nothing for a person's own data, or data that were deleted."""
    try:
        return studio.dataset(run.plan.dataset).sample
    except DatasetMissing:
        return ""


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
                retry = gr.Button(words("compare.retry"), elem_id="compare-retry", min_width=96)
                clear = gr.Button(words("compare.clear"), elem_id="compare-clear", min_width=96)
                stop = gr.Button(words("compare.stop"), elem_id="compare-stop", visible=False, min_width=96)
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
        pending=gr.State(""),
        talk=gr.State(""),
        owner=gr.State(""),
    )


def _pane(words: Words, side: Side) -> gr.HTML:
    with gr.Column(elem_classes=f"pane {side}", min_width=240):
        gr.HTML(join(tag("h3", words(f"compare.{side}")), tag("p", words(f"compare.{side}.help"), class_="note")))
        return gr.HTML(
            pane_html(words, Conversation(), side),
            js_on_load=FOLLOW.read_text(encoding="utf-8"),
            elem_id=f"compare-{side}",
            elem_classes="answers",
        )


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
            self.tab.suggestions: self._suggestions(run) if usable else "",
            self.tab.send: gr.Button(interactive=usable and active is None),
            self.tab.top.next: gr.Button(label, interactive=usable),
        }

    def ask(
        self,
        run: str | None,
        question: str,
        system: str,
        conversation: Conversation,
        *,
        talk: str = "",
        owner: str = "",
        **raw: Any,
    ) -> Iterator[Updates]:
        """Both models' answers to what was typed."""
        typed, said = question.strip(), conversation if owner == talk else Conversation()
        if run and typed:
            waiting = {self.tab.conversation: said, self.tab.pending: typed, self.tab.question: ""}
            yield from self._answered(run, Conversation(system, said.turns).asked(typed), raw, waiting, talk)

    def suggest(self, event: gr.EventData, **reads: Any) -> Iterator[Updates]:
        """Both models' answers to a suggested question."""
        yield from self.ask(question=str(event.value), **reads)

    def retry(
        self, run: str | None, conversation: Conversation, *, talk: str = "", owner: str = "", **raw: Any
    ) -> Iterator[Updates]:
        """The last question once more; its answer is kept until a new one begins."""
        if run and conversation.turns and owner == talk:
            waiting = {self.tab.conversation: conversation}
            yield from self._answered(run, conversation.asked_again(), raw, waiting, talk)

    def settle(self, conversation: Conversation, pending: str, talk: str = "", owner: str = "") -> Updates:
        """The panes at rest once an answer has ended, was stopped or refused. What was written so far stays, unless
        another conversation has begun meanwhile."""
        said, question = (conversation, pending) if owner == talk else (Conversation(), "")
        return idle_updates(self.tab, self.words, said, question, talk)

    def halt(self) -> Updates:
        """Heard; the panes settle when the answer has really ended, for before that no other can be asked for."""
        return {self.tab.stop: gr.Button(interactive=False)}

    def renew(self) -> Updates:
        """Nothing said yet, in a conversation of its own. Whether one may ask is for `show` and `settle` to say."""
        talk = secrets.token_hex(4)
        updates = panes_updates(self.tab, self.words, Conversation(), going=False, talk=talk)
        return {part: value for part, value in updates.items() if part is not self.tab.send} | {self.tab.talk: talk}

    def pick(self, run: str | None) -> Updates:
        """Another run."""
        return {self.session.run: run or ""}

    def _suggestions(self, run: str) -> str:
        sample = sample_of(self.studio, self.studio.run(run))
        if sample:
            return suggestions_html(self.words, sample)
        return own_questions_html(self.words, self.studio.held_back(run))

    def _answered(
        self, run: str, conversation: Conversation, raw: dict[str, Any], waiting: Updates, talk: str
    ) -> Iterator[Updates]:
        """The panes with the question, and `waiting` until the first word; then with the answers as they grow."""
        settings = build_options(ChatSettings, read(SETTINGS, raw))
        yield {**panes_updates(self.tab, self.words, conversation, going=True, talk=talk), **waiting}
        for answers in self.studio.ask(run, conversation, settings):
            if answers.base or answers.tuned or answers.done:
                said = conversation.answered(answers)
                yield panes_updates(self.tab, self.words, said, going=True, talk=talk)


def wire(tab: CompareTab, guard: Guard, studio: Studio, session: Session) -> CompareCalls:
    """Asking, stopping, starting over."""
    calls = CompareCalls(tab, guard.words, studio, session)
    talk: dict[str, Any] = {"run": tab.run, **tab.said, **tab.settings}
    with_system = {**talk, "system": tab.system}
    said = {**tab.said, "pending": tab.pending}
    one: dict[str, Any] = {"concurrency_id": "chat", "concurrency_limit": 1, "writes": tab.panes}

    typed = {**with_system, "question": tab.question}
    asked = guard.bind(tab.send.click, tab.question.submit, call=calls.ask, reads=typed, **one)
    suggested = guard.bind(tab.suggestions.select, call=calls.suggest, reads=with_system, **one)
    again = guard.bind(tab.retry.click, call=calls.retry, reads=talk, **one)
    going = [asked, suggested, again]
    for answer in going:  # runs however the answer ended: whole, refused or cancelled
        guard.bind(after=answer, call=calls.settle, reads=said, writes=tab.panes, quiet=True)
    guard.bind(tab.stop.click, call=calls.halt, writes=[tab.stop], cancels=going)
    anew: dict[str, Any] = {"call": calls.renew, "writes": tab.renewed, "cancels": going}
    guard.bind(tab.clear.click, **anew)
    guard.bind(session.run.change, quiet=True, **anew)
    guard.bind(tab.run.input, call=calls.pick, reads={"run": tab.run}, writes=[session.run])
    return calls
