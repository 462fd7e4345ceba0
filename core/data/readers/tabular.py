"""What CSV and workbooks share: a header, and cells below it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.data.readers.decoding import storable
from core.data.table import Problem, RawRow, RawTable
from core.errors import EmptyFile


@dataclass(frozen=True)
class Record:
    """One line of cells; `line` is where it begins, the first is 1."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """True where no cell says anything."""
        return not any(cell.strip() for cell in self.cells)


def tabulate(file: str, kind: str, records: Iterable[Record], problems: Sequence[Problem] = ()) -> RawTable:
    """The first record as column names, the others as rows; blank ones are passed over.

    Raises:
        EmptyFile: no row below the header.
    """
    header, *body = [record for record in records if not record.is_blank] or [Record(1, ())]
    if not body and not problems:
        raise EmptyFile(file=file)
    names = column_names(header.cells)
    used = {index for record in (header, *body) for index, cell in enumerate(record.cells) if cell.strip()}
    filled = [name for index, name in enumerate(names) if index in used]
    rows, misfits = [], list(problems)
    for record in body:
        if any(cell.strip() for cell in record.cells[len(names) :]):
            misfits.append(_misfit(record, len(names)))
        else:
            rows.append(RawRow(record.line, _values(names, filled, record.cells)))
    return RawTable(file, tuple(rows), tuple(filled), tuple(misfits), kind)


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """The header as names that are neither empty nor used twice."""
    names: dict[str, None] = {}
    for number, cell in enumerate(header, 1):
        wanted = re.sub(r"\s+", " ", storable(cell)).strip() or f"column {number}"
        name, count = wanted, 1
        while name in names:
            count += 1
            name = f"{wanted} ({count})"
        names[name] = None
    return tuple(names)


def _values(names: Sequence[str], filled: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    values = dict(zip(names, cells, strict=False))
    return {name: values.get(name, "") for name in filled}


def _misfit(record: Record, num_columns: int) -> Problem:
    found = f"{len(record.cells)} cells"
    expected = f"{num_columns} cells, as in the header (a cell with the separator in it needs quotation marks)"
    return Problem(record.line, found, expected)
