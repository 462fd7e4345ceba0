"""Questions or answers in another language than the rest.

Memory: 12 bytes a row.
"""

import re
from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners.base import Action, Context, SetHits, Study
from core.data.cleaners.tongues import UNKNOWN, language_of
from core.data.examples import CONVERSATION, PASSAGE, PREFERENCE, Example

_FEWEST = 20  # texts whose language is known
_CLEAR = 0.9  # of them in one language, or in two
_SECOND = 0.1  # a second language is meant from this share on
_SECOND_LOOK = 1_500  # characters
_NOTE = 80  # characters
_TRANSLATION = re.compile(
    r"translat|翻译|译成|译为|language|语言|(?:法|英|德|日|韩|俄|中|西班牙|意大利|葡萄牙|阿拉伯|拉丁)[语文]|"
    r"(?:in|into|to|for) (?:french|spanish|german|chinese|english|italian|japanese|korean|russian|portuguese|arabic|"
    r"latin|hindi|dutch|mandarin)\b",
    re.IGNORECASE,
)
_FOREIGN_WORD = re.compile("[A-Za-z]{3,}")


class Language:
    """Finds texts in another language than nearly all others in the same place."""

    name = "language"
    label = "Another language"
    help = (
        "Finds questions or answers in another language, where nearly all are in one (or in two). The model would "
        "learn to change the language without a reason. Translations, code and short names are left alone."
    )
    actions: tuple[Action, ...] = ("drop", "keep")
    default: Action = "keep"
    tasks = frozenset((CONVERSATION, PREFERENCE, PASSAGE))

    def study(self, context: Context) -> Study:
        """A look at the language of each question and each answer."""
        return _Languages()


class _Languages:
    def __init__(self) -> None:
        self._rows = array("q")
        self._asked, self._said = array("H"), array("H")
        self._codes = {UNKNOWN: 0}

    def see(self, row: int, example: Example) -> None:
        """The languages of its question and its answer."""
        self._rows.append(row)
        question, answer = example.question, example.answer
        if _TRANSLATION.search(question):
            question = answer = ""
        self._asked.append(self._codes.setdefault(language_of(question), len(self._codes)))
        self._said.append(self._codes.setdefault(language_of(answer), len(self._codes)))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows with a text in another language than is usual in its place; a second look reads more of it."""
        rows = np.array(self._rows, np.int64)
        here = np.flatnonzero(alive[rows]) if len(rows) else rows
        codes, notes = list(self._codes), dict[int, str]()
        for column, is_answer in ((self._asked, False), (self._said, True)):
            kinds = np.array(column, np.int64)[here]
            usual = _usual(kinds)
            if not usual:
                continue
            for place in np.flatnonzero(~np.isin(kinds, [0, *usual])):
                row = int(rows[here][place])
                text = _foreign(read(row), codes[kinds[place]], is_answer=is_answer)
                if text:
                    notes.setdefault(row, " ".join(text.split())[:_NOTE])
        found = np.array(sorted(notes), np.int64)
        return SetHits(found, np.full(len(found), -1, np.int64), notes, figures={"spoken": self._spoken(len(alive))})

    def _spoken(self, num_rows: int) -> NDArray[np.int64]:
        """By row, the language of its answer as `code_of` reads it, 0 for unknown."""
        numbers = np.array([int.from_bytes(code.encode()) for code in self._codes], np.int64)
        spoken = np.zeros(num_rows, np.int64)
        spoken[np.array(self._rows, np.int64)] = numbers[np.array(self._said, np.int64)]
        return spoken


def code_of(number: int) -> str:
    """The language behind a number of the figure `spoken`."""
    return number.to_bytes(8).lstrip(b"\0").decode()


def _usual(kinds: NDArray[np.int64]) -> list[int]:
    """The languages nearly all texts are in; none where there are many, or few texts."""
    counts = np.bincount(kinds)
    counts[:1] = 0
    total = int(counts.sum())
    if total < _FEWEST:
        return []
    first, *others = np.argsort(-counts, kind="stable")[:2]
    usual = [int(first), *(int(other) for other in others if counts[other] >= _SECOND * total)]
    return usual if counts[usual].sum() >= _CLEAR * total else []


def _foreign(example: Example, code: str, *, is_answer: bool) -> str:
    """The text in a foreign language, once more of it was read; "" where it is not, or where the question asks for it.

    A question in another script that quotes words of the answer asks about them.
    """
    text = example.answer if is_answer else example.question
    quoted = set(_FOREIGN_WORD.findall(example.question)) if is_answer and not example.question.isascii() else set()
    is_asked_for = bool(quoted & set(_FOREIGN_WORD.findall(text)))
    return text if not is_asked_for and language_of(text, _SECOND_LOOK) == code else ""
