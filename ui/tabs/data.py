"""Data: bring examples, see what was understood, correct it, clean it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from core.data.cleaners import CLEANERS
from core.data.cleaning import CleaningReport
from core.data.formats import FORMATS
from core.data.samples import SAMPLES
from core.data.store import Dataset, safe_names
from core.studio import Studio
from ui.guard import Busy, Guard, Updates
from ui.markup import join, tag
from ui.pieces import Top, build_top, card_text
from ui.session import Session
from ui.tabs.data_views import check_label, clean_html, examples_html, finding_html, summary_html
from ui.words import Words

NUM_SLOTS = max(len(entry.slots) for entry in FORMATS)
JOURNEY_SAMPLE = "customer_service"
HAND_MADE = "question_answer"  # what a table is when a person says which column is what


@dataclass(frozen=True)
class DataTab:
    """The components of the tab."""

    top: Top
    welcome: gr.Column
    journey: gr.Button
    upload: gr.File
    samples: dict[str, gr.Button]
    correction: gr.Accordion
    format: gr.Dropdown
    slots: tuple[gr.Dropdown, ...]
    apply: gr.Button
    busy: gr.HTML
    summary: gr.HTML
    cleaning: gr.Column
    checks: dict[str, gr.Checkbox]
    details: dict[str, gr.HTML]
    clean: gr.HTML
    examples: gr.HTML

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        single = [self.top.next, self.welcome, self.correction, self.format, self.summary, self.cleaning, self.clean]
        return [*single, self.examples, self.upload, *self.slots, *self.checks.values(), *self.details.values()]


# Presenters -------------------------------------------------------------------------------------------------


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


def dataset_updates(tab: DataTab, words: Words, dataset: Dataset, report: CleaningReport) -> Updates:
    """The whole tab for one dataset."""
    kept = len(report.kept)
    updates: Updates = {
        tab.top.next: gr.Button(words.count("data.next", kept), interactive=kept > 0),
        tab.welcome: gr.Column(visible=False),
        tab.correction: gr.Accordion(visible=True, open=False),
        tab.upload: None,
        tab.format: dataset.format,
        tab.summary: summary_html(words, dataset, report),
        tab.cleaning: gr.Column(visible=any(finding.count for finding in report.findings)),
        tab.clean: clean_html(words, report),
        tab.examples: examples_html(words, report),
    }
    slots = slot_updates(words, dataset.columns, dataset.format, dataset.mapping)
    updates |= dict(zip(tab.slots, slots, strict=True))
    for finding in report.findings:
        found = finding.count > 0
        updates[tab.checks[finding.check]] = gr.Checkbox(
            value=finding.fixed, label=check_label(words, finding), visible=found
        )
        updates[tab.details[finding.check]] = gr.HTML(finding_html(words, finding) if found else "", visible=found)
    return updates


def empty_updates(tab: DataTab, words: Words) -> Updates:
    """The tab before there are any data."""
    return {
        tab.top.next: gr.Button(words("data.next.waiting"), interactive=False),
        tab.welcome: gr.Column(visible=True),
        tab.correction: gr.Accordion(visible=False),
        tab.summary: "",
        tab.cleaning: gr.Column(visible=False),
        tab.clean: "",
        tab.examples: "",
    }


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words, place: str) -> DataTab:
    """The components; `place` is where the data stay."""
    top = build_top(words, "data", "data-next")
    with gr.Row(elem_classes="columns"):
        with gr.Column(elem_classes="decide", min_width=280):
            upload = gr.File(file_count="multiple", label=words("data.upload"), elem_id="data-upload", height=168)
            gr.HTML(tag("p", words("data.upload.help"), class_="note"))
            correction, format, slots, apply = _build_correction(words)
            gr.HTML(tag("h3", words("data.samples")))
            samples = {sample.name: _sample_button(words, sample.name) for sample in SAMPLES}
            gr.HTML(tag("p", words("data.stays", place=place), class_="note"))
        with gr.Column(elem_classes="see", min_width=320):
            with gr.Column(elem_classes="welcome") as welcome:
                gr.HTML(join(tag("h3", words("data.welcome.title")), tag("p", words("data.welcome.text"))))
                journey = gr.Button(words("data.welcome.button"), elem_id="data-journey", elem_classes="accent-button")
            busy = gr.HTML("")
            summary = gr.HTML("", elem_id="data-summary")
            cleaning, checks, details, clean = _build_cleaning(words)
            examples = gr.HTML("", elem_id="data-examples")
    return DataTab(
        top=top,
        welcome=welcome,
        journey=journey,
        upload=upload,
        samples=samples,
        correction=correction,
        format=format,
        slots=slots,
        apply=apply,
        busy=busy,
        summary=summary,
        cleaning=cleaning,
        checks=checks,
        details=details,
        clean=clean,
        examples=examples,
    )


def _sample_button(words: Words, name: str) -> gr.Button:
    sample = SAMPLES.get(name)
    label, help = (words.core(f"sample.{name}.{part}", getattr(sample, part)) for part in ("label", "help"))
    return gr.Button(card_text(label, help), elem_id=f"sample-{name}", elem_classes="card-button")


def _build_correction(words: Words) -> tuple[gr.Accordion, gr.Dropdown, tuple[gr.Dropdown, ...], gr.Button]:
    choices = [(words.core(f"format.{entry.name}.label", entry.label), entry.name) for entry in FORMATS]
    with gr.Accordion(words("data.correct"), open=False, visible=False, elem_id="data-correct") as correction:
        format = gr.Dropdown(choices, label=words("data.format"), elem_id="data-format")
        slots = tuple(
            gr.Dropdown([], label=words("data.column"), visible=False, elem_id=f"data-slot-{index}")
            for index in range(NUM_SLOTS)
        )
        apply = gr.Button(words("data.apply"), elem_id="data-apply")
    return correction, format, slots, apply


def _build_cleaning(words: Words) -> tuple[gr.Column, dict[str, gr.Checkbox], dict[str, gr.HTML], gr.HTML]:
    checks: dict[str, gr.Checkbox] = {}
    details: dict[str, gr.HTML] = {}
    with gr.Column(visible=False, elem_id="data-cleaning", elem_classes="cleaning") as column:
        gr.HTML(join(tag("h3", words("data.cleaning")), tag("p", words("data.cleaning.help"), class_="note")))
        for cleaner in CLEANERS:
            label, help = (
                words.core(f"cleaner.{cleaner.name}.{part}", getattr(cleaner, part)) for part in ("label", "help")
            )
            checks[cleaner.name] = gr.Checkbox(
                value=cleaner.default, label=label, info=help, elem_id=f"fix-{cleaner.name}", visible=False
            )
            details[cleaner.name] = gr.HTML("", visible=False, elem_classes="finding")
    clean = gr.HTML("")
    return column, checks, details, clean


@dataclass(frozen=True)
class DataCalls:
    """What the buttons of the tab do."""

    tab: DataTab
    words: Words
    studio: Studio
    session: Session

    def show(self, dataset: str) -> Updates:
        """The dataset this page looks at."""
        if not dataset:
            return empty_updates(self.tab, self.words)
        return dataset_updates(self.tab, self.words, self.studio.dataset(dataset), self.studio.cleaning(dataset))

    def receive(self, files: list[str] | None) -> Updates:
        """Files of the person."""
        return {self.session.dataset: self.studio.import_files(paths_of(files)).id, self.tab.upload: None}

    def offer_columns(self, files: list[str] | None, dataset: str) -> Iterator[Updates]:
        """After files that were refused: nothing of the data before is offered any more, but their columns are."""
        if not files or (
            dataset and self.studio.dataset(dataset).files == safe_names([p.name for p in paths_of(files)])
        ):
            return
        yield empty_updates(self.tab, self.words)
        slots = slot_updates(self.words, self.studio.columns(paths_of(files)), HAND_MADE, {})
        opened = {self.tab.correction: gr.Accordion(visible=True, open=True), self.tab.format: HAND_MADE}
        yield {**opened, **dict(zip(self.tab.slots, slots, strict=True))}

    def take_sample(self, name: str) -> Updates:
        """A data set that comes with Tailor."""
        return {self.session.dataset: self.studio.import_sample(name).id, self.tab.upload: None}

    def switch(self, dataset: str, **fixes: bool) -> Updates:
        """Checks on or off."""
        report = self.studio.set_fixes(dataset, [name for name, on in fixes.items() if on])
        return dataset_updates(self.tab, self.words, self.studio.dataset(dataset), report)

    def show_slots(self, dataset: str, files: list[str] | None, format: str) -> Updates:
        """The parts of another format, before it is tried."""
        known = None if files else self.studio.dataset(dataset)
        columns = known.columns if known else self.studio.columns(paths_of(files))
        mapping = known.mapping if known and known.format == format else {}
        return dict(zip(self.tab.slots, slot_updates(self.words, columns, format, mapping), strict=True))

    def read_as(self, dataset: str, files: list[str] | None, format: str, **chosen: str | None) -> Updates:
        """The same files in another format, or with other columns."""
        mapping = mapping_of(format, chosen)
        if files:
            made = self.studio.import_files(paths_of(files), format=format, mapping=mapping)
            return {self.session.dataset: made.id, self.tab.upload: None}
        self.studio.reinterpret(dataset, format, mapping)
        return self.show(dataset)


def paths_of(files: list[str] | None) -> list[Path]:
    """Uploaded files, as paths."""
    return [Path(file) for file in files or ()]


def wire(tab: DataTab, guard: Guard, studio: Studio, session: Session) -> None:
    """The events that stay inside the tab; a new dataset id is all that leaves it."""
    calls = DataCalls(tab, guard.words, studio, session)
    here, files = {"dataset": session.dataset}, {"files": tab.upload}
    chosen = {"dataset": session.dataset, "files": tab.upload, "format": tab.format}
    columns = {f"slot_{index}": slot for index, slot in enumerate(tab.slots)}
    changed = [session.dataset, *tab.shown]
    busy = Busy(tab.busy, guard.words("data.busy"))

    guard.bind(session.dataset.change, call=calls.show, reads=here, writes=tab.shown, quiet=True)
    received = guard.bind(tab.upload.upload, call=calls.receive, reads=files, writes=changed, busy=busy)
    guard.bind(after=received, call=calls.offer_columns, reads={**files, **here}, writes=tab.shown, quiet=True)
    for name, button in [*tab.samples.items(), (JOURNEY_SAMPLE, tab.journey)]:
        guard.bind(button.click, call=partial(calls.take_sample, name), writes=changed)
    switches = [check.input for check in tab.checks.values()]
    guard.bind(*switches, call=calls.switch, reads={**here, **tab.checks}, writes=tab.shown)
    slots = guard.bind(tab.format.input, call=calls.show_slots, reads=chosen, writes=tab.slots)
    guard.bind(after=slots, call=calls.read_as, reads=chosen, writes=changed)
    guard.bind(tab.apply.click, call=calls.read_as, reads={**chosen, **columns}, writes=changed)
