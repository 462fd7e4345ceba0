"""Draws whole groups of rows for the parts that are held back."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.groups import Groups

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Wish:
    """So many rows for one part; where groups are large it may become more, but never above `most`."""

    part: int
    num_rows: int
    most: int


@dataclass(frozen=True)
class Demand:
    """What is wanted, in this order; `most` holds for all parts together."""

    wishes: tuple[Wish, ...]
    most: int
    seed: int

    @property
    def num_wanted(self) -> int:
        """Rows of all parts."""
        return sum(wish.num_rows for wish in self.wishes)


def draw(groups: Groups, labels: NDArray[np.int32], parts: NDArray[np.int8], demand: Demand) -> NDArray[np.int8]:
    """By row the part it is drawn for, 0 for none.

    labels: by row; of each label, as large a share is drawn as of all, and never its last group.
    parts: above 0 where a row is held back already; its group is not drawn from.
    """
    lot = _Lot(groups, labels, parts, demand.seed)
    drawn = np.zeros(len(groups), np.int8)
    num_drawn = 0
    for wish in demand.wishes:
        chosen = lot.take(wish.num_rows, min(wish.most, demand.most - num_drawn))
        rows = np.isin(groups, chosen)
        drawn[rows] = wish.part
        num_drawn += int(rows.sum())
    return drawn


class _Lot:
    """The groups that can still be drawn, in the order of the seed."""

    def __init__(self, groups: Groups, labels: NDArray[np.int32], parts: NDArray[np.int8], seed: int) -> None:
        order = np.array(random.Random(seed).sample(range(len(groups)), len(groups)), np.int64)
        order = order[~np.isin(groups[order], groups[parts > 0])]
        found, first, sizes = np.unique(groups[order], return_index=True, return_counts=True)
        by_seed = np.argsort(first)
        self._groups: list[int] = found[by_seed].tolist()
        self._sizes: list[int] = sizes[by_seed].tolist()
        self._labels: list[int] = labels[found[by_seed]].tolist()
        self._num_left = np.bincount(self._labels, minlength=1).tolist()
        self._taken: set[int] = set()

    def take(self, target: int, most: int) -> list[int]:
        """Groups of about `target` rows together."""
        # First what fits, label by label, then any; then, where groups are too large for that, the smallest.
        any_place = range(len(self._groups))
        smallest_first = sorted(any_place, key=lambda place: self._sizes[place])
        fits = min(target, most)
        drawn: list[int] = []
        for is_spared in (True, False):
            for limit, places in ((fits, self._within_quotas(fits)), (fits, any_place), (most, smallest_first)):
                self._add(drawn, places, target, limit, is_spared=is_spared)
            if drawn:
                break
        return [self._groups[place] for place in drawn]

    def _add(self, drawn: list[int], places: Iterable[int], target: int, limit: int, *, is_spared: bool) -> None:
        """Draws until there are `target` rows, and no group that makes them more than `limit`.

        is_spared: whether the last group of a label stays; the last of all groups always does.
        """
        num_rows = sum(self._sizes[place] for place in drawn)
        for place in places:
            if num_rows >= target:
                return
            num_left = self._num_left[self._labels[place]] if is_spared else len(self._groups) - len(self._taken)
            if place not in self._taken and num_left > 1 and num_rows + self._sizes[place] <= limit:
                self._taken.add(place)
                self._num_left[self._labels[place]] -= 1
                drawn.append(place)
                num_rows += self._sizes[place]

    def _quotas(self, target: int) -> list[int]:
        """So many rows of each label; what is left after whole rows goes to the largest remainders."""
        rows = np.bincount(self._labels, self._sizes, minlength=1)
        exact = target * rows / max(1.0, rows.sum())
        whole = np.floor(exact).astype(np.int64)
        by_remainder = np.argsort(whole - exact, kind="stable")
        whole[by_remainder[: target - int(whole.sum())]] += 1
        quotas: list[int] = whole.tolist()
        return quotas

    def _within_quotas(self, target: int) -> list[int]:
        """Free places of each label up to its quota."""
        quotas, places = self._quotas(target), []
        for place, label in enumerate(self._labels):
            if self._sizes[place] <= quotas[label] and place not in self._taken:
                quotas[label] -= self._sizes[place]
                places.append(place)
        return places
