"""How well each label is found, whether it is frequent or rare."""

from collections import Counter
from collections.abc import Sequence

from core.evaluation.figure import Pair


class MacroF1:
    """The mean of the labels' F1, each counting the same; pairs are the right label's number and the chosen one's.

    F1 is the harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN); the labels are those that are right or
    chosen anywhere, as in scikit-learn's f1_score(average="macro").
    """

    name = "macro_f1"
    label = "Right labels, rare ones too"
    help = "The mean of all labels, each counting the same: low when a rare label is never found. Higher is better."
    higher_is_better = True
    is_share = True

    def of_pairs(self, pairs: Sequence[Pair]) -> float:
        """From 0 to 1."""
        named = Counter(label for pair in pairs for label in pair)  # TP twice, FP and FN once
        found = Counter(right for right, chosen in pairs if right == chosen)
        return sum(2 * found[label] / named[label] for label in named) / len(named)
