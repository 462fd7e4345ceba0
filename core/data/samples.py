"""The data sets that come with Tailor."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.registry import Table
from core.workspace import ASSETS

FOLDER = ASSETS / "samples"


@dataclass(frozen=True)
class Mark:
    """A sign of the taught style: kind is starts_with, ends_with, contains, not_contains or matches (a regex)."""

    kind: str
    value: str

    def is_in(self, answer: str) -> bool:
        """Whether an answer carries it; white space around the answer does not count."""
        text = answer.strip()
        return {
            "starts_with": text.startswith(self.value),
            "ends_with": text.endswith(self.value),
            "contains": self.value in text,
            "not_contains": self.value not in text,
            "matches": self.kind == "matches" and re.search(self.value, text) is not None,
        }[self.kind]


@dataclass(frozen=True)
class HeldBackQuestion:
    """A question, and the marks an answer in the taught style carries."""

    text: str
    marks: tuple[Mark, ...]

    def is_answered_in_style(self, answer: str) -> bool:
        """Whether an answer carries every mark."""
        return all(mark.is_in(answer) for mark in self.marks)


@dataclass(frozen=True)
class Sample:
    """A shipped data set: its name, and the goal it stands for.

    is_reviewed: only examples that somebody approved are trained on, as where a wrong answer can do harm.
    """

    name: str
    label: str
    help: str
    goal: str
    is_reviewed: bool = False

    @property
    def path(self) -> Path:
        """The examples."""
        return FOLDER / f"{self.name}.jsonl"

    @property
    def questions(self) -> tuple[HeldBackQuestion, ...]:
        """Questions that are not in the examples, each with the marks by which the taught style is recognised."""
        lines = (FOLDER / f"{self.name}.eval.jsonl").read_text(encoding="utf-8").splitlines()
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
        return tuple(
            HeldBackQuestion(row["messages"][-1]["content"], tuple(Mark(**mark) for mark in row["marks"]))
            for row in rows
        )


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
        is_reviewed=True,
    ),
)


def sample_named(name: str) -> Sample:
    """The sample of this name.

    Raises:
        UnknownName: there is none.
    """
    return SAMPLES.get(name)
