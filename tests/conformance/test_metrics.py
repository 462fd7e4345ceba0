import math

import pytest

from core.evaluation import METRICS


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_says_what_it_is_and_orders_losses(metric):
    assert metric.name.isidentifier()
    assert metric.label
    assert metric.help.endswith(".")
    losses = [0.0, 0.1, 1.0, 3.0, 12.0, 699.0]
    scores = [metric.of_loss(loss) for loss in losses]
    assert all(math.isfinite(score) for score in scores)
    assert scores == sorted(scores, reverse=metric.higher_is_better)
    assert len(set(scores)) == len(scores)
    assert isinstance(metric.of_loss(10_000.0), float)
