"""Export: take what was learned home, checked by loading it back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.export import EXPORTERS
from core.runs.store import RunView
from core.studio import Studio
from ui.guard import Busy, Guard, Updates
from ui.markup import Markup, div, join, tag
from ui.pieces import Top, badge, build_top, empty_state
from ui.quantities import size
from ui.session import Session
from ui.words import Words

if TYPE_CHECKING:
    from core.export.base import Export


@dataclass(frozen=True)
class ExportCard:
    """One target: what it is for, the button that makes it, and what came of it."""

    column: gr.Column
    make: gr.Button
    busy: gr.HTML
    result: gr.HTML
    file: gr.DownloadButton


@dataclass(frozen=True)
class ExportTab:
    """The components of the tab."""

    top: Top
    state: gr.HTML
    cards: dict[str, ExportCard]

    @property
    def shown(self) -> list[Any]:
        """What a run fills."""
        parts = [part for card in self.cards.values() for part in (card.column, card.make, card.result, card.file)]
        return [self.top.next, self.state, *parts]


# Presenters -------------------------------------------------------------------------------------------------


def result_html(words: Words, export: "Export") -> Markup:
    """What was made: how large, whether it was checked, how to use it."""
    verified = badge(
        words("export.verified" if export.verified else "export.unverified"),
        "finished" if export.verified else "failed",
    )
    line = div("run-line", tag("strong", export.path.name), tag("span", size(export.bytes)), verified)
    check = tag("p", words("export.checksum"), " ", tag("code", export.sha256, class_="hash"), class_="note")
    how = tag("details", tag("summary", words("export.how")), tag("pre", tag("code", export.how_to)), open=True)
    return join(line, check, how)


def run_updates(tab: ExportTab, words: Words, run: RunView) -> Updates:
    """The cards for one run: those that fit its strategy."""
    updates: Updates = {
        tab.top.next: gr.Button(words("export.next"), interactive=True),
        tab.state: tag("p", words("export.run", title=run.plan.title, base=run.plan.base), class_="note"),
    }
    for name, card in tab.cards.items():
        fits = run.plan.strategy in EXPORTERS.get(name).strategies
        updates[card.column] = gr.Column(visible=fits)
        updates[card.make] = gr.Button(visible=True)
        updates[card.result] = ""
        updates[card.file] = gr.DownloadButton(value=None, visible=False)
    return updates


def empty_updates(tab: ExportTab, words: Words) -> Updates:
    """The tab before there is anything to take home."""
    updates: Updates = {
        tab.top.next: gr.Button(words("export.next.waiting"), interactive=False),
        tab.state: empty_state(words("export.empty.title"), words("export.empty.text")),
    }
    return updates | {card.column: gr.Column(visible=False) for card in tab.cards.values()}


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words) -> ExportTab:
    """The components."""
    top = build_top(words, "export", "export-next")
    state = gr.HTML(empty_state(words("export.empty.title"), words("export.empty.text")), elem_id="export-state")
    with gr.Column(elem_classes="export-cards"):
        cards = {exporter.name: _build_card(words, exporter.name) for exporter in EXPORTERS}
    return ExportTab(top, state, cards)


def _build_card(words: Words, name: str) -> ExportCard:
    exporter = EXPORTERS.get(name)
    label, help = (words.core(f"export.{name}.{part}", getattr(exporter, part)) for part in ("label", "help"))
    with gr.Column(visible=False, elem_classes="export-card") as column:
        with gr.Row(equal_height=True, elem_classes="export-row"):
            gr.HTML(join(tag("h3", label), tag("p", help)), elem_classes="grow")
            make = gr.Button(
                words("export.make"), elem_id=f"export-{name}-make", min_width=200, elem_classes="accent-button"
            )
            file = gr.DownloadButton(
                words("export.download"),
                visible=False,
                elem_id=f"export-{name}-file",
                min_width=200,
                elem_classes="accent-button",
            )
        busy = gr.HTML("")
        result = gr.HTML("", elem_id=f"export-{name}-result")
    return ExportCard(column, make, busy, result, file)


def wire(tab: ExportTab, guard: Guard, studio: Studio, session: Session) -> Callable[[str], Updates]:
    """Making. Returns what shows a run, for the page to bind to a new id and to the tab."""
    words = guard.words

    def show(run: str) -> Updates:
        view = studio.run(run) if run else None
        return run_updates(tab, words, view) if view and view.has_result else empty_updates(tab, words)

    def make(target: str, run: str) -> Updates:
        export, card = studio.export(run, target), tab.cards[target]
        label = words("export.download.size", size=size(export.bytes))
        return {
            card.make: gr.Button(visible=False),
            card.result: result_html(words, export),
            card.file: gr.DownloadButton(label, value=export.path, visible=True),
        }

    for name, card in tab.cards.items():
        guard.bind(
            card.make.click,
            call=lambda run, name=name: make(name, run),
            reads={"run": session.run},
            writes=[card.make, card.result, card.file],
            busy=Busy(card.busy, words("export.busy")),
        )
    return show
