"""JSON as people write it: one document, one object a line, or objects one after another."""

import ast
import json
import math
import re
from dataclasses import dataclass

from core.data.readers.decoding import storable
from core.data.table import Problem

_DEEPEST = 64  # levels; deeper than any conversation, and far from Python's own limit
_MOST_BROKEN = 1000  # then the text is no sequence of values; each mistake costs a look at all of it
_LARGEST = 2**63 - 1  # what a number in a file of ours may be; beyond it stays its digits
_PYTHON_STARTS = ("'", "T", "F", "N")  # where JSON stops to be JSON in what Python prints
_ARRAY_GAP = re.compile(r"\}\s*\n\s*\{")
_LONGEST_NUMBER = 4000  # digits; Python refuses to print more than 4300

_EXPECTED = (
    ("Expecting ','", "a comma or a closing bracket"),
    ("Expecting ':'", "a colon after the name"),
    ("Expecting property name", "a name in double quotes"),
    ("Illegal trailing comma", "no comma before the closing bracket"),
    ("Unterminated string", "a closing double quote"),
    ("Invalid control character", "a closing double quote on the same line"),
    ("Invalid \\", 'a backslash only before one of " \\ / b f n r t u'),
    ("Extra data", "nothing more on this line"),
)


class BrokenValue(ValueError):
    """Text that is no JSON: where, what was there, what should have been."""

    def __init__(self, line: int, column: int, found: str, expected: str) -> None:
        super().__init__(found)
        self.line, self.column, self.found, self.expected = line, column, found, expected

    def as_problem(self) -> Problem:
        """The same as a problem of one row."""
        return Problem(self.line, f"{self.found} at column {self.column}", self.expected)


@dataclass(frozen=True)
class Located:
    """A value and the line, or the item, it came from."""

    line: int
    value: object


@dataclass(frozen=True)
class Pieces:
    """What one way of cutting a text into values gave; `num_chars` is how much of it became values."""

    values: tuple[Located, ...]
    broken: tuple[BrokenValue, ...]
    num_chars: int


def parse(text: str, line: int = 1) -> object:
    """The value a text consists of; `line` is the number of its first line.

    Raises:
        BrokenValue: it is no JSON, or nested deeper than anything people write.
    """
    try:
        return tidy(_STRICT.decode(text))
    except json.JSONDecodeError as error:
        if error.msg.startswith("Invalid control character"):
            return _parse_loosely(text, line, error)
        if text[error.pos : error.pos + 1] in _PYTHON_STARTS and (value := _as_python(text)) is not None:
            return value
        raise _broken(error, line) from error
    except RecursionError as error:
        raise _too_deep(line) from error


def _as_python(text: str) -> object:
    """An object or a list as Python prints it, with single quotes, True and None; numpy leaves the commas out."""
    try:
        value = ast.literal_eval(_ARRAY_GAP.sub("},{", text.strip()))
        return tidy(value) if isinstance(value, dict | list) else None
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def uncommented(text: str) -> str:
    """The text without comments and without commas before a closing bracket; what stands in quotes stays.

    What is left out leaves blanks, so that places of mistakes stay true.
    """
    return _LOOSE_PARTS.sub(_blanked, text)


