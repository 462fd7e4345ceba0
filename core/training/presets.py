"""From a goal and a preset to numbers, each with its reason."""

import math
from dataclasses import dataclass, field
from typing import Any

from core.data.split import SplitSettings
from core.knobs import build_options
from core.models.catalog import BaseModel
from core.registry import Table
from core.strategies import STRATEGIES, Strategy
from core.strategies.base import usual_rate
from core.tasks import AUTO, Task, task_named
from core.training.plan import Schedule, TrainingPlan

SMALLEST_BATCH = 4
USUAL_BATCH = 16
STEPS_PER_EPOCH_WANTED = 24  # small sets get a smaller batch, so that an epoch is not a handful of steps


@dataclass(frozen=True)
class Goal:
    """What the person wants the model to learn."""

    name: str
    label: str
    help: str
    rank: int


@dataclass(frozen=True)
class Preset:
    """How much effort: optimiser steps aimed at, and how often a row may be seen at most."""

    name: str
    label: str
    why: str
    target_steps: int
    most_epochs: int


@dataclass(frozen=True)
class Facts:
    """What the defaults depend on: of the data and of the base model.

    num_rows: seen per epoch; writes: the base model does, and is no encoder.
    """

    num_rows: int
    longest_tokens: int
    hidden_size: int
    context_tokens: int
    split: SplitSettings = field(default_factory=SplitSettings)
    writes: bool = True


GOALS: Table[Goal] = Table(
    "goal",
    Goal("voice", "A manner of speaking", "It answers in your tone, with your greetings and closings.", 16),
    Goal(
        "format",
        "A fixed form of answer",
        "It answers in a form you set: steps, code, tables, a closing sentence.",
        16,
    ),
    Goal("skill", "A new skill", "It learns to do a task it does badly now. Needs more examples.", 32),
)

PRESETS: Table[Preset] = Table(
    "preset",
    Preset(
        "quick",
        "Quick look",
        "Sees every example once or twice: enough to tell whether the data work.",
        60,
        2,
    ),
    Preset(
        "balanced",
        "Balanced",
        "Aims at 200 steps and sees an example five times at most: right for most.",
        200,
        5,
    ),
    Preset(
        "thorough",
        "Thorough",
        "Aims at 600 steps, ten times at most, and stops early when it only memorises.",
        600,
        10,
    ),
)


def draft_plan(
    *,
    title: str,
    dataset: str,
    base: str,
    facts: Facts,
    strategy: str = "lora",
    goal: str = "voice",
    preset: str = "balanced",
    task: str = AUTO,
) -> TrainingPlan:
    """The plan of a goal and a preset, before anybody changed a detail."""
    chosen = STRATEGIES.get(strategy)
    effort, aim = PRESETS.get(preset), GOALS.get(goal)
    batch = _batch_for(facts.num_rows)
    options = _options_for(chosen, aim)
    own = build_options(chosen.options, options)
    epochs = max(1, min(effort.most_epochs, math.ceil(effort.target_steps * batch / max(1, facts.num_rows))))
    return TrainingPlan(
        title=title,
        dataset=dataset,
        base=base,
        strategy=strategy,
        goal=goal,
        preset=preset,
        options=options,
        schedule=Schedule(
            epochs=epochs,
            learning_rate=_rate_for(chosen, task_named(task), facts.hidden_size, facts.writes),
            max_length=length_for(facts, chosen.virtual_tokens(own)),
            batch_size=min(batch, 8),
            gradient_accumulation=max(1, batch // 8),
            **facts.split.as_options(),
        ),
        task=task,
        task_options=task_named(task).options().model_dump(mode="json"),
    )


def with_strategy(plan: TrainingPlan, strategy: str, base: BaseModel) -> TrainingPlan:
    """A plan with another strategy, at that strategy's own options and learning rate; all else stays."""
    chosen = STRATEGIES.get(strategy)
    rate = _rate_for(chosen, plan.learns, base.hidden_size, base.writes)
    changed = {
        "strategy": chosen.name,
        "options": _options_for(chosen, GOALS.get(plan.goal)),
        "schedule": plan.schedule.model_copy(update={"learning_rate": rate}),
    }
    return plan.model_copy(update=changed)


def with_task(plan: TrainingPlan, task: Task, base: BaseModel) -> TrainingPlan:
    """A plan for another task, at that task's own options and learning rate; all else stays."""
    rate = _rate_for(STRATEGIES.get(plan.strategy), task, base.hidden_size, base.writes)
    changed = {
        "task": task.name,
        "task_options": task.options().model_dump(mode="json"),
        "schedule": plan.schedule.model_copy(update={"learning_rate": rate}),
    }
    return plan.model_copy(update=changed)


def _rate_for(strategy: Strategy, task: Task, hidden_size: int, base_writes: bool) -> float:
    """The strategy's customary rate, for this task and a model of this width."""
    return float(f"{usual_rate(strategy, hidden_size) * task.rate_factor(base_writes):.1e}")


def _options_for(strategy: Strategy, goal: Goal) -> dict[str, Any]:
    own = {"r": goal.rank, "lora_alpha": 2 * goal.rank} if "r" in strategy.options.model_fields else {}
    return build_options(strategy.options, own).model_dump(mode="json")


def _batch_for(num_rows: int) -> int:
    wanted = num_rows / STEPS_PER_EPOCH_WANTED
    return min(USUAL_BATCH, max(SMALLEST_BATCH, 2 ** math.floor(math.log2(max(1.0, wanted)))))


def length_for(facts: Facts, virtual_tokens: int = 0) -> int:
    """The longest example, rounded up to 64, as far as the base model reads behind virtual tokens."""
    rounded = 64 * math.ceil(max(1, facts.longest_tokens) / 64)
    return max(16, min(rounded, facts.context_tokens - virtual_tokens, 2048))
