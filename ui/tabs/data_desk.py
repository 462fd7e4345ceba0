"""What the parts of the Data tab share: work that goes on behind the page, undo, and the word that data changed."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.data.cleaners import CLEANERS
from core.errors import TailorError
from core.studio import Studio
from core.work import JobView
from ui.guard import Guard, Updates
from ui.markup import Markup, div, tag
from ui.quantities import percent
from ui.session import SECRET, Session
from ui.words import Words

TICK_S = 0.5
PARTS = ("overview", "check", "review", "split", "pictures")


@dataclass(frozen=True)
class Desk:
    """The components above the parts, and what the browser remembers for them.

    progress: what goes on; the line with Cancel is there as long as it says something (theme.css).
    changed: another value whenever the dataset that is looked at has changed.
    part: which of PARTS is open, "" until one was opened. kept: the same, found again after a reload.
    job: the work this page waits for, "" for none; found again after a reload.
    who: the name the person reviews under.
    """

    changed: gr.State
    part: gr.State
    kept: gr.BrowserState
    job: gr.BrowserState
    who: gr.BrowserState
    timer: gr.Timer
    progress: gr.HTML
    cancel: gr.Button
    undo_row: gr.Row
    undo_text: gr.HTML
    undo: gr.Button

    @property
    def followed(self) -> list[Any]:
        """Everything that work in the background changes here."""
        return [self.changed, self.job, self.timer, self.progress]

    def follow(self, words: Words, view: JobView, dataset: str, session: Session) -> Updates:
        """How a piece of work stands; once it is done, its dataset is shown.

        Raises:
            TailorError: it failed.
        """
        if view.state == "going":
            return {
                self.job: view.id,
                self.timer: gr.Timer(active=True),
                self.progress: job_html(words, view),
            }
        if view.error:
            raise view.error
        if view.state == "cancelled":
            return self.idle()
        shown = self.touched() if view.result == dataset else {session.dataset: view.result}
        return {**self.idle(), **shown}

    @staticmethod
    def view_of(studio: Studio, job: str) -> JobView | None:
        """How the work stands; None for nothing, and for what a program did that has ended."""
        with suppress(TailorError):
            return studio.job(job) if job else None
        return None

    def idle(self) -> Updates:
        """Nothing goes on."""
        return {self.job: "", self.timer: gr.Timer(active=False), self.progress: ""}

    def touched(self) -> Updates:
        """Says to every part that the dataset has changed."""
        return {self.changed: secrets.token_hex(4)}


def build_desk(words: Words) -> Desk:
    """The line of what goes on, and the line of what can be taken back."""
    with gr.Row(elem_classes="work-line", elem_id="data-work"):
        progress = gr.HTML("", elem_id="data-progress", elem_classes="grow")
        cancel = gr.Button(words("data.cancel"), elem_id="data-cancel", min_width=96, size="md")
    with gr.Row(visible=False, elem_classes="work-line") as undo_row:
        undo_text = gr.HTML("", elem_id="data-last", elem_classes="grow")
        undo = gr.Button(words("data.undo"), elem_id="data-undo", min_width=96, size="md")
    return Desk(
        changed=gr.State(""),
        part=gr.State(""),
        kept=gr.BrowserState("", storage_key="tailor.part", secret=SECRET),
        job=gr.BrowserState("", storage_key="tailor.job", secret=SECRET),
        who=gr.BrowserState("", storage_key="tailor.reviewer", secret=SECRET),
        timer=gr.Timer(TICK_S, active=False),
        progress=progress,
        cancel=cancel,
        undo_row=undo_row,
        undo_text=undo_text,
        undo=undo,
    )


def job_html(words: Words, view: JobView) -> Markup:
    """What it does now, how far it is, how fast."""
    stage = words(f"data.stage.{view.stage or 'begins'}")
    if view.stage == "comparing":
        return _with_bar(stage, view.done / view.total if view.total else 0.0)
    counted = words.count("data.work.rows", view.done) if view.done else ""
    speed = words("data.work.speed", speed=f"{view.rows_per_s:,.0f}") if view.done and view.seconds > 1 else ""
    line = words("list.comma").join(part for part in (stage, counted, speed) if part)
    return _with_bar(line, view.done / view.total if view.total else 0.0)


def _with_bar(text: str, share: float) -> Markup:
    bar = div("bar-fill", style=f"width: {share:.1%}") if share else div("bar-fill unknown")
    shown = tag("div", tag("span", text), tag("span", percent(share)) if share else None, class_="run-line")
    return div("work", shown, div("bar", bar), role="status")


def undo_updates(desk: Desk, words: Words, last: str) -> Updates:
    """What undo would take back."""
    text = tag("p", words("data.last", what=change_name(words, last)), class_="note") if last else ""
    return {desk.undo_row: gr.Row(visible=bool(last)), desk.undo_text: text}


def change_name(words: Words, last: str) -> str:
    """A change as people call it: a setting, a decision about a row, or the checks that were set."""
    key = f"data.change.{last}"
    if key in words.texts:
        return words(key)
    known = [name for name in last.split() if name in CLEANERS.names()]
    named = words("list.comma").join(words.core(f"cleaner.{name}.label", CLEANERS.get(name).label) for name in known)
    return words("data.change.check", check=named)


@dataclass(frozen=True)
class DeskCalls:
    """What the desk's buttons and its clock do."""

    desk: Desk
    words: Words
    studio: Studio
    session: Session

    def stop(self, job: str) -> Updates:
        """Asks the work to stop."""
        if not job:
            return {}
        with suppress(TailorError):
            self.studio.cancel_job(job)
        return {self.desk.progress: _with_bar(self.words("data.cancelling"), 0.0)}

    def undo(self, dataset: str) -> Updates:
        """Takes the last change back."""
        return self.desk.follow(self.words, self.studio.undo(dataset), dataset, self.session)

    def arrive(self, dataset: str, job: str) -> Updates:
        """A page that opens finds its work again."""
        view = self.desk.view_of(self.studio, job)
        if view is None or view.error:
            return self.desk.idle()
        return self.desk.follow(self.words, view, dataset, self.session)


def wire_desk(desk: Desk, guard: Guard, studio: Studio, session: Session, load: Any) -> None:
    """Its events; `load` is that of a page that opens."""
    calls = DeskCalls(desk, guard.words, studio, session)
    here, reads = {"dataset": session.dataset}, {"dataset": session.dataset, "job": desk.job}
    shown = [session.dataset, *desk.followed]
    guard.bind(desk.cancel.click, call=calls.stop, reads={"job": desk.job}, writes=[desk.progress])
    guard.bind(desk.undo.click, call=calls.undo, reads=here, writes=shown)
    guard.bind(load, call=calls.arrive, reads=reads, writes=shown, quiet=True)
