"""The plan of a run: everything that decides its result. The form, the command line and `plan.json` are this class."""

import math
from collections.abc import Iterable
from typing import Any

from pydantic import Field

from core.data.split import SEED_KNOB, STRATIFY_KNOB, TEST_KNOB, VALIDATION_KNOB, SplitSettings
from core.errors import OptionRefused, UnknownOption
from core.knobs import Knob, Options, build_options, knob, knobs_of, read_value
from core.strategies import STRATEGIES
from core.tasks import AUTO, Task, task_named
from core.training.filmstrip import MOST_PROMPTS

MOST_MINUTES = 7 * 24 * 60.0


class Schedule(Options):
    """How long, how fast and how carefully; the same for every strategy."""

    epochs: float = knob(
        3.0,
        label="How often each example is seen",
        help="Too few and it learns little; too many and it learns the examples by heart.",
        unit="epochs",
        ge=0.01,
        le=100,
        step=1,
    )
    learning_rate: float = knob(
        2e-4,
        label="How big each step is",
        help="Higher learns faster but can derail; lower is slower and safer.",
        ge=1e-8,
        le=1.0,
    )
    max_length: int = knob(
        512,
        label="Longest example",
        help="Longer examples are cut at the end. Longer limits need more memory.",
        unit="tokens",
        ge=16,
        le=131072,
        step=64,
    )
    batch_size: int = knob(
        4,
        label="Examples at a time",
        help="How many examples are read at once. Fewer need less memory.",
        unit="examples",
        ge=1,
        le=1024,
        step=1,
    )
    gradient_accumulation: int = knob(
        1,
        label="Groups per step",
        help="So many groups are read before each step; times the examples at a time, this is the effective batch.",
        unit="groups",
        ge=1,
        le=1024,
        step=1,
    )
    max_steps: int = knob(
        0,
        label="Stop after so many steps",
        help="0 means: as many as the epochs need.",
        unit="steps",
        ge=0,
        le=10_000_000,
        step=10,
    )
    warmup_ratio: float = knob(
        0.03,
        label="Gentle start",
        help="The share of all steps over which the step size grows from zero.",
        ge=0.0,
        le=0.5,
        step=0.01,
    )
    weight_decay: float = knob(
        0.01,
        label="Pull towards small weights",
        help="A mild brake against learning by heart.",
        ge=0.0,
        le=1.0,
        step=0.01,
    )
    validation_fraction: float = VALIDATION_KNOB
    test_fraction: float = TEST_KNOB
    stratify: bool = STRATIFY_KNOB
    early_stopping_patience: int = knob(
        3,
        label="Patience before stopping early",
        help="Stops when the held-back examples got no better for so many checks. 0 never stops early.",
        unit="checks",
        ge=0,
        le=1000,
        step=1,
    )
    seed: int = SEED_KNOB
    precision: str = knob(
        "auto",
        label="Number format",
        help="auto takes bf16 where the device has it: half the memory, and faster.",
        choices=("auto", "bf16", "fp32"),
    )

    @property
    def effective_batch(self) -> int:
        """Examples per optimiser step."""
        return self.batch_size * self.gradient_accumulation

    @property
    def split(self) -> SplitSettings:
        """How much is held back."""
        return SplitSettings(self.validation_fraction, self.test_fraction, self.seed, self.stratify)


