"""What every format has: the shape in which a row holds a conversation."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from core.data.examples import Message
from core.data.table import RawRow, Sheaf


@dataclass(frozen=True)
class Slot:
    """A part of a conversation that a column can fill."""

    name: str
    label: str
    required: bool = True


class ConversionProblem(Exception):
    """A row that is no conversation in this format: what was there, what should have been."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected = found, expected


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a row holds.

    rejected: the answer not wanted, where there is one. source: what examples of the same origin have in common.
    """

    messages: tuple[Message, ...]
    rejected: str = ""
    source: str = ""


class Format(Protocol):
    """Knows one shape of training data and makes messages of it."""

    @property
    def name(self) -> str:
        """The word for this shape."""
        ...

    @property
    def label(self) -> str:
        """The shape in plain English."""
        ...

    @property
    def task(self) -> str:
        """What its examples are: one of TASKS."""
        ...

    @property
    def slots(self) -> tuple[Slot, ...]:
        """What columns are needed for."""
        ...

    def score(self, table: Sheaf) -> float:
        """How much of a table has this shape, 0 to 1."""
        ...

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """Slot to column, as far as the names and contents tell."""
        ...

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The conversation in a row.

        Raises:
            ConversionProblem: there is none.
        """
        ...


def is_complete(slots: Iterable[Slot], mapping: Mapping[str, str]) -> bool:
    """True where every required slot has a column."""
    return all(slot.name in mapping for slot in slots if slot.required)


def share_of_rows(table: Sheaf, columns: Iterable[str]) -> float:
    """How many of the rows have all of these columns, 0 to 1."""
    wanted = set(columns)
    num_full = sum(wanted <= row.values.keys() for row in table.rows)
    return num_full / len(table.rows) if table.rows else 0.0


def value_of(row: RawRow, mapping: Mapping[str, str], slot: str) -> object:
    """What stands in the column of a required slot.

    Raises:
        ConversionProblem: the row has no such column.
    """
    column = mapping[slot]
    if column not in row.values:
        names = ", ".join(list(row.values)[:6]) or "nothing"
        raise ConversionProblem(f"a row with {names}", f"one with {column!r}")
    return row.values[column]


def required_text(row: RawRow, mapping: Mapping[str, str], slot: str) -> str:
    """The text of a required slot; it may be empty, which a cleaner reports."""
    return as_text(value_of(row, mapping, slot))


def optional_text(row: RawRow, mapping: Mapping[str, str], slot: str) -> str:
    """The text of a slot that may have no column, "" for none."""
    return as_text(row.values.get(mapping[slot])) if slot in mapping else ""


def as_text(value: object) -> str:
    """A JSON value as people would write it: nothing for null, JSON for lists and objects."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    return json.dumps(value, ensure_ascii=False)


def with_system(system: str, messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages, behind a system turn where there is one to add."""
    turns = tuple(messages)
    if not system.strip() or any(turn.role == "system" for turn in turns):
        return turns
    return (Message("system", system), *turns)
