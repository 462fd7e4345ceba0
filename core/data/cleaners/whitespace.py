"""Blanks nobody meant: at the ends of texts and lines, and whole blank lines."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.data.cleaners.base import BLANKS, Proposal
from core.data.examples import Example

_LINE_BREAK = re.compile(r"\r\n?")
_BLANKS_IN_LINE = BLANKS.replace("\n", "")
_MANY_BLANK_LINES = re.compile(r"\n{4,}")


class Whitespace:
    """Trims every turn; indentation and line breaks inside stay."""

    name = "whitespace"
    label = "Stray blanks"
    help = (
        "Removes blanks and empty lines at the start and end of each text and at the ends of lines. "
        "Indentation and line breaks inside answers stay as they are."
    )
    default = True

    def propose(self, examples: Sequence[Example]) -> Proposal:
        """The examples with trimmed turns, where that makes a difference."""
        cleaned = {example.id: _trimmed(example) for example in examples}
        return {example.id: cleaned[example.id] for example in examples if cleaned[example.id] != example}


def tidy(text: str) -> str:
    """The text without stray blanks."""
    lines = _LINE_BREAK.sub("\n", text).split("\n")
    text = "\n".join(line.rstrip(_BLANKS_IN_LINE) for line in lines)
    text = _MANY_BLANK_LINES.sub("\n\n", text).strip("\n")
    return text if _begins_with_code(text) else text.strip(BLANKS)


def _begins_with_code(text: str) -> bool:
    """True where the first two lines with text are indented alike: to strip one would break the block."""
    first, *others = [line for line in text.split("\n") if line] or [""]
    indentation = first[: len(first) - len(first.lstrip(" \t"))]
    is_plain = first.lstrip(BLANKS) == first.lstrip(" \t")
    return is_plain and len(indentation) > 1 and bool(others) and others[0].startswith(indentation)


def _trimmed(example: Example) -> Example:
    turns = tuple(replace(turn, content=tidy(turn.content)) for turn in example.messages)
    return replace(example, messages=turns)