class TrainingPlan(Options):
    """Which data, which base model, what is learned, with which strategy and options, on which schedule.

    task: a name in TASKS, or "auto" for what fits the data best; a run always has the former, or is older than tasks.
    """

    title: str
    dataset: str
    base: str
    strategy: str
    goal: str
    preset: str
    options: dict[str, Any]
    schedule: Schedule
    task: str = AUTO
    task_options: dict[str, Any] = Field(default_factory=dict)
    continue_from: str = ""  # the run whose result is learned on; "" begins at the base model
    search_minutes: float = Field(default=0.0, ge=0.0, le=MOST_MINUTES)  # above 0, the run looks for settings
    prompts: tuple[str, ...] = Field(default=(), max_length=MOST_PROMPTS)  # of the film strip

    @property
    def learns(self) -> Task:
        """The task itself.

        Raises:
            UnknownName: there is none of this name.
        """
        return task_named(self.task)

    @property
    def chosen_task_options(self) -> Any:
        """The task's own options, checked.

        Raises:
            OptionRefused: one of them is outside its limits.
        """
        return build_options(self.learns.options, self.task_options)

    @property
    def strategy_options(self) -> Any:
        """The strategy's own options, checked.

        Raises:
            OptionRefused: one of them is outside its limits.
        """
        return build_options(STRATEGIES.get(self.strategy).options, self.options)

    def asking(self, prompts: Iterable[str]) -> "TrainingPlan":
        """This plan with the questions of its film strip.

        Raises:
            OptionRefused: there are more of them than are answered.
        """
        asked = tuple(prompt.strip() for prompt in prompts if prompt.strip())
        if len(asked) > MOST_PROMPTS:
            raise OptionRefused(name="prompts", found=len(asked), expected=f"at most {MOST_PROMPTS} questions")
        return self.model_copy(update={"prompts": asked})

    def searching(self, minutes: float) -> "TrainingPlan":
        """This plan as a search for good settings.

        Raises:
            OptionRefused: no time at all, or more than a week; or nothing held back to compare trials by.
        """
        if not 0 < minutes <= MOST_MINUTES:
            raise OptionRefused(name="minutes", found=minutes, expected=f"a number from 0.1 to {MOST_MINUTES:.0f}")
        if self.schedule.validation_fraction <= 0:
            raise OptionRefused(name="validation_fraction", found=0, expected="a part held back to compare trials by")
        return self.model_copy(update={"search_minutes": minutes})

    def num_steps(self, num_rows: int) -> int:
        """Optimiser steps for so many rows to learn from."""
        per_epoch = self.steps_per_epoch(num_rows)
        wanted = max(1, math.ceil(self.schedule.epochs * per_epoch))
        return min(wanted, self.schedule.max_steps) if self.schedule.max_steps else wanted

    def steps_per_epoch(self, num_rows: int) -> int:
        """Optimiser steps until every row was seen once."""
        return max(1, math.ceil(num_rows / self.schedule.effective_batch))

    def times_seen(self, num_rows: int) -> float:
        """How often each row is seen, on average."""
        return self.num_steps(num_rows) / self.steps_per_epoch(num_rows)

    def changed(self, values: dict[str, Any]) -> "TrainingPlan":
        """This plan with some options changed, by name, wherever they live.

        Raises:
            UnknownOption: neither the strategy, the task nor the schedule has it.
            OptionRefused: a value outside its limits.
        """
        strategy = STRATEGIES.get(self.strategy)
        own = {name: value for name, value in values.items() if name in strategy.options.model_fields}
        of_task = {name: value for name, value in values.items() if name in self.learns.options.model_fields}
        shared = {name: value for name, value in values.items() if name in Schedule.model_fields}
        for name in values:
            if name not in own and name not in of_task and name not in shared:
                known = ", ".join(knob.name for knob in plan_knobs(self.strategy, self.task))
                raise UnknownOption(name=name, strategy=self.strategy, choices=known)
        changed = {
            "options": build_options(strategy.options, {**self.options, **own}).model_dump(mode="json"),
            "task_options": build_options(self.learns.options, {**self.task_options, **of_task}).model_dump(
                mode="json"
            ),
            "schedule": build_options(Schedule, {**self.schedule.model_dump(), **shared}),
        }
        return self.model_copy(update=changed)


def plan_knobs(strategy: str, task: str = AUTO) -> tuple[Knob, ...]:
    """Every option a plan has: the strategy's own, then the task's, then the schedule's."""
    return (
        *knobs_of(STRATEGIES.get(strategy).options),
        *knobs_of(task_named(task).options),
        *knobs_of(Schedule),
    )


def read_settings(strategy: str, settings: dict[str, str], task: str = AUTO) -> dict[str, Any]:
    """The values that `--set name=value` means.

    Raises:
        UnknownOption: no such option.
        OptionRefused: the text is no value of its kind.
    """
    known = {knob.name: knob for knob in plan_knobs(strategy, task)}
    for name in settings:
        if name not in known:
            raise UnknownOption(name=name, strategy=strategy, choices=", ".join(known))
    return {name: read_value(known[name], text) for name, text in settings.items()}
