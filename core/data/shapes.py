"""Which shape the rows of each table have, and which tables are used.

Rows with the same columns are a bundle, and each bundle is told by itself: one file may hold several shapes.
Memory: a few rows of each bundle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.data.formats import FORMATS
from core.data.formats.base import Format, is_complete
from core.data.formats.columns import PART_NAMES, SOURCE_NAMES, find
from core.data.formats.roles import Cast, Spoken, cast_of
from core.data.formats.speakers import name_key
from core.data.spool import TableInfo, spooled
from core.data.table import Problem, RawRow, Sheaf
from core.errors import NotTrainingData, NoUsableColumns, TailorError, UnknownColumn, UnknownName

_LEAST_SCORE = 0.2  # with fewer of the rows in one format, it is another kind of data
_HAND_MADE = "question_answer"
_USABLE_ONE_IN = 20  # with fewer rows in any format it is another kind of data
SAMPLED = 200  # rows by which a bundle is told
_MANY_BUNDLES, _SAMPLED_OF_MANY = 50, 10  # then fewer rows of each, so that all that is kept stays small
_MOST_BUNDLES = 2_000


@dataclass(frozen=True)
class Choice:
    """How the rows are to be read; what is empty is detected.

    mapping: a part of the format to a column. table: the number of the sheet or list.
    roles: who speaks, as the file calls them, to one of ROLE_CHOICES.
    """

    format: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    table: int | None = None
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Bundle:
    """Rows of one table with the same columns, while they are counted; then what they are taken for."""

    table: int
    columns: tuple[str, ...]
    rows: list[RawRow] = field(default_factory=list)
    num_rows: int = 0
    format: Format | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    score: float = 0.0
    runner_up: str | None = None
    source: str | None = None
    part: str | None = None
    cast: Cast | None = None


@dataclass
class Layout:
    """Every bundle of every table, and the first problem of tables without rows.

    strangers: names that nobody told the role of, found while rows are converted.
    """

    tables: tuple[TableInfo, ...]
    bundles: dict[tuple[int, tuple[str, ...]], Bundle] = field(default_factory=dict)
    by_table: dict[int, list[Bundle]] = field(default_factory=dict)
    first_problems: dict[int, Problem] = field(default_factory=dict)
    strangers: dict[str, None] = field(default_factory=dict)

    def of_table(self, table: int) -> list[Bundle]:
        """The bundles of a table, the largest first."""
        return sorted(self.by_table.get(table, ()), key=lambda bundle: -bundle.num_rows)

    def bundle(self, table: int, columns: tuple[str, ...]) -> Bundle:
        """That of a row, made where there is none; rows of too many different columns are one bundle of a table."""
        found = self.bundles.get((table, columns))
        if found is None and len(self.bundles) >= _MOST_BUNDLES:
            columns = ()
            found = self.bundles.get((table, ()))
        if found is None:
            found = self.bundles[table, columns] = Bundle(table, columns)
            self.by_table.setdefault(table, []).append(found)
        return found

    def num_usable(self, table: int) -> int:
        """Rows of a table whose bundle is something to learn from; none where they are a rare exception."""
        num_rows = sum(bundle.num_rows for bundle in self.of_table(table) if bundle.format)
        return num_rows if num_rows * _USABLE_ONE_IN >= self.tables[table].num_rows else 0


# Which shape ------------------------------------------------------------------------------------------------------


def laid_out(path: Path, tables: tuple[TableInfo, ...]) -> Layout:
    """Every bundle of every table, from the spooled rows."""
    layout = Layout(tables)
    for table, row in spooled(path):
        if isinstance(row, Problem):
            layout.first_problems.setdefault(table, row)
            continue
        bundle = layout.bundle(table, tuple(row.values))
        bundle.num_rows += 1
        if len(bundle.rows) < (SAMPLED if len(layout.bundles) < _MANY_BUNDLES else _SAMPLED_OF_MANY):
            bundle.rows.append(row)
    return layout


def detect(layout: Layout, bundle: Bundle) -> None:
    """The likeliest format, and the second likeliest."""
    shown = _shown(layout, bundle)
    scores = {entry.name: entry.score(shown) for entry in FORMATS}
    best, *others = sorted(scores, key=lambda name: scores[name], reverse=True)
    if scores[best] < _LEAST_SCORE:
        return
    bundle.format, bundle.score = FORMATS.get(best), scores[best]
    bundle.mapping = bundle.format.mapping(shown)
    bundle.runner_up = others[0] if scores[others[0]] >= _LEAST_SCORE else None
    _note(bundle)


def choose(layout: Layout, choice: Choice) -> None:
    """The person's format and columns, for every bundle that has them; what they do not say is detected."""
    chosen = FORMATS.get(choice.format or _format_with(choice.mapping))
    columns = {slot: column for slot, column in choice.mapping.items() if column}
    _refuse_unknown(layout, chosen, columns, choice.table)
    required = {columns[slot.name] for slot in chosen.slots if slot.required and slot.name in columns}
    for bundle in layout.bundles.values():
        shown = _shown(layout, bundle)
        mapping = {slot: column for slot, column in columns.items() if column in bundle.columns}
        mapping = mapping if columns else chosen.mapping(shown)
        if required <= set(bundle.columns) and is_complete(chosen.slots, mapping):
            bundle.format, bundle.mapping, bundle.score = chosen, mapping, 1.0
            _note(bundle)


