"""Scores of the base and the tuned model on what was held back. Adding a metric is a file and a line here."""

from core.evaluation.loss import Loss
from core.evaluation.metric import Metric
from core.evaluation.perplexity import Perplexity
from core.registry import Table

METRICS: Table[Metric] = Table("metric", Loss(), Perplexity())

__all__ = ["METRICS", "Metric"]
