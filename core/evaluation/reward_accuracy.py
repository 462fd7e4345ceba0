"""How often the better answer is preferred."""

from collections.abc import Sequence

from core.evaluation.figure import Pair


class RewardAccuracy:
    """The share of pairs whose better answer has the higher reward (Rafailov et al. 2023, arXiv:2305.18290, section 4).

    Pairs are the rewards of the better and of the worse answer.
    """

    name = "reward_accuracy"
    label = "Better answers preferred"
    help = "In how many held-back pairs the better answer gained more than the worse one. Higher is better."
    higher_is_better = True
    is_share = True

    def of_pairs(self, pairs: Sequence[Pair]) -> float:
        """From 0 to 1; where both gained the same, as before the first step, none is preferred."""
        return sum(better > worse for better, worse in pairs) / len(pairs)
