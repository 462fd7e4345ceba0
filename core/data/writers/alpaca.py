"""Alpaca: an array of instructions with the output wanted; earlier turns in `history`."""

from collections.abc import Iterable
from pathlib import Path

from core.data.examples import CLASSIFICATION, CONVERSATION, Example, Message
from core.data.writers.arrays import write_array
from core.data.writers.base import Row, Shape, whole_set
from core.data.writers.facts import WholeSet, has_extra, has_system
from core.data.writers.shapes import beside, system_of
from core.errors import DoesNotFit


class AlpacaWriter:
    """[{"instruction": "…", "input": "", "output": "…", "system": "…", "history": [["…", "…"]]}, …]."""

    name = "alpaca"
    label = "Instructions (Alpaca JSON)"
    help = "An array of instruction and output, as LLaMA-Factory and many scripts take it. No calls of tools."
    suffix = ".json"
    tasks = frozenset({CONVERSATION, CLASSIFICATION})

    def write(self, examples: Iterable[Example], path: Path, task: str = CONVERSATION) -> None:
        """The question as the instruction; system and history only where any example has them.

        Raises:
            DoesNotFit: a conversation that is no row of questions and answers.
        """
        with whole_set(examples, path.parent) as whole:
            shape = _shape(whole)
            write_array(path, (_fitting(example, shape, path) for example in whole))


def _shape(examples: WholeSet) -> Shape:
    facts = examples.facts
    more = (*(["system"] if facts.systems else ()), *(["history"] if facts.histories else ()))
    columns = ("instruction", "input", "output", *more)

    def row(example: Example) -> Row:
        *before, question, answer = (turn.content for turn in _spoken(example))
        pairs = [list(pair) for pair in zip(before[::2], before[1::2], strict=True)]
        values = {"instruction": question, "input": "", "output": answer}
        return {**values, **{name: pairs if name == "history" else system_of(example) for name in more}}

    return beside(examples, Shape(columns, row))


def _fitting(example: Example, shape: Shape, path: Path) -> Row:
    roles = [turn.role for turn in _spoken(example)]
    if roles != ["user", "assistant"] * max(1, len(roles) // 2):
        found = " ".join(roles) or "no turn"
    elif has_extra(example):
        found = "a call of a tool"
    elif example.rejected:
        found = "a second answer"
    elif has_system(example) and not system_of(example).strip():
        found = "an empty system turn"
    else:
        return shape.row(example)
    raise DoesNotFit(file=path.name, id=example.id, found=found, expected="questions and answers in turn")


def _spoken(example: Example) -> tuple[Message, ...]:
    """The turns behind a system turn at the beginning."""
    return example.messages[1:] if has_system(example) else example.messages
