"""The journey without a page, on the real sample and the shipped base model: the taught style is learned."""

import time

import pytest

from core.data.samples import SAMPLES
from tests.helpers.style import style_shares

LEAST_TUNED, MOST_BASE = 0.8, 0.1
MOST_SECONDS = 120  # from Start to finished on two cores; the usual time is a fifth of it


@pytest.mark.alone
@pytest.mark.timeout(900)
def test_a_shop_s_voice_is_learned_by_the_balanced_preset(studio):
    sample = SAMPLES.get("customer_service")
    dataset = studio.import_sample(sample.name)
    plan = studio.draft(dataset.id, "starter", strategy="lora", goal=sample.goal, preset="balanced")
    check = studio.check(plan)
    assert check.issues == ()
    assert check.preview.stop_learned

    started = time.monotonic()
    run = studio.wait(studio.start(plan))

    assert time.monotonic() - started <= MOST_SECONDS
    assert run.status.state == "finished"
    assert run.status.best_loss < 0.7 * run.status.first_validation_loss
    shares = style_shares(studio, run.id, sample)
    assert shares.tuned >= LEAST_TUNED, shares.answers
    assert shares.base <= MOST_BASE, shares.answers
