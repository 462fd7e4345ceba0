"""Plan: a goal, an effort, a base model; what it costs and what will be learned, before anything starts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.data.samples import SAMPLES
from core.models.catalog import STARTER
from core.strategies import STRATEGIES
from core.studio import Studio
from core.training.plan import Schedule, TrainingPlan
from core.training.presets import GOALS, PRESETS
from ui.forms import PlanFields, build_plan_fields
from ui.guard import Busy, Guard, Updates
from ui.pieces import Top, build_top, card_text, empty_state
from ui.session import Session
from ui.tabs.plan_views import costs_html, issues_html, preview_html, start_label
from ui.words import Words

if TYPE_CHECKING:
    from core.hardware import Device
    from core.models.catalog import BaseModel
    from core.training.preflight import PlanCheck

OTHER_BASE = "…"


@dataclass(frozen=True)
class PlanTab:
    """The components of the tab; `drafted` is the dataset the form was filled for."""

    top: Top
    goal: gr.Radio
    preset: gr.Radio
    base: gr.Dropdown
    other_base: gr.Textbox
    strategy: gr.Radio
    fields: PlanFields
    own_columns: dict[str, gr.Column]
    decide: gr.Column
    busy: gr.HTML
    issues: gr.HTML
    costs: gr.HTML
    preview: gr.HTML
    drafted: gr.State

    checking: Busy
    starting: Busy

    @property
    def reads(self) -> dict[str, Any]:
        """The whole form, by name."""
        choices = {"goal": self.goal, "preset": self.preset, "base": self.base, "strategy": self.strategy}
        return {**choices, "other_base": self.other_base, **self.fields.reads}

    @property
    def shown(self) -> list[Any]:
        """What a check fills."""
        return [self.top.next, self.issues, self.costs, self.preview]

    @property
    def filled(self) -> list[Any]:
        """What a draft fills besides."""
        return [*self.fields.reads.values(), *self.own_columns.values(), self.other_base, self.goal, self.drafted]

    @property
    def opened(self) -> list[Any]:
        """What opening the tab changes. An edit leaves the form alone, so that it does not flicker under the hand."""
        return [*self.shown, *self.filled, self.decide]


@dataclass(frozen=True)
class Choice:
    """What the four main fields say."""

    goal: str
    preset: str
    base: str
    strategy: str

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Choice":
        """Read from the form; a base model of one's own comes from the text field."""
        base = str(raw["other_base"] or "").strip() if raw["base"] == OTHER_BASE else raw["base"]
        return cls(goal=raw["goal"], preset=raw["preset"], base=base or STARTER, strategy=raw["strategy"])


# Presenters -------------------------------------------------------------------------------------------------


def check_updates(tab: PlanTab, words: Words, check: "PlanCheck", device: "Device") -> Updates:
    """Everything a check says."""
    return {
        tab.top.next: gr.Button(start_label(words, check), interactive=not check.issues),
        tab.issues: issues_html(words, check.issues),
        tab.costs: costs_html(words, check, device),
        tab.preview: preview_html(words, check.preview),
    }


def empty_updates(tab: PlanTab, words: Words) -> Updates:
    """The tab before there are data."""
    return {
        tab.top.next: gr.Button(words("plan.next.waiting"), interactive=False),
        tab.issues: "",
        tab.costs: empty_state(words("plan.empty.title"), words("plan.empty.text")),
        tab.preview: "",
        tab.decide: gr.Column(visible=False),
    }


def base_choices(words: Words, bases: "Iterable[BaseModel]") -> list[tuple[str, str]]:
    """The models on this machine, and the way to any other."""
    here = [(words("plan.base.starter") if base.name == STARTER else base.name, base.name) for base in bases]
    return [*here, (words("plan.base.other"), OTHER_BASE)]


def goal_for(sample: str, chosen: str) -> str:
    """The goal a sample stands for; for a person's own data, what was chosen."""
    return SAMPLES.get(sample).goal if sample in SAMPLES else chosen


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words) -> PlanTab:
    """The components; the base models of this machine are filled in when the page opens."""
    top = build_top(words, "plan", "plan-start")
    with gr.Row(elem_classes="columns"):
        with gr.Column(elem_classes="decide", min_width=280, visible=False) as decide:
            goal = _cards(words, "goal", GOALS, "help", "voice")
            preset = _cards(words, "preset", PRESETS, "why", "balanced")
            base = gr.Dropdown(
                [(words("plan.base.starter"), STARTER), (words("plan.base.other"), OTHER_BASE)],
                value=STARTER,
                label=words("plan.base"),
                info=words("plan.base.help"),
                elem_id="plan-base",
            )
            other_base = gr.Textbox(
                label=words("plan.base.name"),
                info=words("plan.base.name.help"),
                visible=False,
                elem_id="plan-base-other",
            )
            strategy = _cards(words, "strategy", STRATEGIES, "summary", "lora")
            with gr.Accordion(words("plan.details"), open=False, elem_id="plan-details"):
                fields, own_columns = build_plan_fields(words)
        with gr.Column(elem_classes="see", min_width=320):
            busy = gr.HTML("")
            issues = gr.HTML("", elem_id="plan-issues")
            costs = gr.HTML(empty_state(words("plan.empty.title"), words("plan.empty.text")), elem_id="plan-costs")
            preview = gr.HTML("", elem_id="plan-preview")
    return PlanTab(
        top=top,
        goal=goal,
        preset=preset,
        base=base,
        other_base=other_base,
        strategy=strategy,
        fields=fields,
        own_columns=own_columns,
        decide=decide,
        busy=busy,
        issues=issues,
        costs=costs,
        preview=preview,
        drafted=gr.State(""),
        checking=Busy(busy, words("plan.busy")),
        starting=Busy(busy, words("plan.starting")),
    )


