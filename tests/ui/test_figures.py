"""The loss chart."""

import json

from core.runs.curves import MOST_POINTS, Curves, Point, smoothed
from core.workspace import ASSETS
from tests.helpers.views import curves
from ui.figures import ACCENT, INK, PALETTE, PLOTLY, loss_figure


def test_train_is_faint_and_smooth_validation_is_ink_and_the_kept_step_has_a_ring(words):
    figure = json.loads(loss_figure(words, curves(3.0, 2.0, 2.5), 100))
    raw, smooth, validation, kept = figure["data"]
    assert raw["opacity"] < 0.5 and raw["line"]["color"] == smooth["line"]["color"] == ACCENT
    assert validation["line"]["color"] == INK
    assert kept["x"] == [20] and kept["y"] == [2.0] and kept["name"] == words("chart.kept")


def test_lines_are_named_where_they_end_not_in_a_legend(words):
    figure = json.loads(loss_figure(words, curves(3.0, 2.0), 100))
    assert figure["layout"]["showlegend"] is False
    assert {note["text"] for note in figure["layout"]["annotations"]} == {
        words("chart.train"),
        words("chart.validation"),
    }


def test_a_tick_keeps_the_zoom(words):
    layouts = [json.loads(loss_figure(words, curves(*losses), 100))["layout"] for losses in ((3.0,), (3.0, 2.0))]
    assert layouts[0]["uirevision"] == layouts[1]["uirevision"]


def test_a_chart_without_data_says_what_will_appear_and_when(words):
    figure = json.loads(loss_figure(words, Curves((), (), None), 100))
    assert figure["layout"]["annotations"][0]["text"] == words("chart.empty")


def test_every_colour_is_the_light_one_of_the_theme():
    light = (ASSETS / "theme.css").read_text(encoding="utf-8").partition(".dark")[0]
    for colour, name in PALETTE.items():
        assert f"{name}: {colour};" in light


def test_the_drawing_library_is_on_this_machine():
    assert PLOTLY.exists()


def test_a_long_run_sends_the_page_no_more_points_than_it_can_show(english):
    train = tuple(Point(step, 3 - step / 10_000 + step % 7 / 10) for step in range(1, 20_001))
    made = json.loads(loss_figure(english, Curves(train, (), None), 20_000))
    raw, smooth = made["data"][:2]
    assert len(raw["x"]) <= MOST_POINTS + 2 and len(smooth["x"]) <= MOST_POINTS + 2
    assert (raw["x"][0], raw["x"][-1]) == (1, 20_000)
    last = smoothed(train)[-1]
    assert (smooth["x"][-1], smooth["y"][-1]) == (last.step, round(last.loss, 4))
