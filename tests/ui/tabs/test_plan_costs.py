"""What Plan says for orientation."""

from core.training.cost import orientation, read_rates
from core.training.rehearsal import Rehearsal
from tests.helpers.views import DEVICE, check
from ui.tabs.plan_costs import energy, measured_html, orientation_html


def test_every_figure_is_shown_with_its_source_its_date_and_where_to_change_it(words, studio):
    rates = read_rates(studio.workspace)
    shown = orientation_html(words, orientation(check(), DEVICE, rates), "/w/costs.json")
    for row in (*rates.gpus, *rates.hosted):
        assert row.name in shown and row.source in shown and row.as_of in shown
    assert "41,140" in shown and "/w/costs.json" in shown and "65" in shown
    assert words("plan.energy.wh", amount="2.1") in shown


def test_energy_is_told_in_the_unit_that_fits(english):
    told = [energy(english, kwh) for kwh in (25.3, 0.25, 0.02, 0.00002)]
    assert told == ["about 25 kWh", "about 0.2 kWh", "about 20.0 Wh", "less than 0.1 Wh"]


def test_what_was_measured_is_one_sentence(english, chinese):
    said = measured_html(english, Rehearsal(memory_gib=1.36, seconds=95.0))
    assert "1.36 GiB" in said and "2 minutes" in said
    assert "实测" in measured_html(chinese, Rehearsal(memory_gib=1.36, seconds=95.0))
