"""Files as whole tables, for tests that look at all of them."""

from dataclasses import dataclass
from pathlib import Path

from core.data.readers import open_tables
from core.data.table import Problem, RawRow, RawTable


@dataclass(frozen=True)
class Whole:
    """A table with all its rows."""

    file: str
    kind: str
    name: str
    part: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    problems: tuple[Problem, ...]


def whole(table: RawTable) -> Whole:
    """Reads a table to its end."""
    items = list(table.rows)
    rows = tuple(item for item in items if isinstance(item, RawRow))
    problems = tuple(item for item in items if isinstance(item, Problem))
    columns = tuple(dict.fromkeys(name for row in rows for name in row.values))
    return Whole(table.file, table.kind, table.name, table.part, columns, rows, problems)


def tables_of(path: Path, name: str | None = None) -> list[Whole]:
    """All tables of a file."""
    return [whole(table) for table in open_tables(path, name)]


def read_table(path: Path, name: str | None = None) -> Whole:
    """The first table of a file."""
    return tables_of(path, name)[0]
