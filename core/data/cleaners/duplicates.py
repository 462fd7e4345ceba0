"""Examples that are there more than once.

Memory: 16 bytes a row.
"""

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners.base import EVERY_TASK, Action, Context, SetHits, Study
from core.data.cleaners.leakage import rank_of
from core.data.examples import Example


class Duplicates:
    """Finds examples that say exactly what an earlier one says."""

    name = "duplicates"
    label = "Exact duplicates"
    help = (
        "Keeps the first of several identical examples. Repeated ones are learned by heart and crowd out the others. "
        "Copies in the part that is held back are not among them: those are leaks."
    )
    actions: tuple[Action, ...] = ("drop", "keep")
    default: Action = "drop"
    tasks = EVERY_TASK

    def study(self, context: Context) -> Study:
        """A look by hashes."""
        return _Hashes()


class _Hashes:
    def __init__(self) -> None:
        self._rows, self._hashes = array("q"), array("q")

    def see(self, row: int, example: Example) -> None:
        """A hash of all that is said; rows of different parts of the data are never equal."""
        self._rows.append(row)
        self._hashes.append(hash((example.key, rank_of(example))))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """All but the first of the rows with one hash; two among a million meet by chance once in 30 million sets."""
        rows, hashes = np.array(self._rows, np.int64), np.array(self._hashes, np.int64)
        here = alive[rows]
        rows, hashes = rows[here], hashes[here]
        _, first, group = np.unique(hashes, return_index=True, return_inverse=True)
        later = np.flatnonzero(first[group] != np.arange(len(rows)))
        return SetHits(rows[later], rows[first[group[later]]])
