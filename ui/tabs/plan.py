"""Plan: a goal, an effort, a base model; what it costs and what will be learned, before anything starts."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.errors import TailorError
from core.models.catalog import STARTER
from core.strategies import STRATEGIES
from core.studio import Studio
from core.tasks import AUTO, TASKS
from core.training.plan import Schedule, TrainingPlan
from core.training.presets import GOALS, PRESETS
from ui.forms import build_plan_fields
from ui.guard import Busy, Guard, Updates
from ui.markup import Markup, tag
from ui.pieces import build_top, empty_state
from ui.session import Session
from ui.tabs.plan_cards import cards, task_update
from ui.tabs.plan_choice import OTHER_BASE, OTHER_WAY, Choice, base_choices, dataset_of, goal_for
from ui.tabs.plan_costs import measured_html, orientation_html
from ui.tabs.plan_extras import build_prompts, build_search, build_start
from ui.tabs.plan_form import PlanTab, blocked_updates, check_updates, empty_updates
from ui.tabs.plan_way import build_way, way_html
from ui.words import Words

if TYPE_CHECKING:
    from core.training.preflight import PlanCheck

ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": "plan", "concurrency_limit": 1}


# Building and wiring ----------------------------------------------------------------------------------------


def build(words: Words) -> PlanTab:
    """The components; the base models of this machine are filled in when the page opens."""
    top = build_top(words, "plan", "plan-start")
    with gr.Row(elem_classes="columns"):
        with gr.Column(elem_classes="decide", min_width=280, visible=False) as decide:
            goal = cards(words, "goal", GOALS, "help", "voice")
            task = cards(words, "task", TASKS, "summary", None, visible=False)
            preset = cards(words, "preset", PRESETS, "why", "balanced")
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
            strategy, other_strategy, way = build_way(words)
            continue_from = build_start(words)
            with gr.Accordion(words("plan.details"), open=False, elem_id="plan-details"):
                fields, own_columns = build_plan_fields(words)
                prompts = build_prompts(words)
                search = build_search(words)
        with gr.Column(elem_classes="see", min_width=320):
            busy = gr.HTML("")
            issues = gr.HTML("", elem_id="plan-issues")
            costs = gr.HTML(empty_state(words("plan.empty.title"), words("plan.empty.text")), elem_id="plan-costs")
            with gr.Row(visible=False, elem_classes="button-row") as trial:
                measure = gr.Button(words("plan.measure"), size="sm", elem_id="plan-measure", min_width=160)
                measured = gr.HTML("", elem_id="plan-measured")
            with gr.Accordion(
                words("plan.orientation"), open=False, visible=False, elem_id="plan-orientation"
            ) as elsewhere:
                orientation = gr.HTML("")
            preview = gr.HTML("", elem_id="plan-preview")
    return PlanTab(
        top=top,
        goal=goal,
        preset=preset,
        base=base,
        other_base=other_base,
        strategy=strategy,
        other_strategy=other_strategy,
        way=way,
        continue_from=continue_from,
        prompts=prompts,
        search=search,
        task=task,
        fields=fields,
        own_columns=own_columns,
        decide=decide,
        busy=busy,
        issues=issues,
        costs=costs,
        trial=trial,
        measure=measure,
        measured=measured,
        elsewhere=elsewhere,
        orientation=orientation,
        preview=preview,
        drafted=gr.Textbox("", visible=False, elem_id="plan-drafted"),
        **_waits(words, top.next, busy, measure, measured),
    )


def _waits(words: Words, start: gr.Button, busy: gr.HTML, measure: gr.Button, measured: gr.HTML) -> dict[str, Busy]:
    """What is said and done meanwhile, by name."""
    return {
        "opening": Busy(busy, words("plan.busy"), during={start: gr.update(interactive=False)}),
        "checking": Busy(
            busy,
            words("plan.busy"),
            after={start: gr.update(value=words("plan.next.issues"), interactive=False)},
        ),
        "measuring": Busy(
            measured,
            words("plan.measuring"),
            during={measure: gr.update(interactive=False)},
            after={measure: gr.update(interactive=True)},
        ),
        "starting": Busy(
            busy,
            words("plan.starting"),
            during={start: gr.update(interactive=False)},
            after={start: gr.update(interactive=True)},
        ),
    }


@dataclass(frozen=True)
class PlanCalls:
    """What the form does. The page binds `open` to the tab, and `start` to the way to Train."""

    tab: PlanTab
    words: Words
    studio: Studio
    session: Session

    def open(self, dataset: str, drafted: str, **raw: Any) -> Updates:
        """The tab when it is opened or its data arrive: a new draft for new data, else what was written, checked."""
        if not dataset:
            return empty_updates(self.tab, self.words)
        offered = self.tab.start.offered(self.words, self.studio.runs.list(), raw["continue_from"])
        form = {self.tab.decide: gr.Column(visible=True), **offered}
        try:
            if drafted == Choice.of(raw).mark(dataset):
                return {**form, **self.check(dataset, drafted=drafted, **raw)}
            if dataset == dataset_of(drafted):
                return {**form, **self.draft(dataset, **raw)}
            goal = goal_for(self.studio.dataset(dataset).sample, raw["goal"])
            return {**form, **self.draft(dataset, **{**raw, "goal": goal, "task": AUTO}), self.tab.goal: goal}
        except TailorError as error:  # it stands where it matters, also when the tab opens later
            return blocked_updates(self.tab, self.words, error)

    def arrive(self, dataset: str, tab: str, **raw: Any) -> Updates:
        """Data that arrive while the tab is open already. Else it is opened later, and once: to check twice would take
        Start away again just when it is pressed."""
        return self.open(dataset, **raw) if tab == "plan" else {}

    def draft(self, dataset: str, **raw: Any) -> Updates:
        """Sane options for the main choices. Going on from a run, base model and strategy are that run's."""
        if not dataset:
            return {}
        chosen = Choice.of(raw)
        plan = self._draft(dataset, chosen)
        chosen = replace(chosen, base=plan.base, strategy=plan.strategy) if chosen.continue_from else chosen
        bases = base_choices(self.words, self.studio.bases()) if chosen.continue_from else []
        decided = self.tab.start.decided(chosen.continue_from, base=plan.base, strategy=plan.strategy, choices=bases)
        owners = (plan.strategy, plan.learns.name)
        columns = {part: gr.Column(visible=name in owners) for name, part in self.tab.own_columns.items()}
        told = {
            self.tab.task: task_update(self.words, self.studio.dataset(dataset).task, plan.learns.name),
            self.tab.drafted: replace(chosen, task=plan.learns.name).mark(dataset),
            self.tab.way: way_html(self.words, STRATEGIES.get(plan.strategy)),
        }
        return {**self.tab.fields.filled(plan), **columns, **decided, **told, **self._shown(plan)}

    def check(self, dataset: str, **raw: Any) -> Updates:
        """What the form as it stands means."""
        return self._shown(self._plan(dataset, raw)) if dataset else {}

    def leave(self, dataset: str, **raw: Any) -> Updates:
        """The text field for a base model was left: a new draft for another model, else what was written stays."""
        if raw["drafted"] == Choice.of(raw).mark(dataset):
            return self.check(dataset, **raw)
        return self.draft(dataset, **raw)

    def choose_base(self, base: str) -> Updates:
        """The text field for a base model of one's own."""
        return {self.tab.other_base: gr.Textbox(visible=base == OTHER_BASE)}

    def choose_strategy(self, strategy: str) -> Updates:
        """The list of the less usual ways."""
        return {self.tab.other_strategy: gr.Dropdown(visible=strategy == OTHER_WAY)}

    def build_on(self, run: str, dataset: str) -> Updates:
        """The tab for going on from a run, with the data that are looked at, else the run's own."""
        offered = self.tab.start.offered(self.words, self.studio.runs.list(), run)
        own = self.studio.run(run).plan.dataset
        known = {found.id for found in self.studio.datasets.list()}
        return {**offered, self.session.dataset: dataset or (own if own in known else "")}

    def start(self, dataset: str, **raw: Any) -> Updates:
        """A run of the plan that the form shows."""
        return {self.session.run: self.studio.start(self._plan(dataset, raw))}

    def measure(self, dataset: str, **raw: Any) -> Updates:
        """What the plan needs, by a few real steps."""
        return {self.tab.measured: measured_html(self.words, self.studio.measure(self._plan(dataset, raw)))}

    def look(self, dataset: str, minutes: float | None, **raw: Any) -> Updates:
        """A search for good settings, around the plan that the form shows."""
        return {self.session.run: self.studio.search(self._plan(dataset, raw), float(minutes or 0))}

    def _shown(self, plan: TrainingPlan) -> Updates:
        check = self.studio.check(plan)
        shown = check_updates(self.tab, self.words, check, self.studio.device())
        ready = {self.tab.trial: gr.Row(visible=not check.issues), self.tab.measured: ""}
        return {
            **shown,
            **ready,
            self.tab.elsewhere: gr.Accordion(visible=True),
            self.tab.orientation: self._orientation(check),
        }

    def _orientation(self, check: "PlanCheck") -> Markup:
        """Costs elsewhere; a table that was edited wrongly is no reason not to train."""
        try:
            costs = self.studio.orientation(check)
        except TailorError as error:
            return tag("p", self.words.error(error), class_="note")
        return orientation_html(self.words, costs, str(self.studio.workspace.costs))

    def _plan(self, dataset: str, raw: dict[str, Any]) -> TrainingPlan:
        """What was written; where the details are not yet those of the choices, what they are about to become."""
        chosen = Choice.of(raw)
        if raw["drafted"] == chosen.mark(dataset):
            plan = self._written(dataset, chosen, raw)
        else:
            known = dataset_of(raw["drafted"]) == dataset  # else what is learned was chosen for other data
            plan = self._draft(dataset, chosen if known else replace(chosen, task=AUTO))
        return plan.asking((raw["prompts"] or "").splitlines())

    def _draft(self, dataset: str, chosen: Choice) -> TrainingPlan:
        main = {name: value for name, value in vars(chosen).items() if name != "base"}
        return self.studio.draft(dataset, chosen.base, **main)

    def _written(self, dataset: str, chosen: Choice, raw: dict[str, Any]) -> TrainingPlan:
        title = self.studio.dataset(dataset).title
        options = STRATEGIES.get(chosen.strategy).options().model_dump(mode="json")
        blank = TrainingPlan(title=title, dataset=dataset, options=options, schedule=Schedule(), **vars(chosen))
        return blank.changed(self.tab.fields.values(chosen.strategy, raw, chosen.task))


