"""What a dataset is like, in counts: pure data for the pictures, made of what the checks counted on their way.

No text is read again but that of labels (one row each) and of rows a person edited or added.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners import CLEANERS
from core.data.cleaners.language import code_of
from core.data.cleaners.length import token_counter
from core.data.cleaning import Cleaned, CleaningReport
from core.data.examples import Example
from core.data.journal import Mark
from core.data.store import Dataset, DatasetStore

_MOST_BINS = 40
_TRUSTED = ("approved", "edited", "added")


@dataclass(frozen=True)
class Bin:
    """How many examples have from `start` to less than `end` tokens."""

    start: int
    end: int
    count: int


@dataclass(frozen=True)
class Tally:
    """How many examples have a value: a number of turns, a language code ("" for unknown), a label."""

    value: str
    count: int


@dataclass(frozen=True)
class Cluster:
    """How many groups of equal or nearly equal rows have this many rows."""

    size: int
    count: int


@dataclass(frozen=True)
class FlowStep:
    """One place where rows leave or join, and how many are left after it.

    code: "read", "unusable", the name of a check, "rejected", "open" (not approved yet), "added", "kept".
    """

    code: str
    count: int
    left: int


@dataclass(frozen=True)
class Profile:
    """Counts over the examples a training takes; lengths in tokens of the base model, none where it is not here.

    kept_95, kept_99, kept_100: the limit that leaves so many percent of the rows whole.
    num_cut, num_emptied: rows the limit cuts; of these, those of which nothing can be learned.
    """

    num_rows: int
    lengths: tuple[Bin, ...]
    limit: int
    longest: int
    kept_95: int
    kept_99: int
    kept_100: int
    num_cut: int
    num_emptied: int
    turns: tuple[Tally, ...]
    languages: tuple[Tally, ...]
    labels: tuple[Tally, ...]
    clusters: tuple[Cluster, ...]
    flow: tuple[FlowStep, ...]


def profile_of(store: DatasetStore, dataset: Dataset) -> Profile:
    """The profile of a dataset as it stands."""
    cleaned, marks = store.cleaned(dataset), store.journal(dataset).marks()
    untouched = _untouched(cleaned, marks, approved_only=dataset.approved_only)
    written = [
        Example("", mark.messages)
        for row, mark in marks.items()
        if mark.messages and _is_learned(mark, approved_only=dataset.approved_only) and _is_there(cleaned, row)
    ]
    tokens = _tokens(cleaned, untouched, written, dataset.settings.base)
    limit = int(next(iter(cleaned.figures("length", "limit")), 0))
    emptied = cleaned.figures("length", "emptied")
    turns = [*_chosen(cleaned, "length", "turns", untouched), *(_num_turns(example) for example in written)]
    return Profile(
        num_rows=int(np.count_nonzero(untouched)) + len(written),
        lengths=histogram(tokens),
        limit=limit,
        longest=kept_whole(tokens, 1),
        kept_95=kept_whole(tokens, 0.95),
        kept_99=kept_whole(tokens, 0.99),
        kept_100=kept_whole(tokens, 1),
        num_cut=int(np.count_nonzero(tokens > limit)),
        num_emptied=int(np.count_nonzero(untouched[emptied])),
        turns=tuple(Tally(str(value), count) for value, count in sorted(Counter(map(int, turns)).items())),
        languages=_tallied(code_of(int(number)) for number in _chosen(cleaned, "language", "spoken", untouched)),
        labels=_labels(cleaned, untouched, written),
        clusters=_clusters(cleaned),
        flow=_flow(dataset, store.report(dataset), cleaned, marks),
    )


def kept_whole(tokens: NDArray[np.int64], share: float) -> int:
    """The smallest limit that leaves this share of the rows whole; 0 for no rows."""
    if not len(tokens):
        return 0
    return int(np.sort(tokens)[max(0, math.ceil(share * len(tokens)) - 1)])


def histogram(tokens: NDArray[np.int64]) -> tuple[Bin, ...]:
    """At most 40 bins of a round width; the last also holds the few rows that are far longer than the rest."""
    if not len(tokens):
        return ()
    usual = max(kept_whole(tokens, 0.995), _MOST_BINS // 4)
    width = next(
        step * 10**power for power in range(12) for step in (1, 2, 5) if step * 10**power * (_MOST_BINS - 1) > usual
    )
    places = np.minimum(tokens // width, _MOST_BINS - 1)
    counts = np.bincount(places).tolist()
    last, longest = len(counts) - 1, int(tokens.max())
    ends = [
        (number + 1) * width if number < last else max((number + 1) * width, longest + 1) for number in range(last + 1)
    ]
    return tuple(Bin(number * width, end, count) for number, (end, count) in enumerate(zip(ends, counts, strict=True)))


def _is_learned(mark: Mark, *, approved_only: bool) -> bool:
    return mark.state in _TRUSTED if approved_only else mark.state != "rejected"


def _is_there(cleaned: Cleaned, row: int) -> bool:
    """Whether no check has left the row out; examples made by hand are always there."""
    return row < 0 or not cleaned.gone[row]


def _untouched(cleaned: Cleaned, marks: dict[int, Mark], *, approved_only: bool) -> NDArray[np.bool_]:
    """By row, whether a training takes it as the checks left it."""
    taken = np.zeros(len(cleaned), np.bool_) if approved_only else ~np.asarray(cleaned.gone)
    for row, mark in marks.items():
        if row >= 0 and _is_there(cleaned, row):
            taken[row] = _is_learned(mark, approved_only=approved_only) and not mark.messages
    return taken


def _chosen(cleaned: Cleaned, check: str, figure: str, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The figure of these rows; nothing where the check has not looked."""
    figures = np.asarray(cleaned.figures(check, figure))
    return figures[rows] if len(figures) == len(rows) else figures[:0]


