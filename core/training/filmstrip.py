"""The film strip of a run: the person's own questions, answered at each held-out check, while it learns."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.training.events import Event

MOST_PROMPTS = 5
MOST_NEW_TOKENS = 64  # of an answer: enough to see manner and form, little against the time of a check


@dataclass(frozen=True)
class Frame:
    """The answers at one optimiser step, one for each question; step 0 is before anything was learned."""

    step: int
    answers: tuple[str, ...]


def frames_of(events: Sequence[Event]) -> tuple[Frame, ...]:
    """The frames in the order of steps; what was done again after a resumption counts once, as done last."""
    frames: dict[int, Frame] = {}
    for event in events:
        if event.kind == "answers":
            frames[event.step] = Frame(event.step, tuple(event.facts["answers"]))
        elif event.kind == "resumed":
            frames = {step: frame for step, frame in frames.items() if step <= event.step}
    return tuple(frames[step] for step in sorted(frames))
