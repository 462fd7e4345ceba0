"""Review: the table of examples, to search, approve, reject, edit and add to."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from core.data.cleaners import CLEANERS
from core.data.examples import PASSAGE, Message
from core.data.review import OPEN, Query, ReviewPage, ReviewRow
from core.studio import Studio
from ui.guard import Guard, Updates
from ui.session import Session
from ui.tabs.data_desk import Desk, undo_updates
from ui.tabs.data_doctor import workshop_js
from ui.tabs.data_review_views import NEW, PAGE_ROWS, Place, progress_html, review_html
from ui.tabs.data_views import check_name
from ui.words import Words

STATES = ("", OPEN, "approved", "rejected", "edited", "added")
DECISIONS = {"approve": "approve", "reject": "reject", "reopen": "open"}
BLANK = (Message("user", ""), Message("assistant", ""))


@dataclass(frozen=True)
class ReviewPart:
    """The components of the part."""

    progress: gr.HTML
    who: gr.Textbox
    approved_only: gr.Checkbox
    all: gr.Button
    add: gr.Button
    search: gr.Textbox
    check: gr.Dropdown
    state: gr.Dropdown
    table: gr.HTML
    place: gr.State

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [self.progress, self.check, self.table, self.place]

    @property
    def asked(self) -> dict[str, Any]:
        """What is looked for, by name."""
        return {"search": self.search, "check": self.check, "state": self.state}


def build(words: Words) -> ReviewPart:
    """The components."""
    progress = gr.HTML("", elem_id="data-review-progress")
    with gr.Row(elem_classes="form-row"):
        who = gr.Textbox(label=words("data.who"), elem_id="data-who", min_width=160, max_lines=1)
        approved_only = gr.Checkbox(
            label=words("data.approved_only"),
            info=words("data.approved_only.help"),
            elem_id="data-approved-only",
            min_width=260,
            interactive=False,
        )
    with gr.Row(elem_classes="form-row"):
        search = gr.Textbox(label=words("data.search"), elem_id="data-search", min_width=160, max_lines=1)
        check = gr.Dropdown(
            [(words("data.filter.any"), "")],
            value="",
            label=words("data.filter.check"),
            min_width=160,
            elem_id="data-filter-check",
        )
        state = gr.Dropdown(
            [(words(f"data.filter.{name or 'all'}"), name) for name in STATES],
            value="",
            label=words("data.filter.state"),
            min_width=140,
            elem_id="data-filter-state",
        )
    with gr.Row(elem_classes="button-row"):
        every = gr.Button(words("data.review.all"), elem_id="data-approve-all", min_width=160, size="md")
        add = gr.Button(words("data.review.add"), elem_id="data-add", min_width=120, size="md")
    table = gr.HTML("", elem_id="data-review", js_on_load=workshop_js())
    return ReviewPart(progress, who, approved_only, every, add, search, check, state, table, gr.State(Place()))


def turns_of(items: str) -> tuple[Message, ...]:
    """The turns of a form, as the page sent them."""
    return tuple(Message(turn["role"], turn["content"], turn["item"]) for turn in json.loads(items))


@dataclass(frozen=True)
class ReviewCalls:
    """What the part does."""

    part: ReviewPart
    words: Words
    studio: Studio
    session: Session
    desk: Desk

    def show(self, dataset: str, place: Place, part: str = "review", **asked: Any) -> Updates:
        """The dataset this page looks at, while the part is open."""
        if part != "review" or not dataset:
            return {}
        known = self.studio.dataset(dataset)
        page = self._page(dataset, place, asked)
        if not page.rows and place.start:
            place = replace(place, start=0)
            page = self._page(dataset, place, asked)
        return {
            self.part.progress: progress_html(self.words, page.counts, known.approved_only),
            self.part.check: self.filter_of(dataset, asked.get("check") or ""),
            self.part.table: review_html(self.words, page, place),
            self.part.place: place,
        }

    def tell_approved_only(self, dataset: str, on: bool | None = None) -> Updates:
        """What holds for another dataset, or once something has changed; nothing where it is `on` that already, so
        that it cannot undo what the person ticks meanwhile."""
        holds = bool(dataset) and self.studio.dataset(dataset).approved_only
        known = gr.Checkbox(value=holds, interactive=bool(dataset))
        return {} if on is holds else {self.part.approved_only: known}

    def arrive(self, dataset: str, part: str, **asked: Any) -> Updates:
        """Another dataset: its table from the top."""
        return {self.part.place: Place(), **self.show(dataset, Place(), part, **asked)}

    def look(self, dataset: str, place: Place, **asked: Any) -> Updates:
        """Something else is looked for."""
        return self.show(dataset, Place(row=place.row if place.row == NEW else None, draft=place.draft), **asked)

    def act(self, event: gr.EventData, dataset: str, place: Place, who: str, **asked: Any) -> Updates:
        """What a press or a key in the table does."""
        action, value = str(event.action), str(event.value)
        if action in DECISIONS:
            return self._decided(dataset, place, (DECISIONS[action], int(value), who), asked)
        if action == "save":
            return self._saved(dataset, place, turns_of(event.items), who, asked)
        if action in ("next", "previous"):
            step = 1 if action == "next" else -1
            return self.show(dataset, self._moved(dataset, place, step, asked), **asked)
        return self.show(dataset, self._placed(dataset, place, event, asked), **asked)

    def add(self, dataset: str, place: Place, **asked: Any) -> Updates:
        """Begins an example of the person's own."""
        draft = BLANK[1:] if self.studio.dataset(dataset).task == PASSAGE else BLANK
        return self.show(dataset, replace(place, row=NEW, draft=draft), **asked)

    def approve_all(self, dataset: str, place: Place, who: str, **asked: Any) -> Updates:
        """Approves what no check means."""
        self.studio.approve_unproblematic(dataset, who)
        return self._changed(dataset, place, asked)

    def switch(self, dataset: str, place: Place, on: bool, who: str, **asked: Any) -> Updates:
        """Whether only approved rows are trained on."""
        self.studio.set_approved_only(dataset, on, who)
        return self._changed(dataset, place, asked)

    def sign(self, who: str) -> Updates:
        """The browser remembers who reviews."""
        return {self.desk.who: who.strip()}

    def _decided(self, dataset: str, place: Place, said: tuple[str, int, str], asked: Mapping[str, Any]) -> Updates:
        kind, row, who = said
        following = place if kind == "open" else self._moved(dataset, place, 1, asked)
        self.studio.decide(dataset, kind, [row], who)
        return self._changed(dataset, following, asked)

    def _saved(
        self, dataset: str, place: Place, turns: Sequence[Message], who: str, asked: Mapping[str, Any]
    ) -> Updates:
        assert place.row is not None
        if place.row == NEW:
            self.studio.add_example(dataset, turns, who)
        else:
            self.studio.edit(dataset, place.row, turns, who)
        row = None if place.row == NEW else place.row
        return self._changed(dataset, replace(place, row=row, draft=()), asked)

    def _placed(self, dataset: str, place: Place, event: gr.EventData, asked: Mapping[str, Any]) -> Place:
        """Where a press leads that changes nothing."""
        action, value = str(event.action), str(event.value)
        if action == "page":
            return Place(start=int(value))
        if action == "open":
            return replace(place, row=int(value), draft=())
        if action == "edit":
            row = self._row(dataset, place, int(value), asked)
            return replace(place, draft=row.example.messages if row else ())
        if action == "turn-add":
            turns = turns_of(event.items)
            role = "user" if turns[-1].role == "assistant" else "assistant"
            return replace(place, draft=(*turns, Message(role, "")))  # type: ignore[arg-type]
        if action == "turn-remove":
            turns = turns_of(event.items)
            return replace(place, draft=tuple(turn for index, turn in enumerate(turns) if index != int(value)))
        is_new = place.row == NEW
        return replace(place, row=place.row if action == "cancel" and not is_new else None, draft=())

    def _moved(self, dataset: str, place: Place, step: int, asked: Mapping[str, Any]) -> Place:
        """The row after or before the open one, on another page where need be."""
        rows = [row.row for row in self._page(dataset, place, asked).rows]
        at = rows.index(place.row) + step if place.row in rows else 0
        if 0 <= at < len(rows):
            return replace(place, row=rows[at], draft=())
        start = place.start + step * PAGE_ROWS
        other = self._page(dataset, Place(start=start), asked).rows if start >= 0 else ()
        if not other:
            return replace(place, draft=())
        return Place(row=other[0 if step > 0 else -1].row, start=start)

    def _changed(self, dataset: str, place: Place, asked: Mapping[str, Any]) -> Updates:
        """After a decision: the table, what could be undone, and the rest of the tab."""
        if place.row is not None and place.row != NEW:
            place = self._kept_in_sight(dataset, place, asked)
        last = undo_updates(self.desk, self.words, self.studio.last_change(dataset))
        return {**self.show(dataset, place, **asked), **last, **self.desk.touched()}

    def _kept_in_sight(self, dataset: str, place: Place, asked: Mapping[str, Any]) -> Place:
        """A row that moved to the page before, because one before it is filtered away now."""
        for start in (place.start, max(0, place.start - PAGE_ROWS)):
            if any(row.row == place.row for row in self._page(dataset, Place(start=start), asked).rows):
                return replace(place, start=start)
        return replace(place, row=None)

    def _page(self, dataset: str, place: Place, asked: Mapping[str, Any]) -> ReviewPage:
        query = Query(asked.get("search") or "", asked.get("check") or "", asked.get("state") or "")
        return self.studio.review(dataset, query, place.start, PAGE_ROWS)

    def _row(self, dataset: str, place: Place, row: int, asked: Mapping[str, Any]) -> ReviewRow | None:
        return next((found for found in self._page(dataset, place, asked).rows if found.row == row), None)

    def filter_of(self, dataset: str, chosen: str) -> Any:
        """The checks that found something, to filter by."""
        found = [finding for finding in self.studio.report(dataset).findings if finding.count]
        named = [
            (
                self.words("data.filter.option", name=check_name(self.words, one.check), count=f"{one.count:,}"),
                one.check,
            )
            for one in found
        ]
        kept = chosen if chosen in CLEANERS.names() and any(one.check == chosen for one in found) else ""
        return gr.Dropdown(choices=[(self.words("data.filter.any"), ""), *named], value=kept)


