"""Plans of a few steps on the tiny base, and the examples they are made for."""

from pathlib import Path
from typing import Any

from core.hardware import Device
from core.training.plan import Schedule, TrainingPlan

CPU = Device("cpu", "CPU", 8.0, has_bf16=False, num_threads=1)


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
