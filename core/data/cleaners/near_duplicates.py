"""Examples that say what an earlier one says in almost the same words.

Memory: 145 bytes a row, and about 400 more while the rows are compared.
"""

import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners import wording
from core.data.cleaners.base import EVERY_TASK, Action, Context, SetHits, Study, no_hits
from core.data.cleaners.leakage import rank_of
from core.data.cleaners.likeness import say_the_same
from core.data.cleaners.signatures import Pairs, Signatures, Suspects, alike, neighbours
from core.data.examples import CLASSIFICATION, Example

# Estimated shares of words in common. Pairs of one level are expected to come true equally often; the last is 0.75 of
# the words of both texts (0.6 of the words of either), less twice the error of the estimate.
_LEVELS = (0.95, 0.75, 0.48)
_MOST_TRIES = 3  # pairs of a row that look alike and are not, before it is left alone
# Rows made from a template all look alike and none says the same: after so many looks, fewer that come true than this
# share end the search among pairs no more alike.
_LOOKS, _LEAST_TRUE = 3_000, 0.1


class NearDuplicates:
    """Finds examples that differ from an earlier one by case, punctuation, or a word or two that matter little."""

    name = "near_duplicates"
    label = "Almost the same"
    help = (
        "Finds examples whose question and answer both nearly repeat those of an earlier one: other case or "
        "punctuation, a word or two. Where a number, a name or a “not” differs, they count as different. "
        "A few do no harm; many make the model repeat itself, and a check that is held back look too good."
    )
    # Kept: another wording of a question is often meant, and only its author can tell.
    actions: tuple[Action, ...] = ("drop", "keep")
    default: Action = "keep"
    tasks = EVERY_TASK

    def study(self, context: Context) -> Study:
        """A look by signatures."""
        return _Likeness(is_classification=context.task == CLASSIFICATION)


class _Likeness:
    def __init__(self, *, is_classification: bool) -> None:
        self._signatures, self._parts, self._hashes = Signatures(), array("b"), array("q")
        self._is_classification = is_classification

    def see(self, row: int, example: Example) -> None:
        """The signature of the row, and where it belongs."""
        _sign(self._signatures, row, example)
        self._parts.append(rank_of(example))
        self._hashes.append(hash(example.key))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows that say the same as an earlier one, or as one to train on where they are held back themselves."""
        rows, matrix, parts = self._signatures.rows, self._signatures.matrix, np.array(self._parts, np.int8)
        here = np.flatnonzero(alive[rows])
        order = here[np.argsort(parts[here], kind="stable")]
        if len(order) < 2:
            return no_hits()
        once, text_of = _without_copies(np.array(self._hashes, np.int64)[order])
        rows, parts, texts = rows[order], parts[order], order[once]
        if len(texts) < len(matrix) or parts.any():
            matrix = matrix[texts]
        first = once[self._first_alike(matrix, rows[once], read)][text_of]
        later = np.flatnonzero(first != once[text_of])
        later = later[np.argsort(rows[later])]
        held_back = later[parts[first[later]] < parts[later]]
        return SetHits(rows[later], rows[first[later]], figures={"held_back": rows[held_back]})

    def _first_alike(
        self, matrix: NDArray[np.uint8], rows: NDArray[np.int64], read: Callable[[int], Example]
    ) -> NDArray[np.int64]:
        """For each of these rows, all different, the place of the first that says the same."""
        families = _Families(len(rows))
        for pairs in neighbours(matrix):
            for pair in families.open(alike(matrix, families.open_pairs(pairs), families.least)):
                one, other = read(int(rows[pair.first])), read(int(rows[pair.second]))
                families.note(pair, are_near(one, other, is_classification=self._is_classification))
        return families.first()


def _without_copies(hashes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places where each text stands first, in order, and by place the number of its text among them."""
    _, once, text_of = np.unique(hashes, return_index=True, return_inverse=True)
    order = np.argsort(once)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return once[order], rank[text_of]


@dataclass(frozen=True)
class _Pair:
    """Places of two rows, the earlier first, and how alike they seem: a number of `_LEVELS`."""

    first: int
    second: int
    level: int


class _Families:
    """Which rows are known to be the same, and which pairs were looked at in vain."""

    def __init__(self, num_rows: int) -> None:
        self._first = np.arange(num_rows)
        self._tries = np.zeros(num_rows, np.uint8)
        self._in_vain = np.full(num_rows, -1, np.int64)
        self._looks, self._true = [0] * len(_LEVELS), [0] * len(_LEVELS)

    @property
    def least(self) -> float:
        """The smallest estimate that may still come true; above 1 where none does."""
        return min((level for number, level in enumerate(_LEVELS) if not self._is_hopeless(number)), default=2.0)

    def open_pairs(self, pairs: Pairs) -> Pairs:
        """Those that may be worth a look."""
        first, second = pairs[:, 0], pairs[:, 1]
        known = (self._first[first] == self._first[second]) | (self._in_vain[second] == first)
        return pairs[~known & (self._tries[second] < _MOST_TRIES)]

    def open(self, suspects: Suspects) -> Iterator[_Pair]:
        """The same one by one, with what was found of the pairs before."""
        levels = np.searchsorted([-level for level in _LEVELS], -suspects.estimates).tolist()
        for (first, second), level in zip(suspects.pairs.tolist(), levels, strict=True):
            is_tried = self._is_hopeless(level) or self._tries[second] >= _MOST_TRIES
            if not is_tried and self._root(first) != self._root(second):
                yield _Pair(first, second, level)

    def note(self, pair: _Pair, are_the_same: bool) -> None:
        """What a look at the texts has shown."""
        self._looks[pair.level] += 1
        if are_the_same:
            self._true[pair.level] += 1
            roots = self._root(pair.first), self._root(pair.second)
            self._first[max(roots)] = min(roots)
        else:
            self._tries[pair.second] += 1
            self._in_vain[pair.second] = pair.first

    def first(self) -> NDArray[np.int64]:
        """The first row of each row's family."""
        return np.array([self._root(row) for row in range(len(self._first))], np.int64)

    def _is_hopeless(self, level: int) -> bool:
        return self._looks[level] >= _LOOKS and self._true[level] < _LEAST_TRUE * self._looks[level]

    def _root(self, row: int) -> int:
        while (above := int(self._first[row])) != row:
            self._first[row] = self._first[above]
            row = above
        return row


def _sign(signatures: Signatures, row: int, example: Example) -> None:
    """Adds a row: what may differ a little as words, what has to be equal as a seal."""
    question, answer = example.question, f"{example.answer}\n{example.rejected}"
    system = [wording.folded(turn.content) for turn in example.messages if turn.role == "system"]
    seal = hash(json.dumps([wording.numbers(question), wording.numbers(answer), system]))
    signatures.add(row, wording.folded(question), wording.folded(answer), seal)


def are_near(one: Example, other: Example, *, is_classification: bool) -> bool:
    """Whether two examples are nearly the same.

    Other words for one thing are what a classifier is to learn from: there only spelling may differ.
    """
    if is_classification:
        texts = one.question, other.question
        same_words = wording.folded(texts[0]) == wording.folded(texts[1])
        return same_words and wording.operators(texts[0]) == wording.operators(texts[1]) and one.answer == other.answer
    same = say_the_same((one.question, one.answer), (other.question, other.answer))
    return same and (one.rejected == other.rejected or say_the_same(("", one.rejected), ("", other.rejected)))
