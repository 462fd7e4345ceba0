"""The narrow column of the Data tab: bring files, take a sample, open earlier data, correct what was understood."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from core.data.samples import SAMPLES
from core.data.shapes import Choice
from core.data.steps import Upload
from core.data.store import Dataset, safe_names
from core.errors import TailorError
from core.studio import Studio
from core.work import JobView
from ui.guard import Busy, Guard, Updates
from ui.markup import tag
from ui.pieces import busy_state, card_text
from ui.quantities import when
from ui.session import Session
from ui.tabs.data_correct import Corrected, CorrectPart, correct_updates, offered_updates, slot_updates
from ui.tabs.data_correct import build as build_correct
from ui.tabs.data_desk import Desk
from ui.words import Words

JOURNEY_SAMPLE = "customer_service"
MOST_EARLIER = 50


@dataclass(frozen=True)
class ImportPart:
    """The components of the column.

    refused: the files that could not be used; they stay for their columns to be told, until others are brought.
    """

    upload: gr.File
    held_back: gr.File
    refused: gr.State
    correct: CorrectPart
    samples: dict[str, gr.Button]
    earlier: gr.Dropdown

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [self.upload, self.held_back, self.refused, *self.correct.shown, self.earlier]


def earlier_update(words: Words, datasets: Sequence[Dataset], shown: str) -> Any:
    """Everything that was brought before, the newest first."""
    choices = [
        (words("data.earlier.option", title=title_of(words, dataset), when=when(dataset.id)), dataset.id)
        for dataset in datasets[:MOST_EARLIER]
    ]
    is_among = any(id == shown for _, id in choices)
    return gr.Dropdown(choices=choices, value=shown if is_among else None, visible=bool(choices))


def title_of(words: Words, dataset: Dataset) -> str:
    """What a dataset is called; a sample by its name on its card."""
    if not dataset.sample:
        return dataset.title
    return words.core(f"sample.{dataset.sample}.label", SAMPLES.get(dataset.sample).label)


def dataset_updates(part: ImportPart, words: Words, dataset: Dataset, earlier: Sequence[Dataset]) -> Updates:
    """The column for one dataset."""
    return {
        part.upload: None,
        part.held_back: None,
        part.refused: [],
        part.earlier: earlier_update(words, earlier, dataset.id),
        **correct_updates(part.correct, words, dataset),
    }


def build(words: Words, place: str) -> ImportPart:
    """The components; `place` is where the data stay."""
    upload = gr.File(file_count="multiple", label=words("data.upload"), elem_id="data-upload", height=168)
    gr.HTML(tag("p", words("data.upload.help"), class_="note"))
    with gr.Accordion(words("data.validation"), open=False, elem_id="data-validation-box"):
        gr.HTML(tag("p", words("data.validation.help"), class_="note"))
        held_back = gr.File(
            file_count="multiple", label=words("data.validation.file"), elem_id="data-validation", height=132
        )
    correct = build_correct(words)
    gr.HTML(tag("h3", words("data.samples")))
    samples = {sample.name: _sample_button(words, sample.name) for sample in SAMPLES}
    earlier = gr.Dropdown([], label=words("data.earlier"), visible=False, elem_id="data-earlier")
    gr.HTML(tag("p", words("data.stays", place=place), class_="note"))
    return ImportPart(upload, held_back, gr.State([]), correct, samples, earlier)


def _sample_button(words: Words, name: str) -> gr.Button:
    sample = SAMPLES.get(name)
    label, help = (words.core(f"sample.{name}.{part}", getattr(sample, part)) for part in ("label", "help"))
    return gr.Button(card_text(label, help), elem_id=f"sample-{name}", elem_classes="card-button")


@dataclass(frozen=True)
class ImportCalls:
    """What the column does; `clear` gives what the rest of the tab shows when nothing is there, `around` it."""

    part: ImportPart
    words: Words
    studio: Studio
    session: Session
    desk: Desk
    clear: Callable[[], Updates]
    around: Sequence[Any]

    def show(self, dataset: str) -> Updates:
        """The dataset this page looks at."""
        earlier = self.studio.datasets.list()
        if not dataset:
            correct = self.part.correct
            hidden = {correct.box: gr.Accordion(visible=False), correct.table: gr.Dropdown(visible=False)}
            return {**hidden, self.part.earlier: earlier_update(self.words, earlier, "")}
        return dataset_updates(self.part, self.words, self.studio.dataset(dataset), earlier)

    def offer(self, dataset: str) -> Updates:
        """What was brought before, for a page that opens."""
        return {self.part.earlier: earlier_update(self.words, self.studio.datasets.list(), dataset)}

    def receive(
        self, files: list[str] | None, held_back: list[str] | None, refused: list[str], dataset: str
    ) -> Iterator[Updates]:
        """Files of the person; with those that only check, where there are some. They replace what was refused."""
        fresh = others(files, refused)
        yield from self._bring(fresh, held_back, Choice(), dataset)

    def receive_checks(
        self, files: list[str] | None, held_back: list[str] | None, refused: list[str], dataset: str
    ) -> Iterator[Updates]:
        """Files that only check: with the data that are looked at already, or kept until those come."""
        fresh = others(held_back, refused)
        if not fresh or (not files and not dataset):
            return
        known = None if files else self.studio.dataset(dataset)
        own = files if known is None else [str(path) for path in self._sources(known)]
        choice = known.settings.choice if known else Choice()
        yield from self._bring(own, fresh, choice, dataset, added=known is not None)

    def take_sample(self, name: str) -> Updates:
        """A data set that comes with Tailor."""
        return {self.session.dataset: self.studio.import_sample(name).id, self.part.upload: None}

    def open_earlier(self, chosen: str | None) -> Updates:
        """Data that were brought before."""
        return {self.session.dataset: chosen} if chosen else {}

    def show_slots(self, dataset: str, files: list[str] | None, format: str) -> Updates:
        """The parts of another format, before it is tried."""
        known = None if files else self.studio.dataset(dataset)
        columns = known.columns if known else self.studio.columns(Upload(paths_of(files)))
        mapping = known.mapping if known and known.format == format else {}
        return dict(zip(self.part.correct.slots, slot_updates(self.words, columns, format, mapping), strict=True))

    def read_table(
        self, dataset: str, files: list[str] | None, held_back: list[str] | None, table: int | None
    ) -> Iterator[Updates]:
        """Another sheet or list, whatever it holds."""
        yield from self._read(dataset, files, held_back, Corrected(table=table))

    def read_as(
        self,
        dataset: str,
        files: list[str] | None,
        held_back: list[str] | None,
        format: str,
        table: int | None,
        **chosen: str | None,
    ) -> Iterator[Updates]:
        """The same rows in another format, or with other columns."""
        yield from self._read(dataset, files, held_back, Corrected(format, table, chosen))

    def tick(self, dataset: str, job: str, files: list[str] | None, held_back: list[str] | None) -> Iterator[Updates]:
        """Looks at the work that goes on."""
        view = self.desk.view_of(self.studio, job)
        if view is None:  # the program was started anew
            yield self.desk.idle()
            return
        if view.error:
            yield self.desk.idle()
        brought = (files, held_back) if view.kind == "import" else (None, None)
        yield from self.settled(view, *brought, dataset)

    def settled(
        self, view: JobView, files: list[str] | None, held_back: list[str] | None, dataset: str
    ) -> Iterator[Updates]:
        """How the import stands. After files that were refused nothing of the data before is offered any more, but
        their columns are."""
        part = self.part
        if view.error and held_back and not files:
            yield {part.refused: held_back}
        if view.error and files:
            # all at once: what is hidden and shown again within a moment may stay hidden
            kept: Updates = {part.upload: files, part.held_back: held_back or None}
            kept[part.refused] = [*files, *(held_back or ())]
            yield {**self.desk.idle(), **self.show(""), **self.clear(), **self._columns_offered(files), **kept}
        dropped = {part.upload: None} if view.state == "cancelled" and view.kind == "import" else {}
        yield {**self.desk.follow(self.words, view, dataset, self.session), **dropped}

    def _read(
        self, dataset: str, files: list[str] | None, held_back: list[str] | None, corrected: Corrected
    ) -> Iterator[Updates]:
        """In another way: files that were refused, or the rows of the data that are looked at."""
        if files:
            yield from self._bring(files, held_back, corrected.choice(None), dataset)
            return
        choice = corrected.choice(self.studio.dataset(dataset))
        yield from self.settled(self.studio.reinterpret(dataset, choice), None, None, dataset)

    def _bring(
        self,
        files: list[str] | None,
        held_back: list[str] | None,
        choice: Choice,
        dataset: str,
        *,
        added: bool = False,
    ) -> Iterator[Updates]:
        """Begins an import that can be cancelled before its first row is read. `added`: to data that stay if it is
        refused."""
        job = self.studio.reserve_job("import")
        yield {self.desk.job: job, self.desk.progress: busy_state(self.words("data.busy"))}
        paths = [*paths_of(files), *paths_of(held_back)]
        names = safe_names([path.name for path in paths])
        upload = Upload(paths, names, names[len(paths_of(files)) :], choice)
        yield from self.settled(self.studio.begin_import(upload, job), None if added else files, held_back, dataset)

    def _columns_offered(self, files: list[str]) -> Updates:
        """Their columns to choose from; nothing where they have none."""
        try:
            columns = self.studio.columns(Upload(paths_of(files)))
        except TailorError:
            return {}
        return offered_updates(self.part.correct, self.words, columns)

    def _sources(self, dataset: Dataset) -> list[Path]:
        """The files of a dataset that are learned from."""
        held_back = {info.file for info in dataset.tables if info.part == "validation"}
        folder = self.studio.datasets.folder(dataset).source
        return [folder / name for name in dataset.files if name not in held_back]


def others(files: Sequence[str] | None, refused: Sequence[str]) -> list[str]:
    """The files that were not refused before: an upload adds to what is shown. All, where nothing else was brought."""
    return [file for file in files or () if file not in refused] or list(files or ())


def paths_of(files: Sequence[str] | None) -> list[Path]:
    """Uploaded files, as paths."""
    return [Path(file) for file in files or ()]


def wire(calls: ImportCalls, guard: Guard, busy: gr.HTML, journey: gr.Button, load: Any) -> None:
    """The events of the column; a new dataset id is all that leaves it. `load`: a page opens."""
    part, correct, session, desk = calls.part, calls.part.correct, calls.session, calls.desk
    here = {"dataset": session.dataset}
    brought = {"files": part.upload, "held_back": part.held_back, **here}
    fresh = {**brought, "refused": part.refused}
    chosen = {"files": part.upload, "format": correct.format, **here}
    whole = {**brought, **chosen, "table": correct.table}
    changed = [session.dataset, *desk.followed, *part.shown, *calls.around]
    guard.bind(load, call=calls.offer, reads=here, writes=[part.earlier], quiet=True)
    waiting = Busy(busy, guard.words("data.busy"))
    working = Busy(desk.progress, guard.words("data.busy"))  # with the way to cancel beside it

    guard.bind(session.dataset.change, desk.changed.change, call=calls.show, reads=here, writes=part.shown, quiet=True)
    guard.bind(part.upload.upload, call=calls.receive, reads=fresh, writes=changed, busy=working)
    guard.bind(part.held_back.upload, call=calls.receive_checks, reads=fresh, writes=changed, busy=working)
    for name, button in [*part.samples.items(), (JOURNEY_SAMPLE, journey)]:
        guard.bind(button.click, call=partial(calls.take_sample, name), writes=changed, busy=waiting)
    guard.bind(part.earlier.input, call=calls.open_earlier, reads={"chosen": part.earlier}, writes=[session.dataset])
    slots = guard.bind(correct.format.input, call=calls.show_slots, reads=chosen, writes=correct.slots)
    guard.bind(after=slots, call=calls.read_as, reads=whole, writes=changed, busy=working)
    sheet = {**brought, "table": correct.table}
    guard.bind(correct.table.input, call=calls.read_table, reads=sheet, writes=changed, busy=working)
    going = {**brought, "job": desk.job}
    guard.bind(desk.timer.tick, call=calls.tick, reads=going, writes=changed, quiet=True)
    guard.bind(correct.apply.click, call=calls.read_as, reads={**whole, **correct.chosen}, writes=changed, busy=working)
