"""What people say of single examples: a table to search, approvals, edits, examples of their own.

Rows keep their number through every change of the checks. Examples made by hand come first, with the numbers
-1, -2, …. Memory: what people said, and one number for each row of the data.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import is_blank
from core.data.cleaning import Cleaned
from core.data.examples import PASSAGE, Example, Message
from core.data.journal import Entry, Journal, Mark, State
from core.data.store import Dataset, DatasetStore
from core.errors import EditRefused, RowMissing

_BY_HAND = "by hand"
OPEN = "open"  # asks for the rows nobody has looked at
_TRUSTED = ("approved", "edited", "added")


@dataclass(frozen=True)
class ReviewRow:
    """One example as it will be learned, what a person said of it, and the checks that mean it."""

    row: int
    example: Example
    state: State
    who: str
    when: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class ReviewCounts:
    """How far the review is. num_rows: kept by the checks or added; num_learned: what a training would take."""

    num_rows: int
    num_approved: int
    num_rejected: int
    num_learned: int

    @property
    def num_open(self) -> int:
        """Rows nobody has said anything of."""
        return self.num_rows - self.num_approved - self.num_rejected


@dataclass(frozen=True)
class ReviewPage:
    """Some rows of the table; total: how many fit the search."""

    rows: tuple[ReviewRow, ...]
    total: int
    counts: ReviewCounts


@dataclass(frozen=True)
class Query:
    """What is looked for: words in any turn, rows a check means, rows in a state ("open": nobody said anything)."""

    text: str = ""
    check: str = ""
    state: str = ""


class Review:
    """The review of one dataset as it stands now."""

    def __init__(self, dataset: Dataset, cleaned: Cleaned, journal: Journal) -> None:
        self._dataset, self._cleaned, self._journal = dataset, cleaned, journal
        self._marks = journal.marks()

    def counts(self) -> ReviewCounts:
        """How far it is."""
        alive = [mark for row, mark in self._marks.items() if self._is_alive(row)]
        num_trusted = sum(mark.state in _TRUSTED for mark in alive)
        num_rejected = sum(mark.state == "rejected" for mark in alive)
        num_rows = int(np.count_nonzero(~self._cleaned.gone)) + self._num_added
        learned = num_trusted if self._dataset.approved_only else num_rows - num_rejected
        return ReviewCounts(num_rows, num_trusted, num_rejected, learned)

    def learned(self) -> Iterator[Example]:
        """What a training takes: kept by the checks, not rejected, and approved where only that counts."""
        for row, example in self._all():
            state = self._state(row)
            if state != "rejected" and (state in _TRUSTED or not self._dataset.approved_only):
                yield self._edited(row, example)

    def page(self, query: Query, start: int, count: int) -> ReviewPage:
        """The rows from the `start`-th that fits, at most `count`.

        Raises:
            UnknownName: no such check.
        """
        rows = self._asked_for(query)
        found = self._with_words(rows, query.text) if query.text else rows
        shown = tuple(self.row(row) for row in found[start : start + count])
        return ReviewPage(shown, len(found), self.counts())

    def row(self, row: int) -> ReviewRow:
        """One example.

        Raises:
            RowMissing: the dataset has no such row.
        """
        self._refuse_missing(row)
        return self._row(row, self._by_hand(row) if row < 0 else self._cleaned.current(row))

    def decide(self, kind: str, rows: Sequence[int], who: str) -> None:
        """Approves, rejects, or opens rows again.

        Raises:
            RowMissing: the dataset has no such row.
        """
        assert kind in ("approve", "reject", "open"), "an edit has its text"
        for row in rows:
            self._refuse_missing(row)
        if rows:
            self._journal.add(Entry(kind, who, rows=tuple(rows)))  # type: ignore[arg-type]

    def unproblematic(self) -> tuple[int, ...]:
        """Open rows that no check means any more."""
        clean = ~np.asarray(self._cleaned.gone)
        for cleaner in CLEANERS:
            if self._dataset.actions[cleaner.name] == "keep":
                clean[self._cleaned.found(cleaner.name)[0]] = False
        return tuple(int(row) for row in np.flatnonzero(clean) if int(row) not in self._marks)

    def edit(self, row: int, messages: Sequence[Message], who: str) -> None:
        """Gives an example another text. What was read stays beside it.

        Raises:
            RowMissing: the dataset has no such row.
            EditRefused: nothing could be learned from it.
        """
        self._refuse_missing(row)
        self._journal.add(Entry("edit", who, rows=(row,), messages=self._checked(messages)))

    def add(self, messages: Sequence[Message], who: str) -> int:
        """Adds an example made by hand, and returns its row.

        Raises:
            EditRefused: nothing could be learned from it.
        """
        self._journal.add(Entry("add", who, messages=self._checked(messages)))
        return -self._num_added - 1

    @property
    def _num_added(self) -> int:
        return sum(row < 0 for row in self._marks)

    def _all(self) -> Iterator[tuple[int, Example]]:
        for row in range(-1, -self._num_added - 1, -1):
            yield row, self._by_hand(row)
        yield from self._cleaned.kept()

    def _asked_for(self, query: Query) -> Sequence[int]:
        """The rows in a state that a check means, without a look at their texts."""
        by_hand: Sequence[int] = () if query.check else range(-1, -self._num_added - 1, -1)
        here = ~np.asarray(self._cleaned.gone)
        if query.check:
            meant = np.zeros(len(here), np.bool_)
            meant[self._cleaned.found_rows(CLEANERS.get(query.check).name)] = True
            here &= meant
        if query.state:
            fits = {row: self._is_in(row, query.state) for row in self._marks}
            marked = [row for row in fits if 0 <= row < len(here)]
            chosen = np.full(len(here), query.state == OPEN)
            chosen[marked] = [fits[row] for row in marked]
            here &= chosen
            by_hand = tuple(row for row in by_hand if fits[row])
        return [*by_hand, *np.flatnonzero(here).tolist()]

    def _with_words(self, rows: Sequence[int], text: str) -> Sequence[int]:
        words, wanted = text.casefold(), set(rows)
        return [
            row
            for row, example in self._all()
            if row in wanted and any(words in turn.content.casefold() for turn in self._edited(row, example).messages)
        ]

    def _is_in(self, row: int, state: str) -> bool:
        known = self._state(row)
        if state == "approved":
            return known in _TRUSTED
        return known == ("" if state == OPEN else state)

    def _row(self, row: int, example: Example) -> ReviewRow:
        mark = self._marks.get(row, Mark("", "", ""))
        checks = tuple(cleaner.name for cleaner in CLEANERS if self._is_found(cleaner.name, row))
        return ReviewRow(row, self._edited(row, example), mark.state, mark.who, mark.at, checks)

    def _is_found(self, check: str, row: int) -> bool:
        rows = self._cleaned.found_rows(check)
        place = int(np.searchsorted(rows, row))
        return place < len(rows) and int(rows[place]) == row

    def _state(self, row: int) -> State:
        mark = self._marks.get(row)
        return mark.state if mark else ""

    def _edited(self, row: int, example: Example) -> Example:
        mark = self._marks.get(row)
        return replace(example, messages=mark.messages) if mark and mark.messages else example

    def _by_hand(self, row: int) -> Example:
        return Example(f"{_BY_HAND}:{-row}", self._marks[row].messages)

    def _is_alive(self, row: int) -> bool:
        return row < 0 or (row < len(self._cleaned) and not self._cleaned.gone[row])

    def _refuse_missing(self, row: int) -> None:
        if not -self._num_added <= row < len(self._cleaned):
            raise RowMissing(title=self._dataset.title, row=row, last=len(self._cleaned) - 1)

    def _checked(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        turns = tuple(turn for turn in messages if not is_blank(turn.content) or turn.extra)
        needed = {"assistant"} if self._dataset.task == PASSAGE else {"user", "assistant"}
        missing = needed - {turn.role for turn in turns}
        if missing:
            raise EditRefused(found=f"no text of {_listed(missing)}", expected="a question and an answer")
        if turns[-1].role != "assistant":
            raise EditRefused(found=f"the last word by the {turns[-1].role}", expected="an answer at the end")
        return turns


def review_of(store: DatasetStore, id: str) -> Review:
    """The review of a dataset of the store.

    Raises:
        DatasetMissing: no such dataset.
    """
    dataset = store.get(id)
    return Review(dataset, store.cleaned(dataset), store.journal(dataset))


def _listed(roles: Iterable[str]) -> str:
    return " and ".join(sorted(roles))
