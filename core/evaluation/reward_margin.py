"""How far the better answer is ahead."""

from collections.abc import Sequence

from core.evaluation.figure import Pair


class RewardMargin:
    """The mean difference of the rewards, in nats times beta; pairs are those of the better and of the worse answer."""

    name = "reward_margin"
    label = "Lead of the better answers"
    help = "How much more the better answer of a held-back pair gained than the worse one. Higher is better."
    higher_is_better = True
    is_share = False

    def of_pairs(self, pairs: Sequence[Pair]) -> float:
        """The mean of better − worse."""
        return sum(better - worse for better, worse in pairs) / len(pairs)
