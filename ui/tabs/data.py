"""Data: bring examples, see what was understood, put them right, review, split and mix them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from core.studio import Studio
from ui.guard import Guard, Updates
from ui.markup import join, tag
from ui.pieces import Top, build_top
from ui.session import Session
from ui.tabs import data_doctor, data_import, data_overview, data_pictures, data_review, data_split
from ui.tabs.data_desk import PARTS, Desk, build_desk, undo_updates, wire_desk
from ui.words import Words


@dataclass(frozen=True)
class DataTab:
    """The components of the tab, part by part."""

    top: Top
    welcome: gr.Column
    journey: gr.Button
    desk: Desk
    busy: gr.HTML
    box: gr.Column
    parts: gr.Tabs
    tabs: dict[str, gr.Tab]
    files: data_import.ImportPart
    overview: data_overview.OverviewPart
    doctor: data_doctor.DoctorPart
    review: data_review.ReviewPart
    split: data_split.SplitPart
    pictures: data_pictures.PicturesPart

    @property
    def shown(self) -> list[Any]:
        """What a dataset changes above the parts."""
        return [self.top.next, self.welcome, self.box, self.desk.undo_row, self.desk.undo_text]


def build(words: Words, place: str) -> DataTab:
    """The components; `place` is where the data stay."""
    top = build_top(words, "data", "data-next")
    built: dict[str, Any] = {}
    tabs: dict[str, gr.Tab] = {}
    modules = {"check": data_doctor, "review": data_review, "split": data_split, "pictures": data_pictures}
    with gr.Row(elem_classes="columns"):
        with gr.Column(elem_classes="decide", min_width=280):
            files = data_import.build(words, place)
        with gr.Column(elem_classes="see", min_width=320):
            with gr.Column(elem_classes="welcome") as welcome:
                gr.HTML(join(tag("h3", words("data.welcome.title")), tag("p", words("data.welcome.text"))))
                journey = gr.Button(words("data.welcome.button"), elem_id="data-journey", elem_classes="accent-button")
            busy = gr.HTML("", elem_id="data-busy")
            desk = build_desk(words)
            with (
                gr.Column(visible=False, elem_id="data-parts-box") as box,
                gr.Tabs(elem_id="data-parts", overflow_behavior="wrap") as parts,
            ):
                for name in PARTS:
                    with gr.Tab(words(f"data.part.tab.{name}"), id=name, elem_id=f"data-part-{name}") as tabs[name]:
                        built[name] = (modules.get(name) or data_overview).build(words)
    return DataTab(
        top=top,
        welcome=welcome,
        journey=journey,
        desk=desk,
        busy=busy,
        box=box,
        parts=parts,
        tabs=tabs,
        files=files,
        overview=built["overview"],
        doctor=built["check"],
        review=built["review"],
        split=built["split"],
        pictures=built["pictures"],
    )


def empty_updates(tab: DataTab, words: Words) -> Updates:
    """The tab before there are any data."""
    return {
        tab.top.next: gr.Button(words("data.next.waiting"), interactive=False),
        tab.welcome: gr.Column(visible=True),
        tab.box: gr.Column(visible=False),
        **undo_updates(tab.desk, words, ""),
    }


@dataclass(frozen=True)
class DataCalls:
    """What concerns the tab as a whole."""

    tab: DataTab
    words: Words
    studio: Studio
    review: data_review.ReviewCalls
    doctor: data_doctor.DoctorCalls

    def show(self, dataset: str) -> Updates:
        """The dataset this page looks at: the way on, and what could be undone."""
        tab, words = self.tab, self.words
        if not dataset:
            return empty_updates(tab, words)
        counts = self.studio.review(dataset, count=0).counts
        waiting = words("data.next.approve" if counts.num_rows else "data.next.none")
        label = words.count("data.next", counts.num_learned) if counts.num_learned else waiting
        return {
            tab.top.next: gr.Button(label, interactive=counts.num_learned > 0),
            tab.welcome: gr.Column(visible=False),
            tab.box: gr.Column(visible=True),
            **undo_updates(tab.desk, words, self.studio.last_change(dataset)),
        }

    def lead(self, event: gr.EventData, dataset: str) -> Updates:
        """To what the quality card says should be done first."""
        goal = str(event.action)
        if goal == "correct":
            return {self.tab.files.correct.box: gr.Accordion(open=True)}
        if goal != "check":
            return self.go("review" if goal == "add" else goal)
        return {**self.doctor.open_rows(dataset, str(event.value)), **self.go("check")}

    def to_review(self, event: gr.EventData, dataset: str) -> Updates:
        """From a check to its rows in the review."""
        if str(event.action) != "review":
            return {}
        asked = {self.tab.review.check: self.review.filter_of(dataset, str(event.value)), self.tab.review.state: ""}
        return {**asked, **self.go("review")}

    def go(self, part: str) -> Updates:
        """Opens a part."""
        return {self.tab.parts: gr.Tabs(selected=part), self.tab.desk.part: part}


def wire(tab: DataTab, guard: Guard, studio: Studio, session: Session, load: Any) -> None:
    """The events that stay inside the tab; a new dataset id is all that leaves it. `load`: a page opens."""
    words, desk = guard.words, tab.desk
    common = (words, studio, session, desk)
    review = data_review.ReviewCalls(tab.review, *common)
    doctor = data_doctor.DoctorCalls(tab.doctor, *common)
    calls = DataCalls(tab, words, studio, review, doctor)
    here = {"dataset": session.dataset}
    guard.bind(session.dataset.change, desk.changed.change, call=calls.show, reads=here, writes=tab.shown, quiet=True)
    for name, part in tab.tabs.items():
        open = {"part": desk.part}
        guard.bind(part.select, call=partial(_opened, desk, name), reads=open, writes=[desk.part], quiet=True)
    wire_desk(desk, guard, studio, session, load)
    files = data_import.ImportCalls(tab.files, *common, partial(empty_updates, tab, words), tab.shown)
    data_import.wire(files, guard, tab.busy, tab.journey, load)
    data_overview.wire(data_overview.OverviewCalls(tab.overview, *common), guard)
    data_doctor.wire(doctor, guard, tab.tabs["check"])
    data_review.wire(review, guard, tab.tabs["review"])
    data_split.wire(data_split.SplitCalls(tab.split, *common), guard, tab.tabs["split"])
    data_pictures.wire(data_pictures.PicturesCalls(tab.pictures, *common), guard, tab.tabs["pictures"])
    _wire_ways(tab, guard, calls, here, load)


def _wire_ways(tab: DataTab, guard: Guard, calls: DataCalls, here: dict[str, Any], load: Any) -> None:
    """From one part to another, and what the browser remembers: the name, and the open part."""
    goals = [tab.parts, tab.desk.part]
    leads = (tab.overview.quality.select, tab.doctor.quality.select)
    guard.bind(*leads, call=calls.lead, reads=here, writes=[*goals, tab.files.correct.box, *tab.doctor.shown])
    sought = [*goals, tab.review.check, tab.review.state]
    guard.bind(tab.doctor.checks.select, call=calls.to_review, reads=here, writes=sought)

    def sign(who: str) -> Updates:
        return {tab.review.who: who or ""}

    def return_to(kept: str, part: str) -> Updates:
        return {} if part or kept in ("", PARTS[0]) else calls.go(kept)

    def keep(part: str) -> Updates:
        return {tab.desk.kept: part}

    guard.bind(load, call=sign, reads={"who": tab.desk.who}, writes=[tab.review.who], quiet=True)
    kept = {"kept": tab.desk.kept, "part": tab.desk.part}
    guard.bind(load, call=return_to, reads=kept, writes=goals, quiet=True)
    guard.bind(tab.desk.part.change, call=keep, reads={"part": tab.desk.part}, writes=[tab.desk.kept], quiet=True)


def _opened(desk: Desk, name: str, part: str) -> Updates:
    """A page that opens selects its first part by itself."""
    return {} if name == PARTS[0] and not part else {desk.part: name}
