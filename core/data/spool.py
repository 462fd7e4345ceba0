"""The rows of all files in one file of ours, before anybody knows what they mean.

A line is `[table, line, values]`, or `[table, line, null, found, expected]` for what is no row. To read the same rows
in another way needs nothing of the person's files.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from core.data.table import Problem, RawRow, RawTable
from core.errors import EmptyFile
from core.progress import EVERY, Progress
from core.workspace import DatasetFolder

_MOST_COLUMNS = 2_000  # names that are kept for the person to choose from


@dataclass(frozen=True)
class TableInfo:
    """What is known of one table once it is read.

    name: of the sheet or the list, "" where the file is the table.
    part: "train", "validation" or "test" where the file or the person says so.
    num_repeated: rows that say exactly what an earlier one says, whatever they mean.
    """

    file: str
    name: str
    kind: str
    part: str
    columns: tuple[str, ...]
    num_rows: int
    num_problems: int
    num_repeated: int = 0

    @property
    def label(self) -> str:
        """The file, and the sheet in brackets."""
        return f"{self.file}[{self.name}]" if self.name else self.file


def spool(tables: Iterable[RawTable], folder: DatasetFolder, progress: Progress) -> tuple[TableInfo, ...]:
    """Writes every row of every table, one after the other.

    Raises:
        DataError: a file that cannot be read.
        EmptyFile: no table has a row.
        Cancelled: the person asked to stop.
    """
    infos, file = list[TableInfo](), ""
    counter = _Counter(progress)
    with folder.rows.open("wb") as out:
        for number, table in enumerate(tables):
            file = table.file
            infos.append(_written(table, number, out, counter))
    if not counter.num_rows:
        raise EmptyFile(file=file)
    progress("reading", counter.num_rows, counter.num_rows)
    return tuple(infos)


@dataclass
class _Counter:
    """Rows of all tables so far."""

    progress: Progress
    num_rows: int = 0

    def count(self) -> None:
        """One more."""
        self.num_rows += 1
        if self.num_rows % EVERY == 0:
            self.progress("reading", self.num_rows, 0)


def _written(table: RawTable, number: int, out: BinaryIO, counter: _Counter) -> TableInfo:
    """One table; 8 bytes a row are kept until its end, to count those that repeat."""
    columns, seen, num_problems = dict[str, None](), array("q"), 0
    for row in table.rows:
        counter.count()
        if isinstance(row, Problem):
            num_problems += 1
            out.write(_line([number, row.line, None, row.found, row.expected]))
            continue
        if len(columns) < _MOST_COLUMNS:
            columns.update(dict.fromkeys(row.values))
        values = _line(row.values)
        seen.append(hash(values))
        out.write(b"[%d,%d,%s]\n" % (number, row.line, values[:-1]))
    num_repeated = len(seen) - len(np.unique(np.asarray(seen)))
    return TableInfo(
        file=table.file,
        name=table.name,
        kind=table.kind,
        part=table.part,
        columns=tuple(columns),
        num_rows=len(seen),
        num_problems=num_problems,
        num_repeated=num_repeated,
    )


def spooled(path: Path) -> Iterator[tuple[int, RawRow | Problem]]:
    """The number of the table, and the row or what is none, in the order of the files."""
    with path.open("rb") as file:
        for line in file:
            table, number, values, *problem = orjson.loads(line)
            yield table, RawRow(number, values) if values is not None else Problem(number, *problem)


def tables_of(records: Sequence[Mapping[str, Any]]) -> tuple[TableInfo, ...]:
    """What is known of tables, as it was recorded."""
    return tuple(TableInfo(**{**record, "columns": tuple(record["columns"])}) for record in records)


def _line(values: object) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE, default=str)
