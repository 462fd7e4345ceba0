"""The columns TRL trains on as they are: messages; prompt, chosen and rejected; text.

https://huggingface.co/docs/trl/dataset_formats
"""

from collections.abc import Iterable
from typing import Any

from core.data.examples import PART_COLUMN, Example, Message
from core.data.tools import turns_and_tools
from core.data.writers.base import Row, Shape
from core.data.writers.facts import WholeSet, has_system, is_preference

_SOURCE_COLUMN = "conversation_id"  # a name by which the import knows it (core/data/formats/columns.py)


def nested_shape(examples: WholeSet) -> Shape:
    """Lists of turns, for files whose cells can hold lists. A row without a second answer keeps to messages."""
    facts = examples.facts
    if facts.are_all(facts.passages):
        return beside(examples, Shape(("text",), lambda example: {"text": example.answer}))
    if facts.are_all(facts.preferences):
        return beside(examples, Shape(("prompt", "chosen", "rejected"), _preference))
    columns = ("messages", "tools") if facts.tools else ("messages",)
    return beside(examples, Shape(columns, lambda example: _chat(example, columns)))


def beside(examples: WholeSet, shape: Shape) -> Shape:
    """The shape with columns for source and part, where any example has one."""
    facts = examples.facts
    more = (*([_SOURCE_COLUMN] if facts.sources else ()), *([PART_COLUMN] if facts.parts else ()))
    if not more:
        return shape

    def row(example: Example) -> Row:
        values = {_SOURCE_COLUMN: example.source, PART_COLUMN: example.part}
        return {**shape.row(example), **{column: values[column] for column in more}}

    return Shape((*shape.columns, *more), row)


def system_of(example: Example) -> str:
    """The system turn at the beginning, "" for none."""
    return example.messages[0].content if has_system(example) else ""


def as_turns(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Turns as chat templates take them."""
    return [turn.as_dict() for turn in messages]


def answer_turn(text: str) -> list[dict[str, Any]]:
    """An answer alone, as a list of one turn."""
    return as_turns([Message("assistant", text)])


def _chat(example: Example, columns: tuple[str, ...]) -> Row:
    if is_preference(example):  # among rows that are none, it keeps both answers
        return _preference(example)
    turns, tools = turns_and_tools(example)
    return {"messages": turns, **({"tools": tools} if "tools" in columns else {})}


def _preference(example: Example) -> Row:
    *before, last = example.messages
    return {"prompt": as_turns(before), "chosen": as_turns([last]), "rejected": answer_turn(example.rejected)}
