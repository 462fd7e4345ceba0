"""The data sets that come with Tailor."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.registry import Table
from core.workspace import ASSETS

FOLDER = ASSETS / "samples"


@dataclass(frozen=True)
class Sample:
    """A shipped data set: its name, and the goal it stands for."""

    name: str
    label: str
    help: str
    goal: str

    @property
    def path(self) -> Path:
        """The examples."""
        return FOLDER / f"{self.name}.jsonl"

    @property
    def questions(self) -> tuple[dict[str, Any], ...]:
        """Held-back questions, each with the marks by which the taught style is recognised."""
        lines = (FOLDER / f"{self.name}.eval.jsonl").read_text(encoding="utf-8").splitlines()
        return tuple(json.loads(line) for line in lines)


SAMPLES: Table[Sample] = Table(
    "sample",
    Sample(
        "customer_service",
        "A shop's voice",
        "A made-up shop that greets, answers in steps and closes politely.",
        "voice",
    ),
    Sample("python_style", "A code style", "Python answers with type hints and docstrings.", "format"),
    Sample(
        "medical_qa",
        "A careful adviser",
        "Health questions; every answer sends the reader to a doctor.",
        "voice",
    ),
)


def sample_named(name: str) -> Sample:
    """The sample of this name.

    Raises:
        UnknownName: there is none.
    """
    return SAMPLES.get(name)
