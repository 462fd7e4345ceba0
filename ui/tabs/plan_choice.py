"""The main choices of a plan, and which draft the details below them belong to."""

import json
from dataclasses import dataclass
from typing import Any

from core.data.samples import SAMPLES
from core.models.catalog import STARTER
from core.tasks import AUTO

OTHER_BASE = "…"


@dataclass(frozen=True)
class Choice:
    """What the main fields say; task: "auto" before there is a choice."""

    goal: str
    preset: str
    base: str
    strategy: str
    task: str = AUTO

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Choice":
        """Read from the form; a base model of one's own comes from the text field."""
        base = str(raw["other_base"] or "").strip() if raw["base"] == OTHER_BASE else raw["base"]
        task = raw.get("task") or AUTO
        return cls(raw["goal"], raw["preset"], base or STARTER, raw["strategy"], task)

    def mark(self, dataset: str) -> str:
        """What details that are drafted for these data and choices are marked with."""
        return json.dumps([dataset, *vars(self).values()])


def dataset_of(mark: str) -> str:
    """The dataset of a mark; nothing before the first draft."""
    return str(json.loads(mark)[0]) if mark else ""


def goal_for(sample: str, chosen: str) -> str:
    """The goal a sample stands for; for a person's own data, what was chosen."""
    return SAMPLES.get(sample).goal if sample in SAMPLES else chosen
