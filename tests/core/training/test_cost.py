"""Energy, other machines and hosted jobs: arithmetic on a table with sources."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import CostsUnreadable
from core.training.cost import orientation, read_rates, trained_tokens, training_flops
from core.workspace import Workspace
from tests.helpers.views import DEVICE, check, plan


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def test_the_figures_are_the_arithmetic_that_is_told(workspace: Workspace):
    """170 steps of 4 rows of 60.5 tokens; 7B weights, frozen: 2 operations forward and 2 back, and 15 % for checks."""
    found, rates = check(), read_rates(workspace)
    tokens = round(170 * 4 * 60.5)
    assert trained_tokens(found) == tokens == 41_140
    flops = 2 * 6_742_609_920 * tokens * 2 * 1.15
    assert training_flops(found) == pytest.approx(flops)
    costs = orientation(found, DEVICE, rates)
    assert costs.kwh == pytest.approx(65 * (118 / 3600) / 1000)
    (t4,) = (line for line in costs.on_gpus if line.gpu.name == "NVIDIA T4")
    assert t4.hours == pytest.approx(flops / (65e12 * 0.3) / 3600)
    assert t4.kwh == pytest.approx(t4.hours * 0.070)
    assert costs.as_jobs[0].usd == pytest.approx(tokens / 1e6 * rates.hosted[0].usd_per_million_tokens)


def test_full_tuning_costs_a_backward_pass_through_the_weights_too():
    full = replace(check(), plan=plan(strategy="full"))
    assert training_flops(full) == pytest.approx(1.5 * training_flops(check()))


def test_every_figure_has_a_source_and_a_date(workspace: Workspace):
    rates = read_rates(workspace)
    assert all(row.source and row.as_of[:2] == "20" for row in (*rates.gpus, *rates.hosted))
    assert set(rates.device_watts) == {"cpu", "cuda", "mps"}


def test_the_table_can_be_edited_and_a_broken_one_says_so(workspace: Workspace):
    read_rates(workspace)
    table = json.loads(workspace.costs.read_text(encoding="utf-8"))
    table["hosted"][0]["usd_per_million_tokens"] = 100
    workspace.costs.write_text(json.dumps(table), encoding="utf-8")
    assert orientation(check(), DEVICE, read_rates(workspace)).as_jobs[0].usd == pytest.approx(4.114)
    table["utilisation"] = 0
    workspace.costs.write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(CostsUnreadable, match="utilisation"):
        read_rates(workspace)
    workspace.costs.write_text("{", encoding="utf-8")
    with pytest.raises(CostsUnreadable, match="the whole file"):
        read_rates(workspace)
    workspace.costs.unlink()
    assert read_rates(workspace).utilisation == 0.3
