"""JSON in every dress: lines, an array, an object around a list, objects one after another."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from core.data.readers.base import Content, union
from core.data.readers.json_text import BrokenValue, Located, Pieces, by_line, by_value, parse
from core.data.table import Problem, RawRow, RawTable
from core.errors import BrokenJson, EmptyFile

_BEGINNING = re.compile(r"\s*(\{|\[\s*[\[{\"\]\d\-tfn])")
_OBJECT_LINE = re.compile(r"^\s*\{.*\}\s*$", re.MULTILINE)


class JsonReader:
    """JSON and JSONL, whichever of the two the file's name says."""

    name = "json"
    label = "JSON or JSON lines"
    suffixes: tuple[str, ...] = (".jsonl", ".json", ".ndjson")

    def takes(self, content: Content) -> bool:
        """True where the text begins as JSON does, or has a line that is an object."""
        return bool(_BEGINNING.match(content.text)) or _has_object_line(content.text)

    def read(self, content: Content) -> RawTable:
        """One row for each object.

        Raises:
            BrokenJson: nothing in it parses; names the place of the first mistake.
            EmptyFile: a list of nothing.
        """
        text = content.text.replace("\r\n", "\n").replace("\r", "\n")
        try:
            items = _items(parse(text))
        except BrokenValue as whole:
            pieces = _pieces(content.file, text, whole)
            return _table(content.file, pieces.values, [broken.as_problem() for broken in pieces.broken])
        if not items:
            raise EmptyFile(file=content.file)
        return _table(content.file, items, ())


def _has_object_line(text: str) -> bool:
    """A JSONL file whose first line is damaged is still one."""
    for match in _OBJECT_LINE.finditer(text):
        try:
            return isinstance(parse(match.group()), dict)
        except BrokenValue:
            continue
    return False


def _items(value: object) -> list[Located]:
    """The rows of one document: those of a list, those of the list an object is wrapped around, or itself."""
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list) and _is_rows(inner)]
        is_row = any(are_turns(inner) for inner in value.values())
        is_wrapper = len(lists) == 1 and not is_row and (len(value) == 1 or bool(lists[0]))
        value = lists[0] if is_wrapper else [value]
    if not isinstance(value, list) or are_turns(value):
        return [Located(1, value)]
    return [Located(number, item) for number, item in enumerate(value, 1)]


def _is_rows(value: Sequence[Any]) -> bool:
    """True for a list of objects that are not the turns of one conversation."""
    return all(isinstance(item, dict) for item in value) and not are_turns(value)


def are_turns(value: object) -> bool:
    """True for a list of who says what: one conversation."""
    return isinstance(value, list) and bool(value) and all(_is_turn(item) for item in value)


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and ("role" in value or {"from", "value"} <= value.keys())


def _pieces(file: str, text: str, whole: BrokenValue) -> Pieces:
    """The values of a text that is no single document, cut the way that loses least."""
    lines = by_line(text)
    if text.lstrip().startswith("[") and _begins_broken(lines):
        raise _refusal(file, whole)
    values = by_value(text) if lines.broken else lines
    best = values if values.num_chars > lines.num_chars else lines
    if best.values:
        return best
    has_lines = len(re.findall(r"^\{", text, re.MULTILINE)) > 1
    raise _refusal(file, lines.broken[0] if has_lines else whole)


def _begins_broken(lines: Pieces) -> bool:
    """True where the first line alone is no value: then "[" opened an array, which is whole or broken."""
    first_good = lines.values[0].line if lines.values else None
    return bool(lines.broken) and (first_good is None or lines.broken[0].line < first_good)


def _refusal(file: str, broken: BrokenValue) -> BrokenJson:
    facts = {"line": broken.line, "column": broken.column, "found": broken.found, "expected": broken.expected}
    return BrokenJson(file=file, **facts)


def _table(file: str, items: Iterable[Located], problems: Sequence[Problem]) -> RawTable:
    rows, misfits = [], list(problems)
    for item in items:
        if isinstance(item.value, dict):
            rows.append(RawRow(item.line, item.value))
        elif are_turns(item.value):
            rows.append(RawRow(item.line, {"messages": item.value}))
        else:
            misfits.append(Problem(item.line, _kind_of(item.value), "an object with names and values in braces"))
    misfits.sort(key=lambda problem: problem.line)
    return RawTable(file, tuple(rows), union(row.values for row in rows), tuple(misfits), JsonReader.name)


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        return f"the text {value[:24]!r}"
    return "nothing (null)" if value is None else f"the value {str(value)[:24]}"
