"""From tables to examples: which format it is, which column is what, and which rows cannot be used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.data.examples import Example
from core.data.formats import FORMATS
from core.data.formats.base import ConversionProblem, Format, is_complete
from core.data.table import Problem, RawTable
from core.errors import NotTrainingData, NoUsableColumns, TailorError, UnknownColumn, UnknownName

_LEAST_SCORE = 0.2  # with fewer of the rows in one format, it is another kind of data
_HAND_MADE = "question_answer"


@dataclass(frozen=True)
class Detection:
    """The format a table most likely has, its columns, and the second likeliest."""

    format: str
    mapping: dict[str, str]
    score: float
    runner_up: str | None


@dataclass(frozen=True)
class Understanding:
    """What the rows mean: examples, and the rows that are none."""

    format: str
    mapping: dict[str, str]
    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]

    @property
    def num_rows(self) -> int:
        """All rows read, usable or not."""
        return len(self.examples) + len(self.problems)


def detect(table: RawTable) -> Detection:
    """The format and the columns, from names and contents.

    Raises:
        NoUsableColumns: a table without question and answer.
        NotTrainingData: JSON in none of the formats.
    """
    scores = {entry.name: entry.score(table) for entry in FORMATS}
    best, *others = sorted(scores, key=lambda name: scores[name], reverse=True)
    if scores[best] < _LEAST_SCORE:
        raise _nothing_detected(table)
    runner_up = others[0] if others and scores[others[0]] >= _LEAST_SCORE else None
    return Detection(best, FORMATS.get(best).mapping(table), scores[best], runner_up)


def understand(table: RawTable, format: str | None = None, mapping: Mapping[str, str] | None = None) -> Understanding:
    """The examples of a table; what is not given is detected.

    Raises:
        UnknownName: no such format, or no such part of it.
        UnknownColumn: a column chosen by hand that the table lacks.
        NoUsableColumns, NotTrainingData: no format fits, or no row could be used.
    """
    chosen, columns = _choice(table, format, mapping)
    examples, problems = [], [replace(problem, file=table.file) for problem in table.problems]
    for row in table.rows:
        try:
            examples.append(Example(f"{table.file}:{row.line}", chosen.convert(row, columns)))
        except ConversionProblem as problem:
            problems.append(Problem(row.line, problem.found, problem.expected, table.file))
    problems.sort(key=lambda problem: problem.line)
    if not examples:
        raise _nothing_usable(table, problems)
    return Understanding(chosen.name, columns, tuple(examples), tuple(problems))


def understand_all(
    tables: Sequence[RawTable], format: str | None = None, mapping: Mapping[str, str] | None = None
) -> Understanding:
    """The examples of several tables together; format and mapping are those of the first.

    Raises:
        DataError: as `understand`, for the first table that cannot be used.
    """
    parts = [understand(table, format, mapping) for table in tables]
    examples = tuple(example for part in parts for example in part.examples)
    problems = tuple(problem for part in parts for problem in part.problems)
    return Understanding(parts[0].format, parts[0].mapping, examples, problems)


def _choice(table: RawTable, format: str | None, mapping: Mapping[str, str] | None) -> tuple[Format, dict[str, str]]:
    """The format and the columns to use: by hand where somebody chose, detected where nobody did."""
    if mapping:
        chosen = FORMATS.get(format or _format_with(mapping))
        return chosen, _by_hand(table, chosen, mapping)
    if format is None:
        detection = detect(table)
        return FORMATS.get(detection.format), detection.mapping
    chosen = FORMATS.get(format)
    columns = chosen.mapping(table)
    if not is_complete(chosen.slots, columns):
        raise _nothing_detected(table)
    return chosen, columns


def _format_with(slots: Iterable[str]) -> str:
    """The first format that has all these parts; a table of questions and answers where none has."""
    wanted = set(slots)
    fitting = (entry.name for entry in FORMATS if wanted <= {slot.name for slot in entry.slots})
    return next(fitting, _HAND_MADE)


def _by_hand(table: RawTable, chosen: Format, mapping: Mapping[str, str]) -> dict[str, str]:
    names = [slot.name for slot in chosen.slots]
    columns = {slot: column for slot, column in mapping.items() if column}
    for slot, column in columns.items():
        if slot not in names:
            raise UnknownName(kind=f"part of {chosen.name}", name=slot, choices=", ".join(names))
        if column not in table.columns:
            raise UnknownColumn(file=table.file, column=column, found=_listed(table.columns))
    if not is_complete(chosen.slots, columns):
        raise _nothing_detected(table)
    return columns


def _nothing_detected(table: RawTable) -> TailorError:
    if table.kind == "json" or not table.rows:
        return _nothing_usable(table, table.problems)
    return NoUsableColumns(file=table.file, found=_listed(table.columns))


def _nothing_usable(table: RawTable, problems: Sequence[Problem]) -> TailorError:
    """The error that shows the first row, as an example of what is wrong with all of them."""
    if problems and (not table.rows or problems[0].line <= table.rows[0].line):
        return NotTrainingData(file=table.file, place=f"row {problems[0].line}", found=problems[0].found)
    first = table.rows[0]
    found = f"an object with {_listed(first.values)}" if first.values else "an empty object"
    return NotTrainingData(file=table.file, place=f"row {first.line}", found=found)


def _listed(columns: Sequence[str] | Mapping[str, object]) -> str:
    names = [repr(name[:40]) for name in columns]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
