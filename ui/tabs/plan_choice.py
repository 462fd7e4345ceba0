"""The four main choices of a plan, and which draft the details below them belong to."""

import json
from dataclasses import dataclass
from typing import Any

from core.data.samples import SAMPLES
from core.models.catalog import STARTER

OTHER_BASE = "…"
OTHER_WAY = "…"


@dataclass(frozen=True)
class Choice:
    """What the four main fields say."""

    goal: str
    preset: str
    base: str
    strategy: str

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Choice":
        """Read from the form; a base model of one's own comes from the text field, a rarer strategy from the list."""
        base = str(raw["other_base"] or "").strip() if raw["base"] == OTHER_BASE else raw["base"]
        strategy = raw["other_strategy"] if raw["strategy"] == OTHER_WAY else raw["strategy"]
        return cls(goal=raw["goal"], preset=raw["preset"], base=base or STARTER, strategy=strategy)

    def mark(self, dataset: str) -> str:
        """What details that are drafted for these data and choices are marked with."""
        return json.dumps([dataset, *vars(self).values()])


def dataset_of(mark: str) -> str:
    """The dataset of a mark; nothing before the first draft."""
    return str(json.loads(mark)[0]) if mark else ""


def goal_for(sample: str, chosen: str) -> str:
    """The goal a sample stands for; for a person's own data, what was chosen."""
    return SAMPLES.get(sample).goal if sample in SAMPLES else chosen
