"""Runs: every run there is; open one, go on with it, delete it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from core.runs.queue import waiting
from core.runs.store import RunView
from core.strategies import STRATEGIES
from core.studio import Studio
from ui.guard import Guard, Updates
from ui.markup import Markup, div, join, tag
from ui.pieces import ACTIONS, Top, action_button, build_top, empty_state, state_badge
from ui.quantities import number, when
from ui.session import Session
from ui.words import Words

# The question stands above the table, perhaps out of sight: the focus goes to its harmless answer.
ASKED_JS = """
const answer = () => requestAnimationFrame(() => document.getElementById('runs-delete-no')?.focus());
watch('value', answer);
answer();
"""


@dataclass(frozen=True)
class RunsTab:
    """The components of the tab; `doomed` is the run that waits for a yes before it is deleted."""

    top: Top
    table: gr.HTML
    confirm: gr.Column
    question: gr.HTML
    delete: gr.Button
    keep: gr.Button
    doomed: gr.State

    @property
    def shown(self) -> list[Any]:
        """What the list of runs fills."""
        return [self.top.next, self.table]

    @property
    def asked(self) -> list[Any]:
        """The question before a run is deleted. Only its own answers put it away: a list that is drawn anew while a
        person reads it must not."""
        return [self.confirm, self.question, self.doomed]


# Presenters -------------------------------------------------------------------------------------------------


def table_html(words: Words, runs: Iterable[RunView], watched: str = "") -> Markup:
    """First those that wait, in their order, then all others, newest first; each with what can be done with it."""
    listed = list(runs)
    places = {run.id: place for place, run in enumerate(waiting(listed), 1)}
    listed = sorted(listed, key=lambda run: places.get(run.id, len(places) + 1))
    if not listed:
        return empty_state(words("runs.empty.title"), words("runs.empty.text"))
    names = ("state", "name", "base", "strategy", "best", "when", "actions")
    header = tag("tr", *(tag("th", words(f"runs.{name}"), scope="col") for name in names))
    lineage = {run.id: _parent(words, run, listed) for run in listed}
    rows = (_row(words, run, run.id == watched, places.get(run.id, 0), lineage[run.id]) for run in listed)
    return tag("div", tag("table", tag("thead", header), tag("tbody", *rows)), class_="table-holder")


def _parent(words: Words, run: RunView, runs: Iterable[RunView]) -> str:
    """Which earlier run this one builds on; nothing for one that began at its base model."""
    id = Path(run.plan.continue_from).name
    if not id:
        return ""
    parent = next((other for other in runs if other.id == id), None)
    if parent is None:
        return words("runs.parent.gone", id=id)
    return words("runs.parent", title=parent.plan.title, when=when(id))


def _search(words: Words, run: RunView) -> str:
    minutes = run.plan.search_minutes
    return words("runs.search", minutes=f"{minutes:g}") if minutes else ""


def _row(words: Words, run: RunView, watched: bool, place: int, parent: str) -> Markup:
    plan, status = run.plan, run.status
    notes = [note for note in (parent, _search(words, run)) if note]
    strategy = words.core(f"strategy.{plan.strategy}.label", STRATEGIES.get(plan.strategy).label)
    cells = (
        ("state", state_badge(words, status, place)),
        ("name", join(tag("strong", plan.title), *(div("note", note) for note in notes))),
        ("base", plan.base),
        ("strategy", strategy),
        ("best", number(status.best_loss)),
        ("when", when(run.id)),
        ("actions", tag("div", *_actions(words, run), class_="row-actions")),
    )
    marked = "watched" if watched else None
    return tag(
        "tr",
        *(tag("td", cell, data_label=words(f"runs.{name}"), class_=name) for name, cell in cells),
        class_=marked,
        data_run=run.id,
    )


def _actions(words: Words, run: RunView) -> list[Markup]:
    queued = run.status.state == "queued"
    offered = [
        ("open", True),
        ("up", queued),
        ("down", queued),
        ("cancel", queued),
        ("compare", run.has_result),
        ("resume", run.is_resumable),
        ("continue", run.has_result and not (run.status.is_active or queued)),
        ("delete", not (run.status.is_active or queued)),
    ]
    title = run.plan.title
    return [
        action_button(
            words(f"runs.{name}"), name, run.id, label=words("runs.action", action=words(f"runs.{name}"), title=title)
        )
        for name, possible in offered
        if possible
    ]


def list_updates(tab: RunsTab, words: Words, runs: tuple[RunView, ...], watched: str) -> Updates:
    """The table, and the way to something new."""
    return {
        tab.table: table_html(words, runs, watched),
        tab.top.next: gr.Button(words("runs.next"), interactive=True),
    }


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words) -> RunsTab:
    """The components."""
    top = build_top(words, "runs", "runs-next")
    with gr.Column(visible=False, elem_classes="confirm", elem_id="runs-confirm") as confirm:
        question = gr.HTML("", js_on_load=ASKED_JS)
        with gr.Row(elem_classes="button-row"):
            delete = gr.Button(words("runs.delete.yes"), variant="stop", elem_id="runs-delete-yes", min_width=120)
            keep = gr.Button(words("runs.delete.no"), elem_id="runs-delete-no", min_width=120)
    table = gr.HTML(
        empty_state(words("runs.empty.title"), words("runs.empty.text")), js_on_load=ACTIONS, elem_id="runs-table"
    )
    return RunsTab(top, table, confirm, question, delete, keep, gr.State(""))


@dataclass(frozen=True)
class RunsCalls:
    """What the page binds: showing the list, and an action of a row, which may go on to another tab."""

    show: Callable[[str], Updates]
    act: Callable[[str, str, str], Updates]


def wire(tab: RunsTab, guard: Guard, studio: Studio, session: Session) -> RunsCalls:
    """Deleting, with the question before it."""
    words = guard.words

    def show(run: str) -> Updates:
        return list_updates(tab, words, studio.runs.list(), run)

    def act(action: str, chosen: str, run: str) -> Updates:
        if action in ("up", "down"):
            studio.move(chosen, "up" if action == "up" else "down")
            return show(run)
        if action == "cancel":
            studio.stop(chosen)
            return show(run)
        if action == "delete":
            title = studio.run(chosen).plan.title
            asked = join(tag("h3", words("runs.delete.title", title=title)), tag("p", words("runs.delete.text")))
            return {tab.confirm: gr.Column(visible=True), tab.question: asked, tab.doomed: chosen}
        if action == "resume":
            studio.resume(chosen)
        return {session.run: chosen}

    def keep() -> Updates:
        return {tab.confirm: gr.Column(visible=False), tab.doomed: ""}

    def delete(run: str, doomed: str) -> Updates:
        studio.delete_run(doomed)
        left = "" if run == doomed else run
        return {session.run: left, **show(left), **keep()}

    reads = {"run": session.run, "doomed": tab.doomed}
    guard.bind(tab.delete.click, call=delete, reads=reads, writes=[session.run, *tab.shown, *tab.asked])
    guard.bind(tab.keep.click, call=keep, writes=tab.asked)
    return RunsCalls(show, act)
