"""Numbers in words."""

import pytest

from ui.quantities import duration, easier, number, percent, size, times, when


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 second"),
        (14, "14 seconds"),
        (59, "1 minute"),
        (118, "2 minutes"),
        (3569, "59 minutes"),
        (3600, "1 hour"),
        (12_000, "3 hours 20 minutes"),
        (None, "a moment"),
    ],
)
def test_durations(english, seconds, said):
    assert duration(english, seconds) == said


def test_shares_keep_two_digits_that_mean_something():
    assert [percent(share) for share in (0.62, 0.062, 0.00062)] == ["62 %", "6.2 %", "0.06 %"]


def test_sizes():
    assert [size(count) for count in (12, 3_400, 11_500_000, 2.1e9)] == ["12 B", "3.4 kB", "11.5 MB", "2.1 GB"]


def test_figures():
    assert number(None) == "–" and number(float("nan")) == "–" and number(1234.5, 0) == "1,234"
    assert (times(3.0), times(2.5)) == ("3", "2.5")


def test_a_fall_of_the_loss_says_how_much_likelier_the_right_word_became():
    assert easier(1.92, 0.84) == pytest.approx(2.94, abs=0.01)


def test_the_time_in_an_id():
    assert when("20261124-081230-shop-3f9a") == "2026-11-24 08:12"
    assert when("mine") == "mine"
