"""Pictures: what the examples are like, and where rows went."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.data.profile import Profile
from core.models.catalog import STARTER
from core.studio import Studio
from ui.figures import chart
from ui.guard import Busy, Guard, Updates
from ui.markup import Markup, join, tag
from ui.pictures import clusters_figure, flow_figure, languages_figure, lengths_figure, tally_figure, turns_figure
from ui.session import Session
from ui.tabs.data_desk import Desk
from ui.words import Words

PICTURES = ("lengths", "flow", "turns", "languages", "labels", "clusters")
WIDE = ("lengths", "flow")


@dataclass(frozen=True)
class PicturesPart:
    """The components of the part: by picture, its box, what is said of it, and the chart; and what lengths count by."""

    busy: gr.HTML
    base: gr.Dropdown
    limit: gr.Number
    apply: gr.Button
    boxes: dict[str, gr.Column]
    texts: dict[str, gr.HTML]
    charts: dict[str, gr.HTML]

    @property
    def shown(self) -> list[Any]:
        """Everything a dataset fills."""
        return [self.base, self.limit, *self.boxes.values(), *self.texts.values(), *self.charts.values()]


def build(words: Words) -> PicturesPart:
    """The components."""
    busy = gr.HTML("")
    boxes: dict[str, gr.Column] = {}
    texts: dict[str, gr.HTML] = {}
    charts: dict[str, gr.HTML] = {}

    def picture(name: str) -> None:
        with gr.Column(elem_classes="picture", min_width=280) as boxes[name]:
            texts[name] = gr.HTML(tag("h3", words(f"picture.{name}")))
            charts[name] = chart(f"data-picture-{name}", words(f"picture.{name}"), is_small=True)

    picture("lengths")
    with gr.Row(elem_classes="form-row"):
        base = gr.Dropdown([], label=words("data.limit.base"), elem_id="data-limit-base", min_width=260)
        limit = gr.Number(
            0,
            label=words("data.limit.value"),
            info=words("data.limit.help"),
            elem_id="data-limit",
            precision=0,
            min_width=260,
        )
    with gr.Row(elem_classes="button-row"):
        apply = gr.Button(words("data.limit.apply"), elem_id="data-limit-apply", min_width=160, size="md")
    picture("flow")
    with gr.Row(elem_classes="pictures"):
        for name in PICTURES:
            if name not in WIDE:
                picture(name)
    return PicturesPart(busy, base, limit, apply, boxes, texts, charts)


def pictures_updates(part: PicturesPart, words: Words, profile: Profile) -> Updates:
    """Every picture of a profile; labels only where there are any."""
    figures = {
        "lengths": lengths_figure(words, profile),
        "flow": flow_figure(words, profile.flow),
        "turns": turns_figure(words, profile),
        "languages": languages_figure(words, profile),
        "labels": tally_figure(words, profile.labels),
        "clusters": clusters_figure(words, profile),
    }
    updates: Updates = {part.charts[name]: figure for name, figure in figures.items()}
    updates |= {part.texts[name]: text_html(words, name, profile) for name in PICTURES}
    return {**updates, part.boxes["labels"]: gr.Column(visible=bool(profile.labels))}


def text_html(words: Words, name: str, profile: Profile) -> Markup:
    """A picture's name, and what it says in words."""
    return join(tag("h3", words(f"picture.{name}")), tag("p", _said(words, name, profile), class_="note"))


def _said(words: Words, name: str, profile: Profile) -> str:
    if name != "lengths" or not profile.lengths:
        return words(f"picture.{name}.help")
    kept = words(
        "picture.lengths.kept",
        some=f"{profile.kept_95:,}",
        most=f"{profile.kept_99:,}",
        all=f"{profile.kept_100:,}",
        limit=f"{profile.limit:,}",
    )
    if not profile.num_cut:
        return words("picture.lengths.whole") + kept
    return words.count("picture.lengths.cut", profile.num_cut, emptied=f"{profile.num_emptied:,}") + kept


@dataclass(frozen=True)
class PicturesCalls:
    """What the part does."""

    part: PicturesPart
    words: Words
    studio: Studio
    session: Session
    desk: Desk

    def show(self, dataset: str, part: str = "pictures") -> Updates:
        """The dataset this page looks at, while the part is open."""
        if part != "pictures" or not dataset:
            return {}
        settings = self.studio.dataset(dataset).settings
        return {
            **pictures_updates(self.part, self.words, self.studio.profile(dataset)),
            self.part.base: gr.Dropdown(choices=self._bases(), value=settings.base),
            self.part.limit: settings.max_length,
        }

    def count(self, dataset: str, base: str, limit: float | None) -> Updates:
        """The lengths in tokens of another base model, or with another limit."""
        view = self.studio.set_limit(dataset, base, int(limit or 0))
        return self.desk.follow(self.words, view, dataset, self.session)

    def _bases(self) -> list[tuple[str, str]]:
        names = [base.name for base in self.studio.bases()]
        return [(self.words("plan.base.starter") if name == STARTER else name, name) for name in names]


def wire(calls: PicturesCalls, guard: Guard, tab: gr.Tab) -> None:
    """Opening the tab draws."""
    part, session, desk = calls.part, calls.session, calls.desk
    here = {"dataset": session.dataset}
    drawing = Busy(part.busy, guard.words("picture.busy"))
    guard.bind(tab.select, call=calls.show, reads=here, writes=part.shown, busy=drawing)
    chosen = {**here, "base": part.base, "limit": part.limit}
    guard.bind(part.apply.click, call=calls.count, reads=chosen, writes=[session.dataset, *desk.followed])
    changes = (session.dataset.change, desk.changed.change)
    guard.bind(*changes, call=calls.show, reads={**here, "part": desk.part}, writes=part.shown, quiet=True)
