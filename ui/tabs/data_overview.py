"""Overview: what was understood, how good it is, the first conversations, and the cleaned set to take along."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from core.data.store import Dataset
from core.data.writers import WRITERS
from core.studio import Studio
from core.work import JobView
from ui.guard import Busy, Guard, Updates
from ui.pieces import ACTIONS, card_text
from ui.quantities import size
from ui.session import Session
from ui.tabs.data_desk import Desk, job_html
from ui.tabs.data_views import NUM_SHOWN, examples_html, mix_html, quality_html, summary_html
from ui.words import Words

SAVE_TICK_S = 0.5


@dataclass(frozen=True)
class OverviewPart:
    """The components of the part."""

    summary: gr.HTML
    quality: gr.HTML
    mix: gr.HTML
    examples: gr.HTML
    save_box: gr.Accordion
    writer: gr.Radio
    save: gr.Button
    saving: gr.HTML
    file: gr.DownloadButton
    save_job: gr.State
    timer: gr.Timer

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [self.summary, self.quality, self.mix, self.examples, self.writer, self.file, self.saving]


def build(words: Words) -> OverviewPart:
    """The components."""
    summary = gr.HTML("", elem_id="data-summary")
    quality = gr.HTML("", elem_id="data-quality", js_on_load=ACTIONS)
    mix = gr.HTML("", elem_id="data-mix-table")
    with gr.Accordion(words("data.save"), open=False, elem_id="data-save-box") as save_box:
        writer = gr.Radio(
            _writer_choices(words, None),
            value=WRITERS.names()[0],
            label=words("data.save.kind"),
            elem_id="data-writer",
            elem_classes="cards",
        )
        with gr.Row(elem_classes="button-row"):
            save = gr.Button(words("data.save.write"), elem_id="data-save", min_width=160)
            file = gr.DownloadButton(
                words("data.save.download", name="", size=""),
                visible=False,
                elem_id="data-save-file",
                elem_classes="accent-button",
                min_width=160,
            )
        saving = gr.HTML("")
    examples = gr.HTML("", elem_id="data-examples")
    timer = gr.Timer(SAVE_TICK_S, active=False)
    return OverviewPart(
        summary, quality, mix, examples, save_box, writer, save, saving, file, save_job=gr.State(""), timer=timer
    )


def _writer_choices(words: Words, task: str | None) -> list[tuple[str, str]]:
    """The kinds of file that hold this kind of data, as cards."""
    return [
        (
            card_text(
                words.core(f"writer.{entry.name}.label", entry.label),
                words.core(f"writer.{entry.name}.help", entry.help),
            ),
            entry.name,
        )
        for entry in WRITERS
        if task is None or task in entry.tasks
    ]


@dataclass(frozen=True)
class OverviewCalls:
    """What the part does."""

    part: OverviewPart
    words: Words
    studio: Studio
    session: Session
    desk: Desk

    def show(self, dataset: str) -> Updates:
        """The dataset this page looks at."""
        if not dataset:
            return self.empty()
        part, words, known = self.part, self.words, self.studio.dataset(dataset)
        report, page = self.studio.report(dataset), self.studio.review(dataset, count=NUM_SHOWN)
        shown = [row.example for row in page.rows if row.state != "rejected"]
        return {
            part.summary: summary_html(words, known, report, page.counts.num_rows - page.counts.num_rejected),
            part.quality: quality_html(words, self.studio.quality(dataset)),
            part.mix: mix_html(words, self.studio.mix_table(dataset)),
            part.examples: examples_html(words, shown, page.counts.num_rows),
            **self._offered(known),
        }

    def empty(self) -> Updates:
        """The part before there are any data."""
        part = self.part
        blank: Updates = dict.fromkeys((part.summary, part.quality, part.mix, part.examples, part.saving), "")
        return {**blank, part.file: gr.DownloadButton(visible=False, value=None)}

    def _offered(self, dataset: Dataset) -> Updates:
        choices = _writer_choices(self.words, dataset.task)
        return {
            self.part.writer: gr.Radio(choices=choices, value=choices[0][1]),
            self.part.file: gr.DownloadButton(visible=False, value=None),
            self.part.saving: "",
        }

    def save(self, dataset: str, writer: str) -> Updates:
        """Writes the examples as a file."""
        return self._saved(self.studio.begin_save(dataset, writer))

    def tick(self, job: str) -> Iterator[Updates]:
        """Looks whether the file is there. A failure is said once the clock has stopped."""
        view = self.desk.view_of(self.studio, job)
        if view is None or view.error:
            yield {self.part.timer: gr.Timer(active=False), self.part.saving: "", self.part.save_job: ""}
        if view is not None:
            yield self._saved(view)

    def _saved(self, view: JobView) -> Updates:
        part = self.part
        if view.state == "going":
            going = job_html(self.words, view)
            return {part.save_job: view.id, part.timer: gr.Timer(active=True), part.saving: going}
        if view.error:
            raise view.error
        path = Path(view.result)
        label = self.words("data.save.download", name=path.name, size=size(path.stat().st_size))
        return {
            part.save_job: "",
            part.timer: gr.Timer(active=False),
            part.saving: "",
            part.file: gr.DownloadButton(label, value=path, visible=True),
        }


def wire(calls: OverviewCalls, guard: Guard) -> None:
    """The events that stay inside the part."""
    part, session = calls.part, calls.session
    here = {"dataset": session.dataset}
    guard.bind(
        session.dataset.change, calls.desk.changed.change, call=calls.show, reads=here, writes=part.shown, quiet=True
    )
    written = [part.save_job, part.timer, part.saving, part.file]
    busy = Busy(part.saving, guard.words("data.saving"))
    guard.bind(part.save.click, call=calls.save, reads={**here, "writer": part.writer}, writes=written, busy=busy)
    guard.bind(part.timer.tick, call=calls.tick, reads={"job": part.save_job}, writes=written, quiet=True)
