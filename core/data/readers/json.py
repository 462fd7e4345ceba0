"""JSON in every dress: lines, an array, an object around a list, objects one after another."""

import re
from collections.abc import Iterable, Iterator

from core.data.readers.base import Content
from core.data.readers.exports import alternating
from core.data.readers.json_lists import are_turns, located, named_lists, part_of, unwrapped
from core.data.readers.json_stream import begins_with_a_long_row, each_item, each_line, is_by_line
from core.data.readers.json_text import BrokenValue, Located, Pieces, by_line, by_value, parse, uncommented
from core.data.table import Problem, RawRow, RawTable
from core.errors import BrokenJson, EmptyFile

_BEGINNING = re.compile(r"\s*(\{|\[\s*([\[{\"'\]]|(-?\d[\d.]*|true|false|null|NaN)\s*,))")
_BEGINNING_CHARS = 10_000
_OBJECT_LINE = re.compile(r"^[ \t]*+\{.*\}[ \t\r]*$", re.MULTILINE)


class JsonReader:
    """JSON and JSONL, whichever of the two the file's name says."""

    name = "json"
    label = "JSON or JSON lines"
    suffixes: tuple[str, ...] = (".jsonl", ".json", ".ndjson")
    is_text = True

    def takes(self, content: Content) -> bool:
        """True where the text begins as JSON does, or has a line that is an object."""
        beginning = uncommented(content.text[:_BEGINNING_CHARS])
        return bool(_BEGINNING.match(beginning)) or _has_object_line(content.text)

    def read(self, content: Content) -> Iterator[RawTable]:
        """One row for each object. Lines are read as they come; a document at once, or piece by piece if large.

        Raises:
            BrokenJson: nothing in it parses; names the place of the first mistake.
            EmptyFile: a list of nothing.
        """
        if is_by_line(content.text) or (content.is_large and begins_with_a_long_row(content)):
            yield RawTable(content.file, _rows(each_line(content.lines())), self.name)
        elif content.is_large:
            yield RawTable(content.file, _rows(each_item(content)), self.name)
        else:
            yield from _documents(content)


def _documents(content: Content) -> Iterator[RawTable]:
    """The lists of one document, or values one after another."""
    text = content.text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        value = _parsed(text)
    except BrokenValue as whole:
        pieces = _pieces(content.file, text, whole)
        found: list[Located | Problem] = [*pieces.values, *(broken.as_problem() for broken in pieces.broken)]
        found.sort(key=lambda item: item.line)
        yield RawTable(content.file, _rows(found), JsonReader.name)
        return
    lists = named_lists(value)
    for name, rows in lists.items():
        yield RawTable(content.file, _rows(located(rows)), JsonReader.name, name, part_of(name))
    if not lists:
        items = _items(value)
        if not items:
            raise EmptyFile(file=content.file)
        yield RawTable(content.file, _rows(items), JsonReader.name)


def _parsed(text: str) -> object:
    """The value of a text; where it is none, once more without comments and trailing commas."""
    try:
        return parse(text)
    except BrokenValue:
        bare = uncommented(text)
        if bare == text:
            raise
        return parse(bare)


def _has_object_line(text: str) -> bool:
    """A JSONL file whose first line is damaged is still one."""
    for match in _OBJECT_LINE.finditer(text):
        try:
            return isinstance(parse(match.group()), dict)
        except BrokenValue:
            continue
    return False


def _items(value: object) -> list[Located]:
    """The rows of one document, with their numbers."""
    return [Located(number, item) for number, item in enumerate(unwrapped(value), 1)]


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


def _rows(items: Iterable[Located | Problem]) -> Iterator[RawRow | Problem]:
    """Objects are rows, and a list of turns, or of what was said in turn, is the row of one conversation."""
    for item in items:
        if isinstance(item, Problem):
            yield item
        elif isinstance(item.value, dict):
            yield RawRow(item.line, item.value)
        elif are_turns(item.value):
            yield RawRow(item.line, {"messages": item.value})
        elif isinstance(item.value, list) and len(item.value) > 1 and all(isinstance(text, str) for text in item.value):
            yield RawRow(item.line, {"messages": alternating(item.value)})
        else:
            yield Problem(item.line, _kind_of(item.value), "an object with names and values in braces")


def _kind_of(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        return f"the text {value[:24]!r}"
    return "nothing (null)" if value is None else f"the value {str(value)[:24]}"
