"""What every figure has in common that is not made from the loss."""

from collections.abc import Sequence
from typing import Protocol

Pair = tuple[float, float]


class Figure(Protocol):
    """A score made from one pair of numbers for each held-back row; which pair that is, the task says.

    is_share: it goes from 0 to 1
    """

    name: str
    label: str
    help: str
    higher_is_better: bool
    is_share: bool

    def of_pairs(self, pairs: Sequence[Pair]) -> float:
        """The score; there is at least one pair."""
        ...
