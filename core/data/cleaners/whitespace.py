"""Blanks nobody meant: at the ends of texts and lines, and whole blank lines."""

import re

from core.data.cleaners.base import BLANKS, EVERY_TASK, Action, Context, Hit, with_texts
from core.data.examples import Example

_LINE_BREAK = re.compile(r"\r\n?")
_BLANKS_IN_LINE = BLANKS.replace("\n", "")
_MANY_BLANK_LINES = re.compile(r"\n{4,}")
_BEFORE_BREAK = re.compile(rf"(?<=[{re.escape(_BLANKS_IN_LINE)}])\n")
_EDGE = frozenset(BLANKS)


class Whitespace:
    """Trims every turn; indentation and line breaks inside stay."""

    name = "whitespace"
    label = "Stray blanks"
    help = (
        "Removes blanks and empty lines at the start and end of each text and at the ends of lines. "
        "Indentation and line breaks inside answers stay as they are."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "fix"
    tasks = EVERY_TASK

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The example with trimmed texts, where that makes a difference."""
        fixed = with_texts(example, tidy)
        return None if fixed is example else Hit(fixed=fixed)


def tidy(text: str) -> str:
    """The text without stray blanks."""
    if not _is_stray(text):
        return text
    lines = _LINE_BREAK.sub("\n", text).split("\n")
    text = "\n".join(line.rstrip(_BLANKS_IN_LINE) for line in lines)
    text = _MANY_BLANK_LINES.sub("\n\n", text).strip("\n")
    return text if _begins_with_code(text) else text.strip(BLANKS)


def _is_stray(text: str) -> bool:
    """Tells of almost every clean text quickly that there is nothing to do."""
    if not text or text[0] in _EDGE or text[-1] in _EDGE or "\r" in text:
        return bool(text)
    return "\n" in text and ("\n\n\n\n" in text or _BEFORE_BREAK.search(text) is not None)


def _begins_with_code(text: str) -> bool:
    """True where the first two lines with text are indented alike: to strip one would break the block."""
    first, *others = [line for line in text.split("\n") if line] or [""]
    indentation = first[: len(first) - len(first.lstrip(" \t"))]
    is_plain = first.lstrip(BLANKS) == first.lstrip(" \t")
    return is_plain and len(indentation) > 1 and bool(others) and others[0].startswith(indentation)
