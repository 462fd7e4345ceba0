"""From rows to examples: which shape they have, which column is what, and which rows cannot be used.

Memory: a few rows of each shape (`shapes.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.data.examples import PASSAGE, Example
from core.data.formats.base import ConversionProblem, as_text
from core.data.formats.passage import DOCUMENTS
from core.data.formats.roles import MOST_NAMES, Cast, united
from core.data.formats.speakers import UnknownSpeaker
from core.data.lines import ExampleWriter
from core.data.readers.json_lists import part_of
from core.data.shapes import SAMPLED, Bundle, Choice, Layout, choose, detect, hear, laid_out, listed, used_tables
from core.data.spool import TableInfo, spooled
from core.data.table import Problem, RawRow
from core.errors import NotTrainingData
from core.progress import EVERY, Progress
from core.workspace import DatasetFolder

_MOST_PROBLEMS = 1_000  # that are kept; all are counted
_LONGEST_PART = 20  # characters of a cell that may name a part


@dataclass(frozen=True)
class ShapeUse:
    """Rows with the same columns, and what they were taken for; format is "" where they are nothing to learn from."""

    format: str
    columns: tuple[str, ...]
    mapping: dict[str, str]
    num_rows: int


@dataclass(frozen=True)
class Understanding:
    """What the rows mean.

    format, mapping, score, runner_up: of the bundle with most rows; score 0 to 1.
    table: the number of its table. columns: of all tables that are used.
    cast: who speaks, where rows name it.
    """

    format: str
    mapping: dict[str, str]
    score: float
    runner_up: str | None
    task: str
    shapes: tuple[ShapeUse, ...]
    table: int
    columns: tuple[str, ...]
    num_examples: int = 0
    problems: tuple[Problem, ...] = ()
    num_problems: int = 0
    cast: Cast = field(default_factory=lambda: Cast({}))


def understand(
    folder: DatasetFolder, tables: tuple[TableInfo, ...], choice: Choice, progress: Progress
) -> Understanding:
    """Tells the shape of every bundle, and writes the examples.

    Raises:
        UnknownName: no such format, or no such part of it.
        UnknownColumn: a column chosen by hand that the table lacks.
        NoUsableColumns, NotTrainingData: no format fits, or no row could be used.
        Cancelled: the person asked to stop.
    """
    layout = laid_out(folder.rows, tables)
    if choice.mapping or choice.format:
        choose(layout, choice)
    else:
        for bundle in layout.bundles.values():
            detect(layout, bundle)
    for bundle in layout.bundles.values():
        hear(bundle, choice.roles)
    used = used_tables(layout, choice)
    best = max((bundle for table in used for bundle in layout.of_table(table) if bundle.format), key=_weight)
    understood = _described(layout, used, best)
    return _converted(folder, layout, used, understood, progress)


def columns_of(paths: Sequence[Path], names: Sequence[str]) -> tuple[str, ...]:
    """The columns of files, whatever they mean; from their first rows.

    Raises:
        DataError: a file that cannot be read.
    """
    from core.data.readers import open_tables

    columns: dict[str, None] = {}
    for path, name in zip(paths, names, strict=True):
        for table in open_tables(path, name):
            for number, row in enumerate(table.rows):
                if isinstance(row, RawRow):
                    columns.update(dict.fromkeys(row.values))
                if number > EVERY:
                    break
    return tuple(columns)


def understanding_of(record: Mapping[str, Any]) -> Understanding:
    """An understanding, as it was recorded."""
    shapes = (ShapeUse(**{**shape, "columns": tuple(shape["columns"])}) for shape in record["shapes"])
    problems = (Problem(**problem) for problem in record["problems"])
    lists = {"shapes": tuple(shapes), "problems": tuple(problems), "columns": tuple(record["columns"])}
    heard = record.get("cast") or {"roles": {}, "guessed": ()}
    return Understanding(**{**record, **lists, "cast": Cast(heard["roles"], tuple(heard["guessed"]))})


# Which examples ---------------------------------------------------------------------------------------------------


def _described(layout: Layout, used: Sequence[int], best: Bundle) -> Understanding:
    assert best.format is not None, "the best bundle is something to learn from"
    bundles = [bundle for table in used for bundle in layout.of_table(table)]
    shapes = [
        ShapeUse(bundle.format.name if bundle.format else "", bundle.columns, bundle.mapping, bundle.num_rows)
        for bundle in bundles
    ]
    weights: dict[str, int] = {}
    for bundle in bundles:
        if bundle.format:
            weights[bundle.format.task] = weights.get(bundle.format.task, 0) + bundle.num_rows
    return Understanding(
        format=best.format.name,
        mapping=best.mapping,
        score=best.score,
        runner_up=best.runner_up,
        task=max(weights, key=lambda task: weights[task]),
        shapes=tuple(sorted(shapes, key=lambda shape: -shape.num_rows)[:SAMPLED]),
        table=best.table,
        columns=tuple(dict.fromkeys(column for table in used for column in layout.tables[table].columns)),
        cast=united(bundle.cast for bundle in bundles if bundle.cast),
    )


def _converted(
    folder: DatasetFolder, layout: Layout, used: Sequence[int], understood: Understanding, progress: Progress
) -> Understanding:
    """Every row as an example or a problem, in the order of the files."""
    total = sum(layout.tables[table].num_rows for table in used)
    problems, num_problems, seen, chosen = list[Problem](), 0, 0, frozenset(used)
    with ExampleWriter(folder.examples) as writer:
        for table, row in spooled(folder.rows):
            if table not in chosen:
                continue
            info = layout.tables[table]
            seen += 1
            if seen % EVERY == 0:
                progress("understanding", seen, total)
            made = _example(layout, info, table, row, understood.task) if isinstance(row, RawRow) else row
            if isinstance(made, Example):
                writer.add(made)
                continue
            num_problems += 1
            if len(problems) < _MOST_PROBLEMS:
                problems.append(replace(made, file=info.label))
        num_examples = writer.num_rows
    if not num_examples:
        raise NotTrainingData(file=problems[0].file, place=f"row {problems[0].line}", found=problems[0].found)
    cast = united([understood.cast, Cast(dict.fromkeys(layout.strangers, ""))])
    return replace(
        understood, num_examples=num_examples, problems=tuple(problems), num_problems=num_problems, cast=cast
    )


def _example(layout: Layout, info: TableInfo, table: int, row: RawRow, task: str) -> Example | Problem:
    """The example in a row, or why there is none."""
    bundle = layout.bundles.get((table, tuple(row.values))) or layout.bundles[(table, ())]
    if bundle.format is None or (bundle.format.task == PASSAGE) != (task == PASSAGE):
        return Problem(row.line, f"a row with {listed(list(row.values))}", "one like most of the others")
    try:
        made = bundle.format.convert(row, bundle.mapping)
    except ConversionProblem as problem:
        if isinstance(problem, UnknownSpeaker) and len(layout.strangers) < MOST_NAMES:
            layout.strangers[problem.name] = None
        return Problem(row.line, problem.found, problem.expected)
    part = info.part or _part(row, bundle.part)
    source = made.source or _source(row, bundle, info)
    return Example(f"{info.label}:{row.line}", made.messages, made.rejected, part, source)


def _part(row: RawRow, column: str | None) -> str:
    """Where the row itself says it belongs, as exports of Tailor and of Hugging Face do."""
    value = row.values.get(column) if column else None
    return part_of(value) if isinstance(value, str) and len(value) <= _LONGEST_PART else ""


def _source(row: RawRow, bundle: Bundle, info: TableInfo) -> str:
    """What the examples of one chat have in common, or the passages of one document."""
    if bundle.source:
        return as_text(row.values.get(bundle.source))
    return info.label if info.kind in DOCUMENTS and bundle.format is not None and bundle.format.task == PASSAGE else ""


def _weight(bundle: Bundle) -> tuple[int, float]:
    return bundle.num_rows, bundle.score
