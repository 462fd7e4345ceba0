"""Answers that lack the form nearly all others have.

Memory: 31 bytes a row, and twice as much while the rows are compared.
"""

import re
from array import array
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners.base import Action, Context, SetHits, Study
from core.data.examples import CONVERSATION, PREFERENCE, Example

_FEWEST = 20  # answers in one script
_SHARED = 0.9  # of them have the feature
_NOTE = 80  # characters
# Forms by how they are noted: what a line begins with, what stands anywhere, what the whole answer is.
_LINES = {
    "1. …": r"(?:\d{1,2}[.)、]|[①-⑳])\s?\S",
    "- …": r"[-*•·]\s+\S",
    "## …": r"#{1,6} ",
    "``` …": "```",
    "| … |": r"\|.*\|",
}
_LINE_FORMS = tuple(re.compile(form) for form in _LINES.values())
_FORMS = (*_LINES, "**…**", "{…}", "<…>")
_MARKS = frozenset("-*•·#`|0123456789①②③④⑤⑥⑦⑧⑨⑩")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Lengths are alike where the longest are so many times the shortest (5 % left out at both ends); then so many times
# longer or shorter is unlike, if it is seldom.
_ALIKE, _UNLIKE, _SELDOM = 5, 5, 0.02
_EDGES = ("first line", "last line", "first sentence", "last sentence")
_EDGE_LENGTH = 200  # characters; what is longer is no greeting


class Style:
    """Finds answers without the greeting, the closing line, the list, the code block … that nearly all others have."""

    name = "style"
    label = "Form unlike the rest"
    help = (
        "Where nine of ten answers share a greeting, a closing line, numbered steps, a code block or the like, finds "
        "those without it. One form all through is learned from few examples; exceptions undo it."
    )
    actions: tuple[Action, ...] = ("drop", "keep")
    default: Action = "keep"
    tasks = frozenset((CONVERSATION, PREFERENCE))

    def study(self, context: Context) -> Study:
        """A look at the form of each answer."""
        return _Forms()


class _Forms:
    def __init__(self) -> None:
        self._rows, self._forms, self._scripts = array("q"), array("H"), array("b")
        self._edges, self._lengths = array("i"), array("I")

    def see(self, row: int, example: Example) -> None:
        """Which forms its answer has, and hashes of how it begins and ends."""
        answer = example.answer
        if not answer:
            return
        self._rows.append(row)
        self._forms.append(_forms_of(answer))
        self._scripts.append(bool(not answer.isascii() and _HAN.search(answer)))
        self._edges.extend(hash(edge) & 0x7FFFFFFF if edge else 0 for edge in edges(answer))
        self._lengths.append(len(answer))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows without what nearly all answers of their script have."""
        rows, scripts = np.array(self._rows, np.int64), np.array(self._scripts, np.int8)
        notes: dict[int, str] = {}
        for script in (0, 1):
            here = np.flatnonzero((scripts == script) & alive[rows])
            if len(here) >= _FEWEST:
                for places, note in self._unlike(here, lambda place: read(int(rows[place]))):
                    for row in rows[places].tolist():
                        notes.setdefault(row, note)
        hit = np.array(sorted(notes), np.int64)
        return SetHits(hit, np.full(len(hit), -1, np.int64), notes)

    def _unlike(
        self, here: NDArray[np.int64], read: Callable[[int], Example]
    ) -> Iterator[tuple[NDArray[np.int64], str]]:
        """For each feature that nearly all of these answers share: the answers without it, and the feature."""
        forms, lengths = np.array(self._forms, np.int64)[here], np.array(self._lengths, np.int64)[here]
        for number, form in enumerate(_FORMS):
            has = (forms >> number & 1).astype(np.bool_)
            yield here[_lacking(has)], form
        for number, column in enumerate(np.array(self._edges, np.int64).reshape(-1, len(_EDGES))[here].T):
            has = (column == _commonest(column)) & (column > 0)
            lacking = here[_lacking(has)]
            if len(lacking):
                yield lacking, edges(read(int(here[np.argmax(has)])).answer)[number][:_NOTE]
        for place in here[_odd_lengths(lengths)].tolist():
            yield np.array([place]), read(place).answer[:_NOTE]


def edges(answer: str) -> tuple[str, ...]:
    """The first and last line, the first and last sentence; "" where they are the whole answer."""
    opening, _, rest = answer.strip().partition("\n")
    closing = rest.rpartition("\n")[2] if rest else opening
    first = _SENTENCE_END.split(opening[:_EDGE_LENGTH], maxsplit=1)
    last = [sentence for sentence in _SENTENCE_END.split(closing[-_EDGE_LENGTH:]) if sentence]
    is_one = not rest and len(last) == 1
    lines = (opening, closing.strip()) if rest else ("", "")
    return (*lines, "", "") if is_one else (*lines, first[0], last[-1] if last else "")


def _odd_lengths(lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which are far from the others, where the others are alike."""
    low, high = np.quantile(lengths, [0.05, 0.95])
    odd: NDArray[np.bool_] = (lengths * _UNLIKE < low) | (lengths > _UNLIKE * high)
    return odd if high <= _ALIKE * low and odd.mean() <= _SELDOM else np.zeros(len(lengths), np.bool_)


def _commonest(values: NDArray[np.int64]) -> int:
    found, counts = np.unique(values[values > 0], return_counts=True)
    return int(found[np.argmax(counts)]) if len(found) else 0


def _forms_of(answer: str) -> int:
    forms = 0
    for line in answer.split("\n"):
        start = line.lstrip()
        if start[:1] in _MARKS and start:
            forms |= sum(1 << number for number, form in enumerate(_LINE_FORMS) if form.match(start))
    ends = answer[:1] + answer[-1:]
    return forms | ("**" in answer) << 5 | (ends in ("{}", "[]")) << 6 | (ends == "<>") << 7


def _lacking(has: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The answers without a feature, where nearly all have it; none elsewhere."""
    return ~has if has.mean() >= _SHARED else np.zeros(len(has), np.bool_)
