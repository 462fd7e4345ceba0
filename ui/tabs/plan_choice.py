"""The main choices of a plan, and which draft the details below them belong to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.data.samples import SAMPLES
from core.models.catalog import STARTER
from core.tasks import AUTO
from ui.tabs.plan_cards import base_name
from ui.words import Words

if TYPE_CHECKING:
    from core.models.catalog import BaseModel

OTHER_BASE = "…"
OTHER_WAY = "…"


@dataclass(frozen=True)
class Choice:
    """What the main fields say; task: "auto" before there is a choice; continue_from: an earlier run, "" for none."""

    goal: str
    preset: str
    base: str
    strategy: str
    task: str = AUTO
    continue_from: str = ""

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Choice":
        """Read from the form; a base model of one's own comes from the text field, a rarer strategy from the list."""
        base = str(raw["other_base"] or "").strip() if raw["base"] == OTHER_BASE else raw["base"]
        strategy = raw["other_strategy"] if raw["strategy"] == OTHER_WAY else raw["strategy"]
        chosen = {name: raw[name] for name in ("goal", "preset")}
        more = {"task": raw.get("task") or AUTO, "continue_from": raw.get("continue_from") or ""}
        return cls(**chosen, base=base or STARTER, strategy=strategy, **more)

    def mark(self, dataset: str) -> str:
        """What details that are drafted for these data and choices are marked with."""
        return json.dumps([dataset, *vars(self).values()])


def dataset_of(mark: str) -> str:
    """The dataset of a mark; nothing before the first draft."""
    return str(json.loads(mark)[0]) if mark else ""


def goal_for(sample: str, chosen: str) -> str:
    """The goal a sample stands for; for a person's own data, what was chosen."""
    return SAMPLES.get(sample).goal if sample in SAMPLES else chosen


def base_choices(words: Words, bases: "Iterable[BaseModel]") -> list[tuple[str, str]]:
    """The models on this machine, and the way to any other."""
    here = [(base_name(words, base), base.name) for base in bases]
    return [*here, (words("plan.base.other"), OTHER_BASE)]
