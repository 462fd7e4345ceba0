"""What Plan says for orientation."""

from core.training.cost import orientation, read_rates
from tests.helpers.views import DEVICE, check
from ui.tabs.plan_costs import orientation_html


def test_every_figure_is_shown_with_its_source_its_date_and_where_to_change_it(words, studio):
    rates = read_rates(studio.workspace)
    shown = orientation_html(words, orientation(check(), DEVICE, rates), "/w/costs.json")
    for row in (*rates.gpus, *rates.hosted):
        assert row.name in shown and row.source in shown and row.as_of in shown
    assert "41,140" in shown and "/w/costs.json" in shown and "65" in shown
    assert words("plan.energy.value", kwh="0.002") in shown
