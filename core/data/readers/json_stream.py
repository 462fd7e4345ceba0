"""JSON as it comes: a value a line, or the items of the one list in a file too large to be read at once."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice

import orjson

from core.data.readers.base import Content
from core.data.readers.json_text import BrokenValue, Located, parse, tidy, uncommented
from core.data.table import Problem
from core.errors import BrokenJson, EmptyFile

_LONGEST_NUMBER = 2.0**63
_SAMPLED = 20  # lines
_MANY_BRACKETS = 60
_MOST_JOINED = 50  # lines over which an object with raw line breaks in its texts may go


def is_by_line(text: str) -> bool:
    """True where the first line is a value, and another line begins one."""
    first, *others = [line for line in islice(text.split("\n"), _SAMPLED) if line.strip()] or [""]
    return isinstance(_value(first) or _loosely(first), dict | list) and any(
        line.lstrip().startswith(("{", "[")) for line in others
    )


def begins_with_a_long_row(content: Content) -> bool:
    """True where the first line of a large file goes beyond its beginning, and is a value for itself."""
    is_one_line = "\n" not in content.text.strip()
    return is_one_line and content.first_line.endswith(("\n", "\r")) and isinstance(_value(content.first_line), dict)


def each_line(lines: Iterable[str]) -> Iterator[Located | Problem]:
    """One value a line; a broken line is a problem, unless the lines behind it complete it."""
    waiting = list[tuple[int, str]]()
    for number, line in enumerate(lines, 1):
        value = None if waiting or _is_odd(line) else _value(line)
        if value is not None:
            yield Located(number, value)
            continue
        waiting.append((number, line))
        yield from _settled(waiting)
    yield from _settled(waiting, is_end=True)


def _settled(waiting: list[tuple[int, str]], is_end: bool = False) -> Iterator[Located | Problem]:
    """Takes from the lines that wait as many as are settled: together one value, or each for itself."""
    while waiting:
        first, line = waiting[0]
        if not line.strip():
            waiting.pop(0)
            continue
        joined = "".join(text for _, text in waiting)
        if len(waiting) > 1 and (value := _loosely(joined)) is not None:
            waiting.clear()
            yield Located(first, value)
            return
        begins_new = len(waiting) > 1 and _value(waiting[-1][1]) is not None
        if not (is_end or begins_new or len(waiting) >= _MOST_JOINED or _is_closed(line)):
            return
        yield from _good(waiting.pop(0))


def _good(numbered: tuple[int, str]) -> Iterator[Located | Problem]:
    """A line for itself."""
    number, line = numbered
    if not line.strip():
        return
    try:
        yield Located(number, parse(line.strip(), number))
    except BrokenValue as broken:
        bare = uncommented(line).strip()
        value = _loosely(bare) if bare else None
        if value is not None:
            yield Located(number, value)
        elif bare:
            yield broken.as_problem()


def _is_closed(line: str) -> bool:
    """True for a line that cannot go on behind its end: a damaged one, not the beginning of something."""
    return line.rstrip().endswith(("}", "]", "},", "],"))


def _is_odd(line: str) -> bool:
    """True for what the fast parser takes otherwise than we do: zero characters, brackets in brackets."""
    return "\\u0000" in line or "\\ud" in line.lower() or line.count("[") + line.count("{") > _MANY_BRACKETS


def _value(line: str) -> object:
    """The value of a line; None for none, and where a long number lost digits. Fast: nearly all lines are good."""
    try:
        value: object = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if isinstance(value, dict):
        for cell in value.values():
            if type(cell) is float and abs(cell) >= _LONGEST_NUMBER:
                return None
    return value


def _loosely(text: str) -> object:
    try:
        return parse(text)
    except BrokenValue:
        return None


def each_item(content: Content) -> Iterator[Located]:
    """The items of the first list of objects in a large document.

    Raises:
        BrokenJson: the document breaks off; what came before it is lost with the import.
        EmptyFile: no list of objects in it.
    """
    import ijson

    prefix = _prefix(content)
    with closing(content.as_utf8()) as file:
        try:
            for number, item in enumerate(ijson.items(file, prefix, use_float=True), 1):
                yield Located(number, tidy(item))
        except ijson.JSONError as error:
            raise _broken(content, error) from error


def _prefix(content: Content) -> str:
    """Where the objects lie in the document: "item" for a list, "data.item" for one in an object."""
    import ijson

    with closing(content.as_utf8()) as file:
        try:
            for prefix, event, _ in ijson.parse(file):
                if event == "start_map" and (prefix == "item" or prefix.endswith(".item")):
                    return str(prefix)
        except ijson.JSONError as error:
            raise _broken(content, error) from error
    raise EmptyFile(file=content.file)


def _broken(content: Content, error: Exception) -> BrokenJson:
    found = re.split(r"\\n|\n", str(error).removeprefix("b'"))[0].strip()[:80]
    return BrokenJson(file=content.file, line="?", column="?", found=found, expected="a list of objects")
