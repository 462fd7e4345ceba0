"""The rows of all files in one file of ours, before anybody knows what they mean.

A line is `[table, line, values]`, or `[table, line, null, found, expected]` for what is no row. To read the same rows
in another way needs nothing of the person's files.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """

    file: str
    name: str
    kind: str
    part: str
    columns: tuple[str, ...]
    num_rows: int
    num_problems: int

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
    infos, num_done, file = list[TableInfo](), 0, ""
    with folder.rows.open("wb") as out:
        for number, table in enumerate(tables):
            columns: dict[str, None] = {}
            num_rows = num_problems = 0
            file = table.file
            for row in table.rows:
                if isinstance(row, Problem):
                    num_problems += 1
                    out.write(_line([number, row.line, None, row.found, row.expected]))
                else:
                    num_rows += 1
                    if len(columns) < _MOST_COLUMNS:
                        columns.update(dict.fromkeys(row.values))
                    out.write(_line([number, row.line, row.values]))
                num_done += 1
                if num_done % EVERY == 0:
                    progress("reading", num_done, 0)
            infos.append(
                TableInfo(table.file, table.name, table.kind, table.part, tuple(columns), num_rows, num_problems)
            )
    if not num_done:
        raise EmptyFile(file=file)
    progress("reading", num_done, num_done)
    return tuple(infos)


def spooled(path: Path) -> Iterator[tuple[int, RawRow | Problem]]:
    """The number of the table, and the row or what is none, in the order of the files."""
    with path.open("rb") as file:
        for line in file:
            table, number, values, *problem = orjson.loads(line)
            yield table, RawRow(number, values) if values is not None else Problem(number, *problem)


def tables_of(records: Sequence[Mapping[str, Any]]) -> tuple[TableInfo, ...]:
    """What is known of tables, as it was recorded."""
    return tuple(TableInfo(**{**record, "columns": tuple(record["columns"])}) for record in records)


def _line(values: list[object]) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE, default=str)
