"""Export: take what was learned home, checked by loading it back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from core.export import EXPORTERS, Export, fits
from core.runs.store import RunView
from core.studio import Studio
from ui.guard import Busy, Guard, Updates
from ui.markup import Markup, div, join, tag
from ui.pieces import Top, badge, build_top, empty_state
from ui.quantities import size
from ui.session import Session
from ui.words import Words


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
    """The components of the tab. Once something was made, its download takes the place of the primary button.

    own: on to a file of one's own, when there is something to take home
    """

    top: Top
    download: gr.DownloadButton
    state: gr.HTML
    busy: gr.HTML
    cards: dict[str, ExportCard]
    own: gr.Button

    @property
    def shown(self) -> list[Any]:
        """What a run fills."""
        parts = [part for card in self.cards.values() for part in (card.column, card.make, card.result, card.file)]
        return [self.top.next, self.download, self.state, self.own, *parts]

    def making(self, place: gr.HTML, text: str) -> Busy:
        """While files are made, no others can be asked for."""
        buttons = [self.top.next, *(card.make for card in self.cards.values())]
        waits, goes = ({button: gr.update(interactive=on) for button in buttons} for on in (False, True))
        return Busy(place, text, during=waits, after=goes)


# Presenters -------------------------------------------------------------------------------------------------


def result_html(words: Words, export: Export) -> Markup:
    """What was made: how large, whether it was checked, how to use it."""
    verified = badge(
        words("export.verified" if export.verified else "export.unverified"),
        "finished" if export.verified else "failed",
    )
    line = div("run-line", tag("strong", export.path.name), tag("span", size(export.bytes)), verified)
    check = tag("p", words("export.checksum"), " ", tag("code", export.sha256, class_="hash"), class_="note")
    how = tag("details", tag("summary", words("export.how")), tag("pre", tag("code", export.how_to)), open=True)
    return join(line, check, how)


def label_of(words: Words, name: str) -> str:
    """What a target is called."""
    return words.core(f"export.{name}.label", EXPORTERS.get(name).label)


def fitting(run: RunView) -> list[str]:
    """The targets that can be made of a run, the one that fits best first."""
    return [target.name for target in EXPORTERS if fits(target, run.plan.strategy)]


def run_updates(tab: ExportTab, words: Words, run: RunView, made: Iterable[Export] = ()) -> Updates:
    """The cards for one run: those that fit its strategy, with what was made of it before."""
    offered, ready = fitting(run), {export.target: export for export in made}
    updates: Updates = {
        tab.state: tag("p", words("export.run", title=run.plan.title, base=run.plan.base), class_="note"),
        **next_updates(tab, words, offered[0], next((ready[name] for name in offered if name in ready), None)),
    }
    for name, card in tab.cards.items():
        updates[card.column] = gr.Column(visible=name in offered)
        updates |= card_updates(card, words, ready.get(name))
    return updates


def next_updates(tab: ExportTab, words: Words, first: str, made: Export | None) -> Updates:
    """What happens next: the first target is made, or what was made is downloaded; then comes a file of one's own."""
    label = words("export.next.make", what=label_of(words, first))
    updates: Updates = {
        tab.top.next: gr.Button(label, visible=made is None, interactive=True),
        tab.own: gr.Button(visible=made is not None),
        tab.download: gr.DownloadButton(visible=False, value=None),
    }
    if made:
        what = words("export.next.download", what=label_of(words, made.target), size=size(made.bytes))
        updates[tab.download] = gr.DownloadButton(what, visible=True, value=made.path)
    return updates


def card_updates(card: ExportCard, words: Words, made: Export | None) -> Updates:
    """One target, made or not."""
    if made is None:
        return {
            card.make: gr.Button(visible=True, interactive=True),
            card.result: "",
            card.file: gr.DownloadButton(value=None, visible=False),
        }
    label = words("export.download.size", size=size(made.bytes))
    return {
        card.make: gr.Button(visible=False, interactive=True),
        card.result: result_html(words, made),
        card.file: gr.DownloadButton(label, value=made.path, visible=True),
    }


def empty_updates(tab: ExportTab, words: Words) -> Updates:
    """The tab before there is anything to take home."""
    updates: Updates = {
        tab.top.next: gr.Button(words("export.next.waiting"), visible=True, interactive=False),
        tab.download: gr.DownloadButton(visible=False, value=None),
        tab.own: gr.Button(visible=False),
        tab.state: empty_state(words("export.empty.title"), words("export.empty.text")),
    }
    return updates | {card.column: gr.Column(visible=False) for card in tab.cards.values()}


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words) -> ExportTab:
    """The components."""
    top = build_top(words, "export", "export-next")
    with top.row:
        download = gr.DownloadButton(
            words("export.download"),
            variant="primary",
            visible=False,
            elem_id="export-download",
            elem_classes="next",
            min_width=240,
        )
    state = gr.HTML(empty_state(words("export.empty.title"), words("export.empty.text")), elem_id="export-state")
    busy = gr.HTML("")
    with gr.Column(elem_classes="export-cards"):
        cards = {exporter.name: _build_card(words, exporter.name) for exporter in EXPORTERS}
    with gr.Row(elem_classes="button-row"):
        own = gr.Button(words("export.own"), visible=False, elem_id="export-own", min_width=200)
    return ExportTab(top, download, state, busy, cards, own)


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
        if view is None or not view.has_result:
            return empty_updates(tab, words)
        return run_updates(tab, words, view, studio.exports(run))

    def make(target: str, run: str) -> Updates:
        studio.export(run, target)
        return show(run)

    def make_first(run: str) -> Updates:
        return make(fitting(studio.run(run))[0], run)

    def bind(button: gr.Button, place: gr.HTML, call: Callable[[str], Updates]) -> None:
        busy = tab.making(place, words("export.busy"))
        guard.bind(button.click, call=call, reads={"run": session.run}, writes=tab.shown, busy=busy)

    bind(tab.top.next, tab.busy, make_first)
    for name, card in tab.cards.items():
        bind(card.make, card.busy, partial(make, name))
    return show
