"""Held-back examples that are also among those that are learned.

Memory: 17 bytes a row, and as much again while the rows are compared.
"""

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners.base import EVERY_TASK, Action, Context, SetHits, Study
from core.data.examples import Example

# Of parts that share an example, the one that comes first keeps it.
_PARTS = ("train", "validation", "test")


class Leakage:
    """Finds examples of the validation or test part that an earlier part has as well."""

    name = "leakage"
    label = "Leaked into the check"
    help = (
        "Finds held-back examples that are also among those to train on; only case and blanks may differ. They would "
        "be known by heart, and the check would look better than the model is. The held-back copy leaves."
    )
    actions: tuple[Action, ...] = ("drop", "keep")
    default: Action = "drop"
    tasks = EVERY_TASK

    def study(self, context: Context) -> Study:
        """A look by hashes."""
        return _Parts()


class _Parts:
    def __init__(self) -> None:
        self._rows, self._hashes, self._parts = array("q"), array("q"), array("b")

    def see(self, row: int, example: Example) -> None:
        """A hash of all that is said, and where it belongs."""
        self._rows.append(row)
        said = (*((turn.role, turn.content, turn.extra) for turn in example.messages), ("", example.rejected, ""))
        self._hashes.append(hash(tuple((role, *text.casefold().split(), extra) for role, text, extra in said)))
        self._parts.append(rank_of(example))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows whose first copy is in an earlier part."""
        rows, hashes = np.array(self._rows, np.int64), np.array(self._hashes, np.int64)
        parts = np.array(self._parts, np.int8)
        here = np.flatnonzero(alive[rows])
        order = here[np.argsort(parts[here], kind="stable")]
        rows, hashes, parts = rows[order], hashes[order], parts[order]
        _, first, group = np.unique(hashes, return_index=True, return_inverse=True)
        first = first[group]
        leaked = np.flatnonzero(parts[first] < parts)
        leaked = leaked[np.argsort(rows[leaked])]
        return SetHits(rows[leaked], rows[first[leaked]])


def rank_of(example: Example) -> int:
    """0 for what is trained on (as is what nothing is said of), 1 for what checks it, 2 for the end."""
    return _PARTS.index(example.part) if example.part in _PARTS else 0
