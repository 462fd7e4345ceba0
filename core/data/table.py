"""A file as rows, before anybody knows what the rows mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row, with the line (JSONL, CSV), the item (JSON) or the sheet row it came from; the first is 1.

    values: name to anything JSON can hold.
    """

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be used: where, what was there, what should have been."""

    line: int
    found: str
    expected: str
    file: str = ""


@dataclass(frozen=True)
class RawTable:
    """The rows of a file, of one of its sheets, or of one of its lists; read once, as they come.

    rows: rows, and problems for the lines that are none, in the order of the file.
    kind: the name of the reader.
    name: of the sheet or the list, "" where the file is the table.
    part: "train", "validation" or "test" where the file says so.
    """

    file: str
    rows: Iterable[RawRow | Problem]
    kind: str
    name: str = ""
    part: str = ""


@dataclass(frozen=True)
class Sheaf:
    """Rows of one table that have the same columns: the first few of them, by which their format is told.

    rows: at most SAMPLED of them.
    num_rows: how many there are in the table.
    """

    file: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    num_rows: int
