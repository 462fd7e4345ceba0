"""Tables as text, for spreadsheets. Cells are written as they are, so that they come back as they were.

A cell that begins with "=" is a formula to a spreadsheet. A mark before it would keep it from being one, and would be
learned by every model trained on the file; so there is none. Who opens data of strangers in a spreadsheet imports the
columns as text.
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from core.data.cleaners.base import EVERY_TASK
from core.data.examples import CLASSIFICATION, CONVERSATION, Example
from core.data.formats.prompt_completion import without_marks
from core.data.tools import turns_and_tools
from core.data.writers import shapes
from core.data.writers.base import Row, Shape, as_json, whole_file, whole_set
from core.data.writers.facts import WholeSet, is_preference
from core.errors import DoesNotFit

# Above these, readers take labels for answers (core/data/formats/classification.py).
_LONGEST_LABEL, _FEW_LABELS = 60, 20
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # in JSON text they are escaped, in a cell they are not


class CsvWriter:
    """prompt, completion and what else is needed; UTF-8 with a mark by which spreadsheets know it."""

    name = "csv"
    label = "Table (CSV)"
    help = (
        "A table for spreadsheets: prompt and completion, or text and label. Conversations of several turns stand "
        "in one column as JSON; to train elsewhere, take those as JSONL or Parquet."
    )
    suffix = ".csv"
    tasks = EVERY_TASK

    def write(self, examples: Iterable[Example], path: Path, task: str = CONVERSATION) -> None:
        """The plainest columns that lose nothing of any example.

        Raises:
            DoesNotFit: only some of the examples have a second answer.
        """
        with whole_set(examples, path.parent) as whole, whole_file(path) as draft:
            shape = shapes.beside(whole, flat_shape(whole, task, path))
            with draft.open("w", encoding="utf-8-sig", newline="") as out:
                table = csv.DictWriter(out, shape.columns, quoting=csv.QUOTE_ALL, lineterminator="\n")
                table.writeheader()
                table.writerows(map(shape.row, whole))


def flat_shape(examples: WholeSet, task: str, path: Path) -> Shape:
    """Columns of plain text where that is possible, of JSON where not.

    Raises:
        DoesNotFit: only some of the examples have a second answer.
    """
    facts = examples.facts
    are_plain = examples.are_all(_is_plain)
    are_pairs = facts.are_all(facts.pairs) and are_plain
    if facts.are_all(facts.passages) and are_plain:
        return Shape(("text",), lambda example: {"text": example.answer})
    if facts.rejected:
        return _preferences(examples, path)
    if task == CLASSIFICATION and are_pairs and _are_labels(examples):
        return _pairs(examples, ("text", "label"))
    if are_pairs and examples.are_all(_has_no_marks):
        return _pairs(examples, ("prompt", "completion"))
    columns = ("messages", *(["tools"] if facts.tools else ()))
    return Shape(columns, lambda example: dict(zip(columns, map(as_json, turns_and_tools(example)), strict=False)))


def _pairs(examples: WholeSet, names: tuple[str, ...]) -> Shape:
    columns = (*names, *(["system"] if examples.facts.systems else ()))

    def row(example: Example) -> Row:
        texts = [*(turn.content for turn in example.messages[-2:]), shapes.system_of(example)]
        return dict(zip(columns, texts, strict=False))

    return Shape(columns, row)


def _preferences(examples: WholeSet, path: Path) -> Shape:
    facts = examples.facts
    if not facts.are_all(facts.preferences):
        lone = next(example for example in examples if not is_preference(example))
        raise DoesNotFit(file=path.name, id=lone.id, found="one answer", expected="two answers to each question")
    if facts.are_all(facts.pairs) and examples.are_all(_is_plain) and examples.are_all(_is_no_json):
        shape = _pairs(examples, ("prompt", "chosen"))
        columns = ("prompt", "chosen", "rejected", *shape.columns[2:])
        return Shape(columns, lambda example: {**shape.row(example), "rejected": example.rejected})
    return Shape(("chosen", "rejected"), _both_conversations)


def _both_conversations(example: Example) -> Row:
    before = shapes.as_turns(example.messages[:-1])
    return {
        "chosen": as_json(shapes.as_turns(example.messages)),
        "rejected": as_json(before + shapes.answer_turn(example.rejected)),
    }


def _is_plain(example: Example) -> bool:
    """Whether no text has a control code, and the row would not be blank."""
    texts = [example.rejected, *(turn.content for turn in example.messages)]
    return any(map(str.strip, texts)) and not any(map(_CONTROL.search, texts))


def _has_no_marks(example: Example) -> bool:
    """Whether a reader takes nothing off as a mark of OpenAI's first format."""
    question, answer = (turn.content for turn in example.messages[-2:])
    return without_marks(question, answer) == (question, answer)


def _is_no_json(example: Example) -> bool:
    """Whether no reader takes one of the texts for JSON, and none is blank."""
    texts = (*(turn.content for turn in example.messages[-2:]), example.rejected)
    return all(text.strip() and not text.lstrip().startswith("[") for text in texts)


def _are_labels(examples: WholeSet) -> bool:
    labels, num_rows = set[str](), 0
    for example in examples:
        num_rows += 1
        labels.add(example.answer)
        if len(example.answer) > _LONGEST_LABEL or not example.question.strip():
            return False
    return len(labels) <= max(_FEW_LABELS, num_rows // 2)
