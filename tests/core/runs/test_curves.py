import pytest

from core.runs.curves import MOST_POINTS, Point, curves_of, smoothed, thinned
from core.training.events import Event


def step(number: int, loss: float) -> Event:
    return Event("step", number, 0.0, {"loss": loss})


def check(number: int, loss: float) -> Event:
    return Event("validation", number, 0.0, {"loss": loss})


def test_steps_and_checks_become_two_curves():
    curves = curves_of([check(0, 3.0), step(1, 2.5), step(2, 2.0), check(2, 1.9), Event("state", 2, 0.0, {})])
    assert curves.train == (Point(1, 2.5), Point(2, 2.0))
    assert curves.validation == (Point(0, 3.0), Point(2, 1.9))


def test_steps_that_were_done_again_count_once_as_done_last():
    before = [step(1, 5.0), step(2, 4.0), check(2, 4.1), step(3, 3.0), step(4, 2.0), check(4, 2.2)]
    curves = curves_of([*before, Event("resumed", 2, 0.0, {}), step(3, 3.5)])
    assert curves.train == (Point(1, 5.0), Point(2, 4.0), Point(3, 3.5))
    assert curves.validation == (Point(2, 4.1),)
    assert curves.kept == Point(2, 4.1)


def test_the_kept_point_is_the_best_check():
    assert curves_of([check(0, 9.0), check(2, 3.0), check(4, 2.0), check(6, 2.5)]).kept == Point(4, 2.0)
    assert curves_of([step(1, 1.0)]).kept is None


def test_the_base_before_the_first_step_is_never_what_is_kept():
    assert curves_of([check(0, 1.0)]).kept is None
    assert curves_of([check(0, 1.0), check(2, 3.0), check(4, 2.0)]).kept == Point(4, 2.0)


def test_smoothing_starts_at_the_first_loss_and_follows():
    points = [Point(number, loss) for number, loss in enumerate([4.0, 4.0, 0.0, 0.0], 1)]
    made = smoothed(points)
    assert [point.step for point in made] == [1, 2, 3, 4]
    assert made[0].loss == pytest.approx(4.0)
    assert made[1].loss == pytest.approx(4.0)
    assert 0 < made[3].loss < made[2].loss < 4.0
    assert smoothed([]) == ()


def test_a_long_curve_is_thinned_to_what_a_page_can_show():
    points = [Point(number, 3.0 + (number * 7919 % 101) / 100) for number in range(1, 50_001)]
    points[30_000] = Point(30_001, 0.5)
    points[40_000] = Point(40_001, 9.0)
    made = thinned(points, keep=(12_346,))
    assert MOST_POINTS / 2 < len(made) <= MOST_POINTS + 3
    assert (made[0], made[-1]) == (points[0], points[-1])
    assert {Point(30_001, 0.5), Point(40_001, 9.0), points[12_345]} <= set(made)
    assert [point.step for point in made] == sorted({point.step for point in made})


def test_a_short_curve_stays_as_it_is():
    points = tuple(Point(number, 1.0) for number in range(MOST_POINTS))
    assert thinned(points) == points
    assert thinned(()) == ()
