"""Which examples belong together, so that none is checked with what another has taught.

Those that ask the same, those of one source, and those that are almost the same. Up to `MOST_COMPARED` examples the
last are found by their signatures; of larger sets only the question is compared, without case and spacing.

Memory: 29 bytes a row, 8 more for each kind of groups, and 144 for signatures while there are few rows.
"""

import json
import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners import wording
from core.data.cleaners.signatures import Signatures, alike, neighbours
from core.data.examples import PARTS, TRAIN, Example

MOST_COMPARED = 20_000

_LEAST_ALIKE = 0.9  # of the words of the questions and of the answers; an estimate that errs by 0.04
_MOST_LABELS, _LONGEST_LABEL = 2_000, 200  # characters; answers beyond are no labels

Groups = NDArray[np.int64]  # by row, the first row of its group
Edges = NDArray[np.int64]  # (edges, 2): rows that belong together


class Index:
    """What is kept of each example; rows are added in order."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._questions, self._wholes, self._sources = array("q"), array("q"), array("q")
        self._parts, self._labels = array("b"), array("i")
        self._names: dict[str, int] | None = {}
        self._signatures: Signatures | None = Signatures()
        for example in examples:
            self._add(example)

    def __len__(self) -> int:
        return len(self._wholes)

    @property
    def parts(self) -> NDArray[np.int8]:
        """Where the file says a row belongs, as the place in PARTS; -1 where it does not or leaves none to train on."""
        parts = np.array(self._parts, np.int8)
        return parts if np.any(parts <= PARTS.index(TRAIN)) else np.full(len(self), -1, np.int8)

    @property
    def is_compared(self) -> bool:
        """Whether rows that are almost the same were looked for."""
        return self._signatures is not None

    @property
    def label_names(self) -> tuple[str, ...]:
        """The answers, where they are so few for so many rows that they must be labels."""
        names = self._names or {}
        return tuple(names) if 2 <= len(names) <= len(self) // 2 else ()

    @property
    def labels(self) -> NDArray[np.int32]:
        """By row, the place of its answer in `label_names`; zeros where there are none."""
        return np.array(self._labels, np.int32) if self.label_names else np.zeros(len(self), np.int32)

    def families(self) -> Iterator[Groups]:
        """The groups, from the largest kind to the smallest."""
        yield self.by_source
        yield self.by_question
        yield self.by_whole

    @cached_property
    def by_source(self) -> Groups:
        """Rows of the same source too."""
        sources = np.array(self._sources, np.int64)
        rows = np.flatnonzero(sources)
        first = rows[_first(sources[rows])]
        return _joined(self.by_question, np.stack([first, rows], axis=1))

    @cached_property
    def by_question(self) -> Groups:
        """Rows that ask the same or are almost the same."""
        groups = _first(np.array(self._questions, np.int64))
        return _joined(groups, np.stack([self._alike(), np.arange(len(self))], axis=1))

    @cached_property
    def by_whole(self) -> Groups:
        """Rows that say exactly the same."""
        return _first(np.array(self._wholes, np.int64))

    def _add(self, example: Example) -> None:
        whole = hash(example.key)
        asked = _question(example)
        self._wholes.append(whole)
        self._questions.append(hash(asked) if asked else whole)
        self._sources.append(hash(example.source) or 1 if example.source else 0)
        self._parts.append(PARTS.index(example.part) if example.part in PARTS else -1)
        self._labels.append(self._label(example.answer))
        if self._signatures is not None:
            _sign(self._signatures, len(self) - 1, example)
            if len(self) > MOST_COMPARED:
                self._signatures = None

    def _label(self, answer: str) -> int:
        if self._names is None:
            return 0
        number = self._names.setdefault(answer, len(self._names))
        if number >= _MOST_LABELS or len(answer) > _LONGEST_LABEL:
            self._names = None
        return number

    def _alike(self) -> Groups:
        """Rows that are almost the same; each alone where that was not looked for."""
        alone = np.arange(len(self))
        if self._signatures is None or len(self) < 2:
            return alone
        matrix = self._signatures.matrix
        pairs = [alike(matrix, pairs, _LEAST_ALIKE).pairs for pairs in neighbours(matrix)]
        families = _joined(alone, np.concatenate(pairs))
        return alone if np.bincount(families).max() > _largest_family(len(self)) else families


def _largest_family(num_rows: int) -> float:
    """Where more rows are alike, they come from a template and say different things."""
    return max(2, min(8, num_rows / 4), num_rows / 10)


def _sign(signatures: Signatures, row: int, example: Example) -> None:
    """Adds a row; one that has other numbers in it is never almost the same."""
    question, answer = example.question, example.answer
    numbers = json.dumps([wording.numbers(question), wording.numbers(answer)])
    signatures.add(row, wording.folded(question), wording.folded(answer), zlib.crc32(numbers.encode()))


def _question(example: Example) -> str:
    """All the person says, without case and spacing."""
    said = " ".join(turn.content for turn in example.messages if turn.role == "user")
    return " ".join(said.casefold().split())


def _first(keys: NDArray[np.int64]) -> Groups:
    """For each place the first that has the same key."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int64)


def _joined(groups: Groups, edges: Edges) -> Groups:
    """The groups, put together where an edge goes from one to another."""
    above = groups.tolist()
    crossing = groups[edges]
    crossing = np.unique(crossing[crossing[:, 0] != crossing[:, 1]], axis=0)
    for one, other in crossing.tolist():
        roots = _root(above, one), _root(above, other)
        above[max(roots)] = min(roots)
    found = np.array(above, np.int64)
    while not np.array_equal(higher := found[found], found):
        found = higher
    return found


def _root(above: list[int], row: int) -> int:
    while above[row] != row:
        above[row] = above[above[row]]
        row = above[row]
    return row