def _cards(words: Words, kind: str, table: Iterable[Any], text: str, chosen: str) -> gr.Radio:
    """A choice of cards: name in the first line, reason below."""
    choices = [
        (
            card_text(
                words.core(f"{kind}.{entry.name}.label", entry.label),
                words.core(f"{kind}.{entry.name}.{text}", getattr(entry, text)),
            ),
            entry.name,
        )
        for entry in table
    ]
    return gr.Radio(choices, value=chosen, label=words(f"plan.{kind}"), elem_id=f"plan-{kind}", elem_classes="cards")


@dataclass(frozen=True)
class PlanCalls:
    """What the form does. The page binds `open` to the tab, and `start` to the way to Train."""

    tab: PlanTab
    words: Words
    studio: Studio
    session: Session

    def open(self, dataset: str, drafted: str, **raw: Any) -> Updates:
        """The tab as it is opened: a new draft for a new dataset, otherwise what was written, checked again."""
        if not dataset:
            return empty_updates(self.tab, self.words)
        form = {self.tab.decide: gr.Column(visible=True)}
        if dataset == drafted:
            return {**form, **self.check(dataset, **raw)}
        goal = goal_for(self.studio.dataset(dataset).sample, raw["goal"])
        return {**form, **self.draft(dataset, **{**raw, "goal": goal}), self.tab.goal: goal}

    def draft(self, dataset: str, **raw: Any) -> Updates:
        """Sane options for the four main choices."""
        if not dataset:
            return {}
        chosen = Choice.of(raw)
        plan = self.studio.draft(dataset, chosen.base, strategy=chosen.strategy, goal=chosen.goal, preset=chosen.preset)
        columns = {part: gr.Column(visible=name == plan.strategy) for name, part in self.tab.own_columns.items()}
        return {**self.tab.fields.filled(plan), **columns, self.tab.drafted: dataset, **self._shown(plan)}

    def check(self, dataset: str, **raw: Any) -> Updates:
        """What the form as it stands means."""
        return self._shown(self._written(dataset, raw)) if dataset else {}

    def choose_base(self, base: str) -> Updates:
        """The text field for a base model of one's own."""
        return {self.tab.other_base: gr.Textbox(visible=base == OTHER_BASE)}

    def start(self, dataset: str, **raw: Any) -> Updates:
        """A run of the plan as it stands."""
        return {self.session.run: self.studio.start(self._written(dataset, raw))}

    def _shown(self, plan: TrainingPlan) -> Updates:
        return check_updates(self.tab, self.words, self.studio.check(plan), self.studio.device())

    def _written(self, dataset: str, raw: dict[str, Any]) -> TrainingPlan:
        chosen, title = Choice.of(raw), self.studio.dataset(dataset).title
        options = STRATEGIES.get(chosen.strategy).options().model_dump(mode="json")
        blank = TrainingPlan(title=title, dataset=dataset, options=options, schedule=Schedule(), **vars(chosen))
        return blank.changed(self.tab.fields.values(chosen.strategy, raw))


def wire(tab: PlanTab, guard: Guard, studio: Studio, session: Session) -> PlanCalls:
    """The events of the form."""
    calls = PlanCalls(tab, guard.words, studio, session)
    form = {"dataset": session.dataset, **tab.reads}
    latest: dict[str, Any] = {"reads": form, "trigger_mode": "always_last"}
    drafted = {"call": calls.draft, "writes": [*tab.shown, *tab.filled], "busy": tab.checking, **latest}
    guard.bind(tab.goal.input, tab.preset.input, tab.strategy.input, tab.other_base.submit, **drafted)
    shown = guard.bind(tab.base.input, call=calls.choose_base, reads={"base": tab.base}, writes=[tab.other_base])
    guard.bind(after=shown, **drafted)
    edits = [part.input for part in tab.fields.reads.values()]
    guard.bind(*edits, call=calls.check, writes=tab.shown, busy=tab.checking, **latest)
    return calls
