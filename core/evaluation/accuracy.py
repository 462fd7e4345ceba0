"""How many labels are right."""

from collections.abc import Sequence

from core.evaluation.figure import Pair


class Accuracy:
    """The share of rows whose label was chosen; pairs are the right label's number and the chosen one's."""

    name = "accuracy"
    label = "Right labels"
    help = "The share of held-back texts that get the right label. Higher is better."
    higher_is_better = True
    is_share = True

    def of_pairs(self, pairs: Sequence[Pair]) -> float:
        """Right ones over all, 0 to 1."""
        return sum(right == chosen for right, chosen in pairs) / len(pairs)
