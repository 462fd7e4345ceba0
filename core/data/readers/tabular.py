"""What CSV and workbooks share: a header, and cells below it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.data.readers.decoding import storable
from core.data.table import Problem, RawRow

_LONGEST_NAME = 60
_HEADERS = frozenset(
    [
        "id",
        "question",
        "answer",
        "q",
        "a",
        "text",
        "label",
        "prompt",
        "completion",
        "response",
        "instruction",
        "input",
        "output",
        "context",
        "category",
        "system",
        "role",
        "content",
        "问题",
        "答案",
        "回答",
        "标签",
        "文本",
        "序号",
    ]
)
MOST_TITLES = 8  # lines above a header


@dataclass(frozen=True)
class Record:
    """One line of cells; `line` is where it begins, the first is 1."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """True where no cell says anything."""
        return not any(cell.strip() for cell in self.cells)


def tabulate(records: Iterable[Record], problems: Sequence[Problem] = ()) -> Iterator[RawRow | Problem]:
    """The first record as column names, the others as rows; blank records are passed over.

    Columns without a name and without a cell are left out. Nothing where there is no row below the header.
    """
    filled = [record for record in records if not record.is_blank]
    header, *body = filled or [Record(1, ())]
    names = column_names(header.cells)
    used = {index for record in (header, *body) for index, cell in enumerate(record.cells) if cell.strip()}
    kept = [name for index, name in enumerate(names) if index in used]
    rows = [_row_of(record, names, kept) for record in body]
    yield from sorted((*rows, *problems), key=lambda row: row.line)


def streamed(records: Iterable[Record | Problem]) -> Iterator[RawRow | Problem]:
    """The same for a file that is too large to be looked through first: every column with a name stays."""
    names: tuple[str, ...] = ()
    kept: list[str] = []
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        if record.is_blank:
            continue
        if not names:
            names = column_names(record.cells)
            kept = [name for name, cell in zip(names, record.cells, strict=True) if cell.strip()]
            continue
        yield _row_of(record, names, kept)


def _row_of(record: Record, names: Sequence[str], kept: Sequence[str]) -> RawRow | Problem:
    if any(cell.strip() for cell in record.cells[len(names) :]):
        return _misfit(record, len(names))
    return RawRow(record.line, _values(names, kept, record.cells))


def numbered(header: Record) -> list[Record]:
    """A header of numbers where the first record is no names but sentences; nothing where it is."""
    if could_be_names(header.cells) or len(header.cells) < 2:
        return []
    return [Record(0, tuple(f"column {number}" for number in range(1, len(header.cells) + 1)))]


def could_be_names(header: Sequence[str]) -> bool:
    """False for sentences: prose has commas too."""
    return not any(map(_is_sentence, header))


def _is_sentence(cell: str) -> bool:
    text = cell.strip()
    is_short = len(text) <= len("Dept.") and text.isascii()
    return len(text) > _LONGEST_NAME or (text.endswith((".", "!", "。", "！", "…")) and not is_short)


def is_header(cells: Sequence[str]) -> bool:
    """True where at least half of the cells are names that columns have, and none comes twice."""
    filled = [cell.strip().lower() for cell in cells if cell.strip()]
    num_known = sum(cell in _HEADERS for cell in filled)
    return len(filled) > 1 and num_known * 2 >= len(filled) == len(set(filled))


def num_titles(records: Sequence[Record]) -> int:
    """How many records stand above the header: titles of one cell, or of more above one whose names are known."""
    wide = [place for place, record in enumerate(records) if sum(map(bool, map(str.strip, record.cells))) > 1]
    known = (place for place in wide if place <= MOST_TITLES and is_header(records[place].cells))
    first = next(known, wide[0] if wide else 0)
    return first if first < len(records) - 1 else 0


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """The header as names that are neither empty nor used twice."""
    names: dict[str, None] = {}
    counts: dict[str, int] = {}
    for number, cell in enumerate(header, 1):
        wanted = re.sub(r"\s+", " ", storable(cell)).strip() or f"column {number}"
        name = wanted
        while name in names:
            counts[wanted] = counts.get(wanted, 1) + 1
            name = f"{wanted} ({counts[wanted]})"
        names[name] = None
    return tuple(names)


def _values(names: Sequence[str], filled: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    values = dict(zip(names, cells, strict=False))
    return {name: values.get(name, "") for name in filled}


def _misfit(record: Record, num_columns: int) -> Problem:
    found = f"{len(record.cells)} cells"
    expected = f"{num_columns} cells, as in the header (a cell with the separator in it needs quotation marks)"
    return Problem(record.line, found, expected)
