"""The whole page: the tabs in order, and every event that crosses from one to another. No such event is elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from core.runs.queue import going, waiting
from core.studio import Studio
from ui import header as top
from ui.guard import Guard, Updates
from ui.session import Ids, Session, arrival, build_session, known_run, landing, recall
from ui.tabs import compare, data, export, plan, runs, train
from ui.tabs.plan_choice import base_choices
from ui.tabs.plan_form import PlanTab
from ui.words import LANGUAGES, Words, words_for

KEEP_UPLOADS_S = 24 * 3600  # Gradio's own copies of uploads; the workspace has ours
TICK_S = 1.0


@dataclass(frozen=True)
class Page:
    """Everything one language of the page consists of."""

    words: Words
    session: Session
    guard: Guard
    header: top.Header
    tabs: gr.Tabs
    tab: dict[str, gr.Tab]
    data: data.DataTab
    plan: PlanTab
    train: train.TrainTab
    compare: compare.CompareTab
    export: export.ExportTab
    runs: runs.RunsTab


def build_page(studio: Studio) -> gr.Blocks:
    """The page in every language: English at /, the others each at a path of their own."""
    first, *others = (words_for(language) for language in LANGUAGES)
    with gr.Blocks(
        title=first("app.name"), fill_width=True, analytics_enabled=False, delete_cache=(KEEP_UPLOADS_S, KEEP_UPLOADS_S)
    ) as blocks:
        _wire(_build(first, studio), studio, blocks)
    for words in others:
        with blocks.route(words.language, f"/{words.language}", show_in_navbar=False):
            _wire(_build(words, studio), studio, blocks)
    return blocks


def _build(words: Words, studio: Studio) -> Page:
    gr.Navbar(visible=False)
    session = build_session()
    place = str(studio.workspace.root)
    header = top.build_header(words)
    notice = gr.HTML("", elem_id="notice")
    built: dict[str, Any] = {}
    tab: dict[str, gr.Tab] = {}
    modules = {"plan": plan, "train": train, "compare": compare, "export": export, "runs": runs}
    with gr.Tabs(elem_id="tabs", overflow_behavior="wrap", selected="data") as tabs:
        for name in top.TABS:
            with gr.Tab(words(f"{name}.tab"), id=name, elem_id=f"tab-{name}") as tab[name]:
                built[name] = data.build(words, place) if name == "data" else modules[name].build(words)
    gr.HTML(top.footer_html(words, place), elem_classes="footer")
    return Page(words=words, session=session, guard=Guard(words, notice), header=header, tabs=tabs, tab=tab, **built)


@dataclass(frozen=True)
class Calls:
    """What each tab shows for a run or a dataset; bound below to whatever changes them."""

    plan: plan.PlanCalls
    train: Any
    compare: compare.CompareCalls
    export: Any
    runs: runs.RunsCalls


def _wire(page: Page, studio: Studio, blocks: gr.Blocks) -> None:
    guard, session = page.guard, page.session
    data.wire(page.data, guard, studio, session, blocks.load)
    calls = Calls(
        plan=plan.wire(page.plan, guard, studio, session),
        train=train.wire(page.train, guard, studio, session),
        compare=compare.wire(page.compare, guard, studio, session),
        export=export.wire(page.export, guard, studio, session),
        runs=runs.wire(page.runs, guard, studio, session),
    )
    _wire_arrival(page, studio, blocks)
    _wire_journey(page, calls)
    _wire_run(page, studio, calls)
    _wire_clock(page, studio, calls)


def _wire_arrival(page: Page, studio: Studio, blocks: gr.Blocks) -> None:
    """A page that opens: what the browser remembers, then what this machine has."""
    session, words = page.session, page.words

    def arrive(remembered: Any, dataset: str, run: str, tab: str) -> Updates:
        found = recall(studio, remembered)
        updates: Updates = dict(arrival(session, found, chosen=Ids(dataset, run)))
        landed = landing(studio, remembered, found)
        if tab or landed == top.TABS[0]:  # the first is open already; to go there would undo an early click on another
            return updates
        return {**updates, session.tab: landed, **_go(page, landed)}

    def look_around(dataset: str, run: str) -> Updates:
        choices = base_choices(words, studio.bases())
        return {
            page.header.steps: _steps(words, studio, Ids(dataset, run)),
            page.header.device: top.device_html(words, studio.device()),
            page.plan.base: gr.Dropdown(choices=choices),
        }

    ids = {"dataset": session.dataset, "run": session.run}
    arrived = page.guard.bind(
        blocks.load,
        call=arrive,
        reads={"remembered": session.remembered, **ids, "tab": session.tab},
        writes=[session.dataset, session.run, session.tab, page.tabs],
        quiet=True,
    )
    around = [page.header.steps, page.header.device, page.plan.base]
    page.guard.bind(after=arrived, call=look_around, reads=ids, writes=around, quiet=True)
    _wire_memory(page, studio)


def _wire_memory(page: Page, studio: Studio) -> None:
    """What the browser remembers: the ids and the open tab, each time one of them changes."""
    session = page.session

    def remember(dataset: str, run: str, tab: str) -> Updates:
        ids = Ids(dataset, run)
        return {session.remembered: {**vars(ids), "tab": tab}, page.header.steps: _steps(page.words, studio, ids)}

    def stay(name: str, dataset: str, run: str, tab: str) -> Updates:
        if name == top.TABS[0] and not tab:
            return {}  # a page that opens selects its first tab by itself
        return {session.tab: name, session.remembered: {**vars(Ids(dataset, run)), "tab": name}}

    ids = {"dataset": session.dataset, "run": session.run, "tab": session.tab}
    changes, written = (session.dataset.change, session.run.change), [session.remembered, page.header.steps]
    page.guard.bind(*changes, call=remember, reads=ids, writes=written, quiet=True)
    for name, tab in page.tab.items():
        kept = [session.tab, session.remembered]
        page.guard.bind(tab.select, call=partial(stay, name), reads=ids, writes=kept, quiet=True)


def _wire_journey(page: Page, calls: Calls) -> None:
    """From each tab's primary button to the next tab; Plan is checked whenever it is opened."""
    ways = {
        page.data.top.next: "plan",
        page.train.top.next: "compare",
        page.compare.top.next: "export",
        page.export.own: "data",
        page.runs.top.next: "data",
        page.header.run: "train",
    }
    for button, goal in ways.items():
        page.guard.bind(button.click, call=partial(_go, page, goal), writes=[page.tabs])

    def start(begin: Callable[..., Updates], **form: Any) -> Updates:
        begun = begin(**form)
        return {**begun, **calls.train(begun[page.session.run]), **_go(page, "train")}

    form = {"dataset": page.session.dataset, **page.plan.reads}
    # Train is filled at once: not "no run yet" until the change of the run is heard.
    begins: dict[str, Any] = {
        "writes": [page.session.run, page.tabs, *page.train.shown],
        "busy": page.plan.starting,
    }
    page.guard.bind(page.plan.top.next.click, call=partial(start, calls.plan.start), reads=form, **begins)
    minutes = {**form, "minutes": page.plan.search.minutes}
    page.guard.bind(page.plan.search.go.click, call=partial(start, calls.plan.look), reads=minutes, **begins)
    page.guard.bind(
        page.tab["plan"].select,
        call=calls.plan.open,
        reads=form,
        writes=page.plan.opened,
        busy=page.plan.opening,
        **plan.ONE_AT_A_TIME,
    )