def _note(bundle: Bundle) -> None:
    """The columns that say which chat a row is of, and in which part it belongs."""
    others = [column for column in bundle.columns if column not in bundle.mapping.values()]
    bundle.source, bundle.part = find(others, SOURCE_NAMES), find(others, PART_NAMES)


def _refuse_unknown(layout: Layout, chosen: Format, columns: Mapping[str, str], table: int | None) -> None:
    names = [slot.name for slot in chosen.slots]
    tables = [info for number, info in enumerate(layout.tables) if table in (None, number)]
    known = dict.fromkeys(column for info in tables for column in info.columns)
    for slot, column in columns.items():
        if slot not in names:
            raise UnknownName(kind=f"part of {chosen.name}", name=slot, choices=", ".join(names))
        if column not in known:
            raise UnknownColumn(file=layout.tables[0].file, column=column, found=listed(list(known)))


def _format_with(slots: Iterable[str]) -> str:
    """The first format that has all these parts; a table of questions and answers where none has."""
    wanted = set(slots)
    fitting = (entry.name for entry in FORMATS if wanted <= {slot.name for slot in entry.slots})
    return next(fitting, _HAND_MADE)


def _shown(layout: Layout, bundle: Bundle) -> Sheaf:
    info = layout.tables[bundle.table]
    columns = bundle.columns or tuple(dict.fromkeys(name for row in bundle.rows for name in row.values))
    return Sheaf(info.file, info.kind, columns, tuple(bundle.rows), bundle.num_rows)


def hear(bundle: Bundle, chosen: Mapping[str, str]) -> None:
    """Tells who speaks, where rows name it."""
    if isinstance(bundle.format, Spoken):
        bundle.cast = cast_of(bundle.format.speakers(bundle.rows, bundle.mapping), chosen)
        bundle.format = bundle.format.hearing({**bundle.cast.by_key, **_by_key(chosen)})


def _by_key(roles: Mapping[str, str]) -> dict[str, str]:
    return {name_key(name): role for name, role in roles.items() if role}


# Which tables -----------------------------------------------------------------------------------------------------


def used_tables(layout: Layout, choice: Choice) -> list[int]:
    """Of every file the table with most to learn from, and those of the same shape beside it.

    Raises:
        DataError: a file of which nothing can be used.
    """
    if choice.table is not None and choice.table < len(layout.tables):
        if not layout.num_usable(choice.table):
            raise _nothing_usable(layout, [choice.table])
        return [choice.table]
    files: dict[str, list[int]] = {}
    for number, info in enumerate(layout.tables):
        files.setdefault(info.file.split("/", 1)[0], []).append(number)
    used: list[int] = []
    for numbers in files.values():
        best = max(numbers, key=layout.num_usable)
        if not layout.num_usable(best):
            raise _nothing_usable(layout, numbers)
        used += [number for number in numbers if number == best or _are_alike(layout, number, best)]
    return used


def _are_alike(layout: Layout, one: int, other: int) -> bool:
    """True for tables of the same format, which one finds side by side: parts, or members of an archive."""
    formats = [{bundle.format.name for bundle in layout.of_table(table) if bundle.format} for table in (one, other)]
    same_columns = layout.tables[one].columns == layout.tables[other].columns
    return formats[0] == formats[1] and (same_columns or bool(layout.tables[one].part))


def _nothing_usable(layout: Layout, tables: Sequence[int]) -> TailorError:
    """The error that shows the first row, as an example of what is wrong with all of them."""
    table = max(tables, key=lambda number: layout.tables[number].num_rows)
    info, bundles = layout.tables[table], layout.of_table(table)
    first = min((bundle.rows[0] for bundle in bundles), key=lambda row: row.line, default=None)
    problem = layout.first_problems.get(table)
    if first is None or (problem is not None and problem.line <= first.line):
        assert problem is not None, "a table has rows or problems"
        return NotTrainingData(file=info.file, place=f"row {problem.line}", found=problem.found)
    if info.kind != "json":
        return NoUsableColumns(file=info.file, found=listed(info.columns))
    found = f"an object with {listed(list(first.values))}" if first.values else "an empty object"
    return NotTrainingData(file=info.file, place=f"row {first.line}", found=found)


def listed(columns: Sequence[str]) -> str:
    """Some of the names, for a sentence."""
    names = [repr(name[:40]) for name in columns]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
