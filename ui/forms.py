"""Options as fields of a form, and a form's values as options. Made from the knobs; nothing is listed twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.errors import OptionRefused
from core.knobs import Knob, expected_of, knobs_of, read_value
from core.strategies import STRATEGIES
from core.tasks import AUTO, TASKS, task_named
from core.training.plan import Schedule, TrainingPlan, plan_knobs
from ui.words import Words


def field(knob: Knob, words: Words, scope: str = "knob", elem_id: str | None = None) -> Any:
    """The component of one option: plain label, term and unit beside it, and a sentence that theme.css shows on hover
    and while the field has the focus. Limits are checked by core, which says what is wrong in the reader's language.
    """
    label = words.core(f"{scope}.{knob.name}.label", knob.label)
    help, unit = words.core(f"{scope}.{knob.name}.help", knob.help), words.core(f"unit.{knob.unit}", knob.unit)
    info = words("form.info.unit" if unit and unit != knob.name else "form.info", term=knob.name, unit=unit, help=help)
    common: dict[str, Any] = {
        "label": label,
        "info": info,
        "elem_id": elem_id or f"{scope}-{knob.name}",
        "elem_classes": "knob",
    }
    if knob.kind == "int":
        return gr.Number(shown(knob, knob.default), step=knob.step or 1, **common)
    if knob.kind == "float":
        return gr.Number(shown(knob, knob.default), step=knob.step, **common)
    if knob.kind == "bool":
        return gr.Checkbox(bool(knob.default), **common)
    if knob.kind == "choice":
        return gr.Dropdown([*knob.choices], value=knob.default, **common)
    return gr.Textbox(shown(knob, knob.default), **common)


def fields(knobs: Iterable[Knob], words: Words, scope: str = "knob") -> dict[str, Any]:
    """A component for each option, by name."""
    return {knob.name: field(knob, words, scope) for knob in knobs}


def shown(knob: Knob, value: Any) -> Any:
    """A value as its component takes it."""
    return ", ".join(value) if knob.kind == "words" else value


def read(knobs: Iterable[Knob], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form, as `changed` and option classes take them.

    Raises:
        OptionRefused: a field is empty or holds what is no value of its kind.
    """
    return {knob.name: _read_one(knob, raw[knob.name]) for knob in knobs if knob.name in raw}


def _read_one(knob: Knob, value: Any) -> Any:
    if value is None or value == "":
        raise OptionRefused(name=knob.name, found="", expected=expected_of(knob))
    if knob.kind in ("words", "text"):
        return read_value(knob, str(value))
    return int(value) if knob.kind == "int" and float(value).is_integer() else value


@dataclass(frozen=True)
class PlanFields:
    """The fields of a plan's options: each strategy's and each task's own, and the schedule's, which all share."""

    own: dict[str, dict[str, Any]]
    shared: dict[str, Any]

    @property
    def reads(self) -> dict[str, Any]:
        """Every field by a name of its own, for a callback."""
        own = {f"{owner}__{name}": part for owner, parts in self.own.items() for name, part in parts.items()}
        return {**self.shared, **own}

    def values(self, strategy: str, raw: Mapping[str, Any], task: str = AUTO) -> dict[str, Any]:
        """The options of a strategy and a task, read from what a callback got.

        Raises:
            OptionRefused: a field is empty or holds what is no value of its kind.
        """
        owners = (strategy, task_named(task).name)
        named = {name: raw[f"{owner}__{name}"] for owner in owners for name in self.own[owner]}
        return read(plan_knobs(strategy, task), {**{name: raw[name] for name in self.shared}, **named})

    def filled(self, plan: TrainingPlan) -> dict[Any, Any]:
        """The fields as a plan has them."""
        values = {**plan.schedule.model_dump(), **plan.options, **plan.task_options}
        parts = {**self.shared, **self.own[plan.strategy], **self.own[plan.learns.name]}
        return {parts[knob.name]: shown(knob, values[knob.name]) for knob in plan_knobs(plan.strategy, plan.task)}


def build_plan_fields(words: Words) -> tuple[PlanFields, dict[str, gr.Column]]:
    """The fields, and for each strategy and task the column that holds its own."""
    own: dict[str, dict[str, Any]] = {}
    columns: dict[str, gr.Column] = {}
    for index, owner in enumerate((*STRATEGIES, *TASKS)):
        with gr.Column(visible=index == 0, elem_classes="form-grid") as column:
            knobs = knobs_of(owner.options)
            own[owner.name] = {
                knob.name: field(knob, words, elem_id=f"knob-{owner.name}-{knob.name}") for knob in knobs
            }
        columns[owner.name] = column
    with gr.Column(elem_classes="form-grid"):
        shared = fields(knobs_of(Schedule), words)
    return PlanFields(own, shared), columns
