"""The curves of a run, made from its events; continuous across pauses, crashes and resumptions."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.training.events import Event

MOST_POINTS = 1000  # of a curve on a page; more of them are no wider than a pixel each


@dataclass(frozen=True)
class Point:
    """A loss (mean nats per learned token) at an optimiser step."""

    step: int
    loss: float


@dataclass(frozen=True)
class Curves:
    """What was measured, in the order of steps; `kept` is the step whose weights are kept."""

    train: tuple[Point, ...]
    validation: tuple[Point, ...]
    kept: Point | None


def curves_of(events: Iterable[Event]) -> Curves:
    """The curves; steps that were done again after a resumption count once, as done last."""
    train: dict[int, float] = {}
    validation: dict[int, float] = {}
    for event in events:
        if event.kind == "step":
            train[event.step] = event.facts["loss"]
        elif event.kind == "validation":
            validation[event.step] = event.facts["loss"]
        elif event.kind == "resumed":
            train = {step: loss for step, loss in train.items() if step <= event.step}
            validation = {step: loss for step, loss in validation.items() if step <= event.step}
    learned = {step: loss for step, loss in validation.items() if step > 0}  # at step 0 it is the base model's
    best = min(learned.items(), key=lambda item: item[1], default=None)
    return Curves(
        train=tuple(Point(step, train[step]) for step in sorted(train)),
        validation=tuple(Point(step, validation[step]) for step in sorted(validation)),
        kept=Point(*best) if best else None,
    )


def smoothed(points: Iterable[Point], weight: float = 0.85) -> tuple[Point, ...]:
    """An exponential moving average, corrected for its start (Kingma & Ba 2015, arXiv:1412.6980, section 3)."""
    made: list[Point] = []
    average, correction = 0.0, 0.0
    for point in points:
        average = weight * average + (1 - weight) * point.loss
        correction = weight * correction + (1 - weight)
        made.append(Point(point.step, average / correction))
    return tuple(made)


def thinned(points: Sequence[Point], most: int = MOST_POINTS, keep: Collection[int] = ()) -> tuple[Point, ...]:
    """About `most` of the points: the first, the last, each stretch's lowest and highest, and the steps of `keep`."""
    if len(points) <= most:
        return tuple(points)
    length = math.ceil(2 * len(points) / most)  # of a stretch; each gives two points
    chosen = {0, len(points) - 1} | {index for index, point in enumerate(points) if point.step in keep}
    for start in range(0, len(points), length):
        stretch = range(start, min(start + length, len(points)))
        chosen |= {
            min(stretch, key=lambda index: points[index].loss),
            max(stretch, key=lambda index: points[index].loss),
        }
    return tuple(points[index] for index in sorted(chosen))