def _wire_run(page: Page, studio: Studio, calls: Calls) -> None:
    """A run that is looked at, wherever it was chosen, is shown in Train, Compare and Export."""

    def show(run: str) -> Updates:
        return {**calls.train(run), **calls.compare.show(run), **calls.export(run), page.session.seen: ""}

    def act(event: gr.EventData, run: str, dataset: str) -> Updates:
        if event.action == "continue":
            return {**calls.plan.build_on(str(event.value), dataset), **_go(page, "plan")}
        goal = {"open": "train", "resume": "train", "compare": "compare"}.get(str(event.action))
        updates = calls.runs.act(str(event.action), str(event.value), run)
        return {**updates, **calls.train(str(event.value)), **_go(page, goal)} if goal else updates

    run = {"run": page.session.run}
    shown = [*page.train.shown, *page.compare.shown, *page.export.shown, page.session.seen]
    page.guard.bind(page.session.run.change, call=show, reads=run, writes=shown, quiet=True)
    page.guard.bind(
        page.tab["compare"].select, call=calls.compare.show, reads=run, writes=page.compare.shown, quiet=True
    )
    page.guard.bind(page.tab["runs"].select, call=calls.runs.show, reads=run, writes=page.runs.shown, quiet=True)
    acted = [
        page.session.run,
        page.session.dataset,
        page.plan.continue_from,
        page.tabs,
        *page.runs.asked,
        *page.runs.shown,
        *page.train.shown,
    ]
    page.guard.bind(page.runs.table.select, call=act, reads={**run, "dataset": page.session.dataset}, writes=acted)


def _wire_clock(page: Page, studio: Studio, calls: Calls) -> None:
    """Once a second: reads where the runs stand, and changes nothing when nothing is new."""
    session, words = page.session, page.words

    def tick(dataset: str, run: str, seen: str) -> Updates:
        if known_run(studio, run) != run:
            return {session.run: ""}  # deleted in another window
        now = glance(studio, run)
        if now.all == seen:
            return {}
        steps = _steps(words, studio, Ids(dataset, run))
        updates = {
            session.seen: now.all,
            **top.header_updates(page.header, words, studio.active_run(), steps),
            **calls.train(run),
        }
        if now.states == Glance.states_in(seen):
            return updates
        return {**updates, **calls.compare.show(run), **calls.export(run), **calls.runs.show(run)}

    shown = [session.run, session.seen, page.header.run, page.header.steps, *page.train.shown]
    late = [*page.compare.shown, *page.export.shown, *page.runs.shown]
    reads = {"dataset": session.dataset, "run": session.run, "seen": session.seen}
    page.guard.bind(gr.Timer(TICK_S).tick, call=tick, reads=reads, writes=[*shown, *late], quiet=True)


def _go(page: Page, tab: str) -> Updates:
    """Opens a tab."""
    return {page.tabs: gr.Tabs(selected=tab)}


@dataclass(frozen=True)
class Glance:
    """What a tick compares: the states of the going run, the one looked at and those that wait; and progress."""

    states: str
    progress: str

    @property
    def all(self) -> str:
        """Both, as the page keeps them."""
        return f"{self.states}|{self.progress}"

    @staticmethod
    def states_in(seen: str) -> str:
        """The states in what the page kept."""
        return seen.partition("|")[0]


def glance(studio: Studio, run: str) -> Glance:
    """Where the runs stand that this page shows."""
    runs = studio.runs.list()
    views = [view for view in (going(runs), studio.run(run) if run else None) if view]
    return Glance(
        states=" ".join(f"{view.id}:{view.status.state}:{view.has_result:d}" for view in (*views, *waiting(runs))),
        progress=" ".join(
            f"{view.status.step}:{view.status.seconds:.0f}:{view.status.validation_loss}" for view in views
        ),
    )


def _steps(words: Words, studio: Studio, ids: Ids) -> str:
    run = studio.run(ids.run) if ids.run else None
    return top.steps_json(words, top.Journey(ids.dataset, run, len(studio.runs.list())))
