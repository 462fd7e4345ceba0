"""Plans of a few steps on the tiny base, and the examples they are made for."""

from pathlib import Path
from typing import Any

from core.training.plan import Schedule, TrainingPlan


def tiny_plan(base: Path, dataset: str = "", strategy: str = "lora", **changes: Any) -> TrainingPlan:
    """Float32, small steps, everything else as people get it; `changes` by option name."""
    plan = TrainingPlan(
        title="tiny",
        dataset=dataset,
        base=str(base),
        strategy=strategy,
        goal="voice",
        preset="quick",
        options={},
        schedule=Schedule(precision="fp32", max_length=64, learning_rate=5e-3),
    )
    return plan.changed(changes)
