"""Scores of the base and the tuned model on what was held back. Adding a score is a file and a line here.

A metric is made from the mean loss, a figure from what was judged row by row; a task says which of them it has.
"""

from core.evaluation.accuracy import Accuracy
from core.evaluation.figure import Figure, Pair
from core.evaluation.loss import Loss
from core.evaluation.macro_f1 import MacroF1
from core.evaluation.metric import Metric
from core.evaluation.perplexity import Perplexity
from core.evaluation.reward_accuracy import RewardAccuracy
from core.evaluation.reward_margin import RewardMargin
from core.registry import Table

METRICS: Table[Metric] = Table("metric", Loss(), Perplexity())
FIGURES: Table[Figure] = Table("figure", Accuracy(), MacroF1(), RewardAccuracy(), RewardMargin())

__all__ = ["FIGURES", "METRICS", "Figure", "Metric", "Pair", "label_of"]


def label_of(name: str) -> str:
    """What a score is called in words."""
    return FIGURES.get(name).label if name in FIGURES else METRICS.get(name).label