def _blanked(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith('"') else re.sub(r"[^\n]", " ", found)


def by_line(text: str) -> Pieces:
    """One value a line."""
    values, broken, num_chars = list[Located](), list[BrokenValue](), 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values.append(Located(number, parse(line, number)))
            num_chars += len(line.strip())
        except BrokenValue as error:
            broken.append(_bare(error))
            if not values and len(broken) >= _MOST_BROKEN:
                break  # no line is a value: the text is of another kind
    return Pieces(tuple(values), tuple(broken), num_chars)


def _bare(error: BrokenValue) -> BrokenValue:
    """The error without what it holds on to: the text it was found in, and the way there."""
    return BrokenValue(error.line, error.column, error.found, error.expected)


def by_value(text: str) -> Pieces:
    """Values one after another, each over as many lines as it likes.

    After a broken one it goes on at the next line that begins with a bracket.
    """
    is_one_line = "\n" not in text.strip()
    values, broken, num_chars = list[Located](), list[BrokenValue](), 0
    start, line = _after_gap(text, 0)
    while start < len(text) and len(broken) < _MOST_BROKEN:
        try:
            value, end = _decode_at(text, start, line)
            if not is_one_line:
                _refuse_second(text, start, end, line)
            values.append(Located(line, value))
            num_chars += end - start
        except BrokenValue as error:
            broken.append(error)
            end = _next_bracket(text, start)
        start, num_lines = _after_gap(text, end, since=start)
        line += num_lines - 1
    if is_one_line:
        values = [Located(number, located.value) for number, located in enumerate(values, 1)]
    return Pieces(tuple(values), tuple(broken), num_chars)


def _decode_at(text: str, start: int, line: int) -> tuple[object, int]:
    try:
        value, end = _STRICT.raw_decode(text, start)
        return tidy(value), end
    except json.JSONDecodeError as error:
        raise _broken(error, 1) from error
    except RecursionError as error:
        raise _too_deep(line) from error


def _refuse_second(text: str, start: int, end: int, line: int) -> None:
    """Two values on one line among many mean that the line was damaged."""
    rest = text[end : _line_end(text, end)].strip(" \t,")
    if rest and "\n" not in text[start:end]:
        column = end - text.rfind("\n", 0, end)
        raise BrokenValue(line, column, _excerpt(rest), "nothing more on this line")


def _after_gap(text: str, position: int, since: int = 0) -> tuple[int, int]:
    """Where the next value begins, and on which line, `since` being on the first."""
    gap = _BETWEEN.match(text, position)
    start = gap.end() if gap else position
    return start, 1 + text.count("\n", since, start)


def _next_bracket(text: str, position: int) -> int:
    match = _BRACKET.search(text, position + 1)
    return match.start() if match else len(text)


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _parse_loosely(text: str, line: int, strict: json.JSONDecodeError) -> object:
    """Tabs and line breaks inside quotes are no JSON, but nobody means anything else by them."""
    try:
        return tidy(_LOOSE.decode(text))
    except json.JSONDecodeError as loose:
        # A quote that is never closed shows at the end of its line; read loosely, far behind it.
        error = strict if strict.doc[strict.pos] == "\n" else loose
        raise _broken(error, line) from error
    except RecursionError as error:
        raise _too_deep(line) from error


def _broken(error: json.JSONDecodeError, line: int) -> BrokenValue:
    rest = error.doc[error.pos : _line_end(error.doc, error.pos)]
    expected = next((words for start, words in _EXPECTED if error.msg.startswith(start)), "a value")
    if error.msg.startswith("Unterminated"):
        return BrokenValue(line + error.lineno - 1, error.colno, "text that does not end", expected)
    at_end = "the end of the file" if error.pos >= len(error.doc.rstrip()) else "the end of the line"
    return BrokenValue(line + error.lineno - 1, error.colno, _excerpt(rest) if rest.strip() else at_end, expected)


def _too_deep(line: int) -> BrokenValue:
    return BrokenValue(line, 1, f"brackets nested more than {_DEEPEST} deep", "a conversation or a row")


def _excerpt(text: str) -> str:
    short = storable(text.strip())
    return repr(short if len(short) <= 24 else short[:24] + "…")


def tidy(value: object, depth: int = 0) -> object:
    """The value with storable texts, and None for numbers that are none."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list | tuple):
        return [tidy(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {storable(str(name)): tidy(item, depth + 1) for name, item in value.items()}
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _nothing(_: str) -> None:
    """NaN and Infinity, as pandas writes them for missing values."""


_LOOSE_PARTS = re.compile(
    r'"(?:[^"\\\n]|\\.)*+"?|/\*(?:[^*]|\*(?!/))*+\*/|//[^\n]*|^[ \t]*#[^\n]*|,(?=\s*[\]}])', re.MULTILINE
)
_BETWEEN = re.compile(r"[\s,]*")
_BRACKET = re.compile(r"^[{\[]", re.MULTILINE)
_STRICT = json.JSONDecoder(parse_int=_whole_number, parse_constant=_nothing)
_LOOSE = json.JSONDecoder(parse_int=_whole_number, parse_constant=_nothing, strict=False)
