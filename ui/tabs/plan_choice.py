"""The main choices of a plan, and which draft the details below them belong to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.data.samples import SAMPLES
from core.models.catalog import STARTER
from ui.pieces import card_text
from ui.words import Words

if TYPE_CHECKING:
    from core.models.catalog import BaseModel

OTHER_BASE = "…"


@dataclass(frozen=True)
class Choice:
    """What the main fields say; continue_from: an earlier run, "" for none."""

    goal: str
    preset: str
    base: str
    strategy: str
    continue_from: str = ""

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Choice":
        """Read from the form; a base model of one's own comes from the text field."""
        base = str(raw["other_base"] or "").strip() if raw["base"] == OTHER_BASE else raw["base"]
        chosen = {name: raw[name] for name in ("goal", "preset", "strategy")}
        return cls(**chosen, base=base or STARTER, continue_from=raw["continue_from"] or "")

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
    here = [(words("plan.base.starter") if base.name == STARTER else base.name, base.name) for base in bases]
    return [*here, (words("plan.base.other"), OTHER_BASE)]


def cards(words: Words, kind: str, table: Iterable[Any], text: str, chosen: str) -> gr.Radio:
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
