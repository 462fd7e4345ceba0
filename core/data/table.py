"""A file as rows, before anybody knows what the rows mean."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RawRow:
    """One row, with the line (JSONL, CSV), the item (JSON) or the sheet row it came from; the first is 1."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A row that could not be used: where, what was there, what should have been."""

    line: int
    found: str
    expected: str
    file: str = ""


@dataclass(frozen=True)
class RawTable:
    """All rows of a file, and the lines that were no rows; `kind` is the name of the reader."""

    file: str
    rows: tuple[RawRow, ...]
    columns: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    kind: str = ""
