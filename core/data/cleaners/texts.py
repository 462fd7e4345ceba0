"""What several checks ask of a text: where its code is, and how a place in it is shown."""

import re
from collections.abc import Callable

_CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`)", re.DOTALL)
# Lines as they stand in programs without a fence around them.
_CODE_LINE = re.compile(
    r"^[ \t]*+(?:def \w+\(|class \w+[:({]|import \w|from [\w.]+ import |#include\b|#!/|function\b.*[({]|"
    r"(?:const|let|var) \w+\s*=|(?:public|private|protected|static) \w|(?:if|for|while|switch|else if) ?\(.*\{|"
    r"(?:if|for|while|elif|try|else|with) ?.*:$|return\b.*;?$|print\(|System\.out|console\.|SELECT\b.+\bFROM\b|"
    r"INSERT INTO\b|CREATE TABLE\b|UPDATE \w+ SET\b|\w+(?:\.\w+)* ?[-+*/]?= ?\S.*[;)\]}\"'\d]$|"
    r".*[;{}][ \t]*$|//|/\*|</?[a-z][a-z0-9]*[^<>]*>[ \t]*$|\$ \w|>>> |@\w+\()",
    re.MULTILINE,
)
_MOST_LOOKED_AT = 4000  # characters: a program shows itself before


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed that stands neither in a code block nor between backticks."""
    if "`" not in text and "~~~" not in text:
        return change(text)
    parts = _CODE.split(text)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def without_code(text: str) -> str:
    """The text with a blank for every code block and everything between backticks."""
    return _CODE.sub(" ", text) if "`" in text or "~~~" in text else text


def looks_like_code(text: str) -> bool:
    """True for a program without a fence around it: at least two lines of code, a quarter of all."""
    text = text[:_MOST_LOOKED_AT]
    lines = sum(1 for line in text.split("\n") if line.strip())
    found = sum(1 for _ in zip(_CODE_LINE.finditer(text), range(lines), strict=False))
    return found >= min(2, lines) and found * 4 >= lines


def excerpt(text: str, start: int, end: int, around: int = 12) -> str:
    """A place in a text with a little of what stands around it, on one line."""
    left, right = max(0, start - around), min(len(text), max(end, start) + around)
    place = " ".join(text[left:right].split())
    return ("…" if left else "") + place[: 4 * around] + ("…" if right < len(text) else "")


def changed_place(before: str, after: str) -> str:
    """The first place where two texts differ, as it was before."""
    start = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), len(after))
    return excerpt(before, start, start + 1)