def wire(calls: ReviewCalls, guard: Guard, tab: gr.Tab) -> None:
    """The events that stay inside the part; opening its tab shows it."""
    part, session, desk = calls.part, calls.session, calls.desk
    here = {"dataset": session.dataset, **part.asked}
    placed = {**here, "place": part.place}
    signed = {**placed, "who": part.who}
    box, own = [part.approved_only], {"dataset": session.dataset}
    guard.bind(session.dataset.change, call=calls.tell_approved_only, reads=own, writes=box, quiet=True)
    told = {**own, "on": part.approved_only}
    guard.bind(desk.changed.change, call=calls.tell_approved_only, reads=told, writes=box, quiet=True)
    guard.bind(tab.select, call=calls.show, reads=placed, writes=part.shown, quiet=True)
    arrived = {**here, "part": desk.part}
    guard.bind(session.dataset.change, call=calls.arrive, reads=arrived, writes=part.shown, quiet=True)
    reads = {**placed, "part": desk.part}
    guard.bind(desk.changed.change, call=calls.show, reads=reads, writes=part.shown, quiet=True)
    changed = [*part.shown, desk.changed, desk.undo_row, desk.undo_text]
    guard.bind(part.table.select, call=calls.act, reads=signed, writes=changed)
    guard.bind(part.add.click, call=calls.add, reads=placed, writes=changed)
    guard.bind(part.all.click, call=calls.approve_all, reads=signed, writes=changed)
    switched = {**signed, "on": part.approved_only}
    guard.bind(part.approved_only.input, call=calls.switch, reads=switched, writes=changed)
    looks = [part.search.submit, part.search.blur, part.check.input, part.state.input]
    guard.bind(*looks, call=calls.look, reads=placed, writes=part.shown)
    guard.bind(part.who.blur, part.who.submit, call=calls.sign, reads={"who": part.who}, writes=[desk.who], quiet=True)
