"""Split and mix: what is held back of the examples, and several datasets as one."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from core.data.mix import DEFAULT_CAP, MIX_MODES, MixPart, MixRow, plan_mix
from core.data.split import SplitKnobs, SplitSettings
from core.errors import OptionRefused
from core.knobs import knobs_of
from core.studio import Studio
from ui.forms import field, read
from ui.guard import Busy, Guard, Updates
from ui.markup import join, tag
from ui.quantities import when
from ui.session import Session
from ui.tabs.data_desk import Desk, undo_updates
from ui.tabs.data_doctor import workshop_js
from ui.tabs.data_import import title_of
from ui.tabs.data_split_views import Choosable, mix_choice_html, split_html
from ui.words import Words

MOST_OFFERED = 20
BY_HAND = MIX_MODES[-1]


@dataclass(frozen=True)
class SplitPart:
    """The components of the part; offered: the datasets that can be mixed, as the person chose among them."""

    busy: gr.HTML
    knobs: dict[str, Any]
    apply: gr.Button
    counts: gr.HTML
    mode: gr.Radio
    cap: gr.Number
    choice: gr.HTML
    title: gr.Textbox
    mix: gr.Button
    offered: gr.State

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [*self.knobs.values(), self.counts, self.choice, self.offered, self.title]


def build(words: Words) -> SplitPart:
    """The components."""
    gr.HTML(join(tag("h3", words("data.split")), tag("p", words("data.split.help"), class_="note")))
    with gr.Row(elem_classes="form-row pairs"):
        knobs = {knob.name: field(knob, words, elem_id=f"data-{knob.name}") for knob in knobs_of(SplitKnobs)}
    with gr.Row(elem_classes="button-row"):
        apply = gr.Button(words("data.split.apply"), elem_id="data-split-apply", min_width=160, size="md")
    busy = gr.HTML("")
    counts = gr.HTML("", elem_id="data-split-counts")
    with gr.Accordion(words("data.mix"), open=False, elem_id="data-mix-box"):
        gr.HTML(tag("p", words("data.mix.help"), class_="note"))
        choice = gr.HTML("", elem_id="data-mix-choice", js_on_load=workshop_js())
        mode = gr.Radio(
            [(words(f"data.mix.mode.{name}"), name) for name in MIX_MODES],
            value=MIX_MODES[0],
            label=words("data.mix.mode"),
            elem_id="data-mix-mode",
        )
        with gr.Row(elem_classes="form-row"):
            cap = gr.Number(
                DEFAULT_CAP,
                label=words("data.mix.cap"),
                info=words("data.mix.cap.help"),
                minimum=1,
                step=0.5,
                elem_id="data-mix-cap",
                min_width=160,
            )
            title = gr.Textbox(label=words("data.mix.title"), max_lines=1, elem_id="data-mix-title", min_width=160)
        with gr.Row(elem_classes="button-row"):
            mix = gr.Button(words("data.mix.make"), elem_id="data-mix", min_width=160, size="md")
    return SplitPart(busy, knobs, apply, counts, mode, cap, choice, title, mix, gr.State(()))


@dataclass(frozen=True)
class SplitCalls:
    """What the part does."""

    part: SplitPart
    words: Words
    studio: Studio
    session: Session
    desk: Desk

    def show(self, dataset: str, part: str = "split") -> Updates:
        """The dataset this page looks at, while the part is open."""
        if part != "split" or not dataset:
            return {}
        options = self.studio.dataset(dataset).split.as_options()
        offered = self._offered(dataset)
        return {
            **{self.part.knobs[name]: value for name, value in options.items()},
            self.part.counts: split_html(self.words, self.studio.split_counts(dataset)),
            self.part.choice: mix_choice_html(self.words, offered, (), by_hand=False),
            self.part.offered: offered,
        }

    def split(self, dataset: str, who: str, **raw: Any) -> Updates:
        """Another split; the checks do not depend on it."""
        values = read(knobs_of(SplitKnobs), raw)
        chosen = SplitSettings(
            validation=values["validation_fraction"],
            test=values["test_fraction"],
            seed=values["seed"],
            stratify=values["stratify"],
        )
        self.studio.set_split(dataset, chosen, who)
        last = undo_updates(self.desk, self.words, self.studio.last_change(dataset))
        return {self.part.counts: split_html(self.words, self.studio.split_counts(dataset)), **last}

    def weigh(self, event: gr.EventData, mode: str, cap: float, offered: tuple[Choosable, ...]) -> Updates:
        """Datasets ticked and weighed on the page."""
        return self._weighed(_as_chosen(offered, str(event.items)), mode, cap)

    def weigh_anew(self, mode: str, cap: float, offered: tuple[Choosable, ...]) -> Updates:
        """The same datasets mixed in another way."""
        return self._weighed(offered, mode, cap)

    def mix(self, dataset: str, mode: str, cap: float, title: str, offered: tuple[Choosable, ...]) -> Updates:
        """One dataset of those that are ticked."""
        parts = _parts(offered)
        name = title.strip() or self.words("data.mix.joined").join(part.title for part in parts)
        return self.desk.follow(self.words, self.studio.begin_mix(name, parts, mode, cap), dataset, self.session)

    def _weighed(self, offered: tuple[Choosable, ...], mode: str, cap: float) -> Updates:
        seen: Sequence[MixRow] = ()
        sizes = {one.dataset: one.num_rows for one in offered}
        parts = _parts(offered)
        if len(parts) > 1:
            with suppress(OptionRefused):  # said when it is to be made; while weights are typed some are nonsense
                seen = plan_mix(sizes, parts, mode, cap or DEFAULT_CAP)
        html = mix_choice_html(self.words, offered, seen, by_hand=mode == BY_HAND)
        return {self.part.choice: html, self.part.offered: offered}

    def _offered(self, dataset: str) -> tuple[Choosable, ...]:
        own = [one for one in self.studio.datasets.list() if not one.mix]
        own.sort(key=lambda one: one.id != dataset)
        return tuple(
            Choosable(
                one.id,
                title_of(self.words, one),
                when(one.id),
                self.studio.review(one.id, count=0).counts.num_learned,
                on=one.id == dataset,
            )
            for one in own[:MOST_OFFERED]
        )


def _parts(offered: Sequence[Choosable]) -> list[MixPart]:
    return [MixPart(one.dataset, one.weight, one.title) for one in offered if one.on]


def _as_chosen(offered: Sequence[Choosable], items: str) -> tuple[Choosable, ...]:
    """The datasets as they are ticked on the page."""
    chosen = {item["item"]: item for item in json.loads(items)}
    return tuple(
        replace(one, on=bool(item["on"]), weight=_number(item["weight"])) if (item := chosen.get(one.dataset)) else one
        for one in offered
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def wire(calls: SplitCalls, guard: Guard, tab: gr.Tab) -> None:
    """The events that stay inside the part; opening its tab shows it."""
    part, session, desk = calls.part, calls.session, calls.desk
    here = {"dataset": session.dataset}
    counting = Busy(part.busy, guard.words("data.splitting"))
    guard.bind(tab.select, call=calls.show, reads=here, writes=part.shown, busy=counting)
    reads = {**here, "part": desk.part}
    changes = (session.dataset.change, desk.changed.change)
    guard.bind(*changes, call=calls.show, reads=reads, writes=part.shown, quiet=True)
    undone = [part.counts, desk.undo_row, desk.undo_text]
    knobs = {**here, "who": desk.who, **part.knobs}
    guard.bind(part.apply.click, call=calls.split, reads=knobs, writes=undone, busy=counting)
    mixed = {"mode": part.mode, "cap": part.cap, "offered": part.offered}
    table = [part.choice, part.offered]
    guard.bind(part.choice.select, call=calls.weigh, reads=mixed, writes=table)
    guard.bind(part.mode.input, part.cap.input, call=calls.weigh_anew, reads=mixed, writes=table)
    making = {**here, **mixed, "title": part.title}
    guard.bind(part.mix.click, call=calls.mix, reads=making, writes=[session.dataset, *desk.followed])