def wire(tab: PlanTab, guard: Guard, studio: Studio, session: Session) -> PlanCalls:
    """The events of the form. One at a time, so that what was asked last is what is seen last."""
    calls = PlanCalls(tab, guard.words, studio, session)
    form = {"dataset": session.dataset, **tab.reads}
    check: dict[str, Any] = {"reads": form, "busy": tab.checking, **ONE_AT_A_TIME}
    latest: dict[str, Any] = {**check, "trigger_mode": "always_last"}
    drafted = {"call": calls.draft, "writes": [*tab.shown, *tab.filled], **latest}
    choices = (tab.goal, tab.preset, tab.other_strategy, tab.task, tab.continue_from)
    guard.bind(*(choice.input for choice in choices), tab.other_base.submit, **drafted)
    guard.bind(tab.other_base.blur, **{**drafted, "call": calls.leave})
    shown = guard.bind(tab.base.input, call=calls.choose_base, reads={"base": tab.base}, writes=[tab.other_base])
    guard.bind(after=shown, **drafted)
    listed: dict[str, Any] = {"reads": {"strategy": tab.strategy}, "writes": [tab.other_strategy]}
    guard.bind(after=guard.bind(tab.strategy.input, call=calls.choose_strategy, **listed), **drafted)
    edits = [part.input for part in (*tab.fields.reads.values(), tab.prompts)]
    guard.bind(*edits, call=calls.check, writes=tab.shown, **latest)
    guard.bind(
        tab.measure.click,
        call=calls.measure,
        reads=form,
        writes=[tab.measured, tab.measure],
        busy=tab.measuring,
        **ONE_AT_A_TIME,
    )
    arrived: dict[str, Any] = {"reads": {**form, "tab": session.tab}, "writes": tab.opened, **ONE_AT_A_TIME}
    guard.bind(session.dataset.change, call=calls.arrive, quiet=True, **arrived)
    return calls
