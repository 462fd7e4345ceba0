"""Acting on a run at an exact step."""

from collections.abc import Callable
from typing import Any

import pytest

from core.runs.recorder import Recorder
from core.runs.store import RunView
from core.studio import Studio


def at_step(monkeypatch: pytest.MonkeyPatch, step: int, act: Callable[[str], None]) -> None:
    """Calls `act` with the run's id, once, when this step was recorded; a request takes effect one step later."""
    tell, acted = Recorder.tell, list[int]()

    def telling(self: Recorder, kind: str, state: Any, facts: dict[str, Any]) -> None:
        tell(self, kind, state, facts)
        if kind == "step" and state.global_step == step and not acted:
            acted.append(step)
            act(self.folder.id)

    monkeypatch.setattr(Recorder, "tell", telling)


def finish(studio: Studio, plan: Any) -> RunView:
    """Starts a plan and waits for its end."""
    return studio.wait(studio.start(plan))


def losses(studio: Studio, id: str) -> dict[int, float]:
    """Train loss by step."""
    return {point.step: point.loss for point in studio.curves(id).train}


def checks(studio: Studio, id: str) -> dict[int, float]:
    """Validation loss by step."""
    return {point.step: point.loss for point in studio.curves(id).validation}
