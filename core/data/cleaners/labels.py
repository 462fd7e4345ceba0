"""Labels that are a spelling of another one.

Memory: each label once, and 4 bytes a row.
"""

import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners.base import Action, Context, SetHits, Study, no_hits
from core.data.examples import CLASSIFICATION, Example

_MOST_LABELS = 1_000  # more of them are no classes
_RARE = 0.1  # a mistyped label is at most so frequent as the right one, of 1
# Letters of a label, of one of its words, and of one with a wrong letter: cat and car are two.
_SHORTEST, _SHORTEST_WORD, _SHORTEST_SWAPPED = 5, 4, 6
_PREFIXES = "ae"  # moral and amoral, motion and emotion


class Labels:
    """Finds labels that differ from a frequent one by case, blanks or a letter."""

    name = "labels"
    label = "Mistyped labels"
    help = (
        "Finds rare labels that are a frequent one with other case, blanks or a wrong letter: “Refund”, “refnd”. Each "
        "spelling would be a class of its own. They become the frequent one."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "fix"
    tasks = frozenset((CLASSIFICATION,))

    def study(self, context: Context) -> Study:
        """A look at how often each label occurs."""
        return _Counts()


class _Counts:
    def __init__(self) -> None:
        self._rows, self._labels = array("q"), array("i")
        self._numbers: dict[str, int] = {}

    def see(self, row: int, example: Example) -> None:
        """The number of its label."""
        if len(self._numbers) > _MOST_LABELS:
            return
        self._rows.append(row)
        self._labels.append(self._numbers.setdefault(example.answer, len(self._numbers)))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows whose label is a spelling of a more frequent one.

        Figure: by row the number of its label from 1 on in `labels`, 0 where it has none.
        """
        if len(self._numbers) > _MOST_LABELS or not self._rows:
            return no_hits()
        rows, labels = np.array(self._rows, np.int64), np.array(self._labels, np.int64)
        rows, labels = rows[alive[rows]], labels[alive[rows]]
        numbered = np.zeros(len(alive), np.int64)
        numbered[rows] = labels + 1
        names = list(self._numbers)
        counts = np.bincount(labels, minlength=len(names))
        right = spellings({name: int(count) for name, count in zip(names, counts, strict=True) if count})
        wrong = np.array([name in right for name in names])
        hit = np.flatnonzero(wrong[labels]) if len(labels) else labels
        notes = {int(rows[place]): names[labels[place]] for place in hit}
        groups = np.full(len(hit), -1, np.int64)
        figures = {"labels": numbered}
        return SetHits(rows[hit], groups, notes, lambda example: _with_answer(example, right[example.answer]), figures)


def spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Labels that are to be read as another one; never as one that is itself to be read as another."""
    heads: dict[str, str] = {}
    for label in sorted(counts, key=lambda label: -counts[label]):
        heads.setdefault(_plain(label), label)
    totals = Counter[str]()
    for label, count in counts.items():
        totals[heads[_plain(label)]] += count
    meant = {label: heads[_plain(label)] for label in counts}
    for head in sorted(heads.values(), key=lambda label: totals[label]):
        frequent = (other for other in heads.values() if totals[head] <= _RARE * totals[other])
        right = max(
            (other for other in frequent if is_slip(_plain(head), _plain(other))),
            key=lambda other: totals[other],
            default=head,
        )
        meant = {label: right if target == head else target for label, target in meant.items()}
    return {label: target for label, target in meant.items() if label != target}


def is_slip(one: str, other: str) -> bool:
    """Whether two labels differ by a slip: a blank, or one letter left out, doubled, wrong, exchanged."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    if one.count(" ") != other.count(" ") or min(len(one), len(other)) < _SHORTEST:
        return False
    differing = [pair for pair in zip(one.split(), other.split(), strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_slip_of_word(*sorted(differing[0], key=len))


def _is_slip_of_word(shorter: str, longer: str) -> bool:
    if len(shorter) < _SHORTEST_WORD or any(map(str.isdigit, shorter + longer)):
        return False
    start = next((place for place, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), -1)
    rest = shorter[max(start, 0) :]
    if len(shorter) < len(longer):
        is_left_out = start == -1 or rest == longer[start + 1 :]
        return len(longer) == len(shorter) + 1 and is_left_out and not (start == 0 and longer[0] in _PREFIXES)
    if rest[1:] == longer[start + 1 :]:
        return len(shorter) >= _SHORTEST_SWAPPED
    return rest[:2] == longer[start : start + 2][::-1] and rest[2:] == longer[start + 2 :]


def _with_answer(example: Example, answer: str) -> Example:
    *before, last = example.messages
    return replace(example, messages=(*before, replace(last, content=answer)))


def _plain(label: str) -> str:
    text = unicodedata.normalize("NFKC", label).casefold()
    return " ".join(text.replace("_", " ").replace("-", " ").strip(" .,:;!\"'。").split())