def _tokens(cleaned: Cleaned, rows: NDArray[np.bool_], written: list[Example], base: str) -> NDArray[np.int64]:
    tokens = _chosen(cleaned, "length", "tokens", rows)
    counter = token_counter(base) if written else None
    return np.concatenate([tokens, np.array(counter.lengths(written)[0], np.int64)]) if counter else tokens


def _num_turns(example: Example) -> int:
    return sum(turn.role != "system" for turn in example.messages)


def _tallied(values: Iterable[str]) -> tuple[Tally, ...]:
    """The most frequent first."""
    return tuple(Tally(value, count) for value, count in Counter(values).most_common())


def _labels(cleaned: Cleaned, rows: NDArray[np.bool_], written: list[Example]) -> tuple[Tally, ...]:
    """The labels of a classification as they are after the fixes; each is read from one of its rows."""
    numbers = np.asarray(cleaned.figures("labels", "labels"))
    if len(numbers) != len(rows):
        return ()
    found = Counter(example.answer for example in written)
    labelled = np.flatnonzero(rows & (numbers > 0))
    _, first, counts = np.unique(numbers[labelled], return_index=True, return_counts=True)
    for row, count in zip(labelled[first].tolist(), counts.tolist(), strict=True):
        found[cleaned.current(row).answer] += count
    return tuple(Tally(value, count) for value, count in found.most_common())


def _clusters(cleaned: Cleaned) -> tuple[Cluster, ...]:
    """Rows that are the same or nearly so, whatever is done about them."""
    above = np.arange(len(cleaned))
    for check in ("duplicates", "near_duplicates"):
        rows, groups, _ = cleaned.found(check)
        above[np.asarray(rows)] = np.asarray(groups)
    while not np.array_equal(above, above[above]):
        above = above[above]
    _, sizes = np.unique(above, return_counts=True)
    values, counts = np.unique(sizes[sizes > 1], return_counts=True)
    return tuple(Cluster(size, count) for size, count in zip(values.tolist(), counts.tolist(), strict=True))


def _flow(dataset: Dataset, report: CleaningReport, cleaned: Cleaned, marks: dict[int, Mark]) -> tuple[FlowStep, ...]:
    """From what was read to what is learned, without the steps at which nothing changes."""
    states = Counter[str](mark.state for row, mark in marks.items() if _is_there(cleaned, row))
    added = sum(row < 0 for row in marks)
    decided = states["rejected"] + sum(states[state] for state in _TRUSTED)
    still_open = report.num_kept + added - decided if dataset.approved_only else 0
    changes = [
        ("unusable", -dataset.num_problems),
        *((cleaner.name, -report.finding(cleaner.name).num_dropped) for cleaner in CLEANERS),
        ("added", added),
        ("rejected", -states["rejected"]),
        ("open", -still_open),
    ]
    left = dataset.rows_read
    steps = [FlowStep("read", left, left)]
    for code, change in changes:
        left += change
        if change:
            steps.append(FlowStep(code, abs(change), left))
    return (*steps, FlowStep("kept", left, left))
