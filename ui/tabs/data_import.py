"""The narrow column of the Data tab: bring files, take a sample, open earlier data, correct what was understood."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from core.data.formats import FORMATS
from core.data.samples import SAMPLES
from core.data.shapes import Choice
from core.data.steps import Upload
from core.data.store import Dataset, safe_names
from core.errors import TailorError
from core.studio import Studio
from core.work import JobView
from ui.guard import Busy, Guard, Updates
from ui.markup import tag
from ui.pieces import card_text
from ui.quantities import when
from ui.session import Session
from ui.tabs.data_desk import Desk
from ui.words import Words

NUM_SLOTS = max(len(entry.slots) for entry in FORMATS)
JOURNEY_SAMPLE = "customer_service"
HAND_MADE = "question_answer"  # what a table is when a person says which column is what
MOST_EARLIER = 50
ALL_TABLES = -1


@dataclass(frozen=True)
class ImportPart:
    """The components of the column, and the places on the right where work is announced."""

    upload: gr.File
    held_back: gr.File
    correction: gr.Accordion
    format: gr.Dropdown
    table: gr.Dropdown
    slots: tuple[gr.Dropdown, ...]
    apply: gr.Button
    samples: dict[str, gr.Button]
    earlier: gr.Dropdown

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [self.upload, self.held_back, self.correction, self.format, self.table, *self.slots, self.earlier]


def slot_updates(words: Words, columns: Sequence[str], format: str, mapping: Mapping[str, str]) -> list[Any]:
    """One dropdown per part of the format, with the columns of the file; the rest hidden."""
    slots = FORMATS.get(format).slots
    choices = [(words("data.no_column"), ""), *((column, column) for column in columns)]
    updates: list[Any] = []
    for slot in slots:
        label = words.core(f"slot.{format}.{slot.name}", slot.label)
        title = label if slot.required else words("data.optional", label=label)
        updates.append(gr.Dropdown(choices=choices, value=mapping.get(slot.name, ""), label=title, visible=True))
    return updates + [gr.Dropdown(visible=False)] * (NUM_SLOTS - len(slots))


def mapping_of(format: str, chosen: Mapping[str, str | None]) -> dict[str, str]:
    """The columns chosen by hand, by the part they fill."""
    slots = FORMATS.get(format).slots
    return {slot.name: column for index, slot in enumerate(slots) if (column := chosen.get(f"slot_{index}"))}


def table_update(words: Words, dataset: Dataset) -> Any:
    """The sheets and lists of the files, where there are several."""
    tables = [
        (words("data.table.option", name=info.label, count=f"{info.num_rows:,}"), number)
        for number, info in enumerate(dataset.tables)
    ]
    choices = [(words("data.table.all"), ALL_TABLES), *tables]
    chosen = dataset.settings.choice.table
    return gr.Dropdown(choices=choices, value=ALL_TABLES if chosen is None else chosen, visible=len(tables) > 1)


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
    slots = slot_updates(words, dataset.columns, dataset.format, dataset.mapping)
    return {
        part.upload: None,
        part.held_back: None,
        part.correction: gr.Accordion(visible=not dataset.mix, open=False),
        part.format: dataset.format,
        part.table: table_update(words, dataset),
        part.earlier: earlier_update(words, earlier, dataset.id),
        **dict(zip(part.slots, slots, strict=True)),
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
    correction, format, table, slots, apply = _build_correction(words)
    gr.HTML(tag("h3", words("data.samples")))
    samples = {sample.name: _sample_button(words, sample.name) for sample in SAMPLES}
    earlier = gr.Dropdown([], label=words("data.earlier"), visible=False, elem_id="data-earlier")
    gr.HTML(tag("p", words("data.stays", place=place), class_="note"))
    return ImportPart(upload, held_back, correction, format, table, slots, apply, samples, earlier)


def _sample_button(words: Words, name: str) -> gr.Button:
    sample = SAMPLES.get(name)
    label, help = (words.core(f"sample.{name}.{part}", getattr(sample, part)) for part in ("label", "help"))
    return gr.Button(card_text(label, help), elem_id=f"sample-{name}", elem_classes="card-button")


def _build_correction(
    words: Words,
) -> tuple[gr.Accordion, gr.Dropdown, gr.Dropdown, tuple[gr.Dropdown, ...], gr.Button]:
    choices = [(words.core(f"format.{entry.name}.label", entry.label), entry.name) for entry in FORMATS]
    with gr.Accordion(words("data.correct"), open=False, visible=False, elem_id="data-correct") as correction:
        format = gr.Dropdown(choices, label=words("data.format"), elem_id="data-format")
        table = gr.Dropdown([], label=words("data.table"), visible=False, elem_id="data-table")
        slots = tuple(
            gr.Dropdown([], label=words("data.column"), visible=False, elem_id=f"data-slot-{index}")
            for index in range(NUM_SLOTS)
        )
        apply = gr.Button(words("data.apply"), elem_id="data-apply")
    return correction, format, table, slots, apply


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
            hidden = {self.part.correction: gr.Accordion(visible=False), self.part.table: gr.Dropdown(visible=False)}
            return {**hidden, self.part.earlier: earlier_update(self.words, earlier, "")}
        return dataset_updates(self.part, self.words, self.studio.dataset(dataset), earlier)

    def offer(self, dataset: str) -> Updates:
        """What was brought before, for a page that opens."""
        return {self.part.earlier: earlier_update(self.words, self.studio.datasets.list(), dataset)}

    def receive(self, files: list[str] | None, held_back: list[str] | None, dataset: str) -> Iterator[Updates]:
        """Files of the person; with those that only check, where there are some."""
        yield from self.settled(self._begin(files, held_back, Choice()), files, dataset)

    def receive_checks(self, files: list[str] | None, held_back: list[str] | None, dataset: str) -> Iterator[Updates]:
        """Files that only check: with the data that are looked at already, or kept until those come."""
        if not held_back or (not files and not dataset):
            return
        known = None if files else self.studio.dataset(dataset)
        own = files if known is None else [str(path) for path in self._sources(known)]
        choice = known.settings.choice if known else Choice()
        yield from self.settled(self._begin(own, held_back, choice), files, dataset)

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
        return dict(zip(self.part.slots, slot_updates(self.words, columns, format, mapping), strict=True))

    def read_table(
        self, dataset: str, files: list[str] | None, held_back: list[str] | None, table: int | None
    ) -> Iterator[Updates]:
        """Another sheet or list, whatever it holds."""
        choice = Choice(table=_number_of(table))
        view = self._begin(files, held_back, choice) if files else self.studio.reinterpret(dataset, choice)
        yield from self.settled(view, files, dataset)

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
        choice = Choice(format, mapping_of(format, chosen), _number_of(table))
        view = self._begin(files, held_back, choice) if files else self.studio.reinterpret(dataset, choice)
        yield from self.settled(view, files, dataset)

    def tick(self, dataset: str, job: str, files: list[str] | None) -> Iterator[Updates]:
        """Looks at the work that goes on."""
        view = self.desk.view_of(self.studio, job)
        if view is None:  # the program was started anew
            yield self.desk.idle()
            return
        if view.error:
            yield self.desk.idle()
        yield from self.settled(view, files if view.kind == "import" else None, dataset)

    def settled(self, view: JobView, files: list[str] | None, dataset: str) -> Iterator[Updates]:
        """How the import stands. After files that were refused nothing of the data before is offered any more, but
        their columns are."""
        if view.error and files:
            # all at once: what is hidden and shown again within a moment may stay hidden
            yield {**self.desk.idle(), **self.show(""), **self.clear(), **self._columns_offered(files)}
        dropped = {self.part.upload: None} if view.state == "cancelled" and view.kind == "import" else {}
        yield {**self.desk.follow(self.words, view, dataset, self.session), **dropped}

    def _columns_offered(self, files: list[str]) -> Updates:
        """Their columns to choose from; nothing where they have none."""
        try:
            columns = self.studio.columns(Upload(paths_of(files)))
        except TailorError:
            return {}
        slots = slot_updates(self.words, columns, HAND_MADE, {})
        opened = {self.part.correction: gr.Accordion(visible=True, open=True), self.part.format: HAND_MADE}
        return {**opened, **dict(zip(self.part.slots, slots, strict=True))}

    def _begin(self, files: list[str] | None, held_back: list[str] | None, choice: Choice) -> JobView:
        paths = [*paths_of(files), *paths_of(held_back)]
        names = safe_names([path.name for path in paths])
        return self.studio.begin_import(Upload(paths, names, names[len(paths_of(files)) :], choice))

    def _sources(self, dataset: Dataset) -> list[Path]:
        """The files of a dataset that are learned from."""
        held_back = {info.file for info in dataset.tables if info.part == "validation"}
        folder = self.studio.datasets.folder(dataset).source
        return [folder / name for name in dataset.files if name not in held_back]


def _number_of(table: int | None) -> int | None:
    return table if table is not None and table >= 0 else None


def paths_of(files: list[str] | None) -> list[Path]:
    """Uploaded files, as paths."""
    return [Path(file) for file in files or ()]


def wire(calls: ImportCalls, guard: Guard, busy: gr.HTML, journey: gr.Button, load: Any) -> None:
    """The events of the column; a new dataset id is all that leaves it. `load`: a page opens."""
    part, session, desk = calls.part, calls.session, calls.desk
    here = {"dataset": session.dataset}
    brought = {"files": part.upload, "held_back": part.held_back, **here}
    chosen = {"files": part.upload, "format": part.format, **here}
    whole = {**brought, **chosen, "table": part.table}
    columns = {f"slot_{index}": slot for index, slot in enumerate(part.slots)}
    changed = [session.dataset, *desk.followed, *part.shown, *calls.around]
    guard.bind(load, call=calls.offer, reads=here, writes=[part.earlier], quiet=True)
    waiting = Busy(busy, guard.words("data.busy"))

    guard.bind(session.dataset.change, desk.changed.change, call=calls.show, reads=here, writes=part.shown, quiet=True)
    guard.bind(part.upload.upload, call=calls.receive, reads=brought, writes=changed, busy=waiting)
    guard.bind(part.held_back.upload, call=calls.receive_checks, reads=brought, writes=changed, busy=waiting)
    for name, button in [*part.samples.items(), (JOURNEY_SAMPLE, journey)]:
        guard.bind(button.click, call=partial(calls.take_sample, name), writes=changed, busy=waiting)
    guard.bind(part.earlier.input, call=calls.open_earlier, reads={"chosen": part.earlier}, writes=[session.dataset])
    slots = guard.bind(part.format.input, call=calls.show_slots, reads=chosen, writes=part.slots)
    guard.bind(after=slots, call=calls.read_as, reads=whole, writes=changed, busy=waiting)
    sheet = {**brought, "table": part.table}
    guard.bind(part.table.input, call=calls.read_table, reads=sheet, writes=changed, busy=waiting)
    going = {**here, "job": desk.job, "files": part.upload}
    guard.bind(desk.timer.tick, call=calls.tick, reads=going, writes=changed, quiet=True)
    guard.bind(part.apply.click, call=calls.read_as, reads={**whole, **columns}, writes=changed, busy=waiting)
