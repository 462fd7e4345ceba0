"""What every export target has in common."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.strategies import STRATEGIES
from core.strategies.base import Saved
from core.training.plan import TrainingPlan
from core.workspace import RunFolder


@dataclass(frozen=True)
class Export:
    """What was made: a zip with its checksum, or a folder of the person's choice (no checksum); size in bytes."""

    target: str
    path: Path
    bytes: int
    verified: bool
    sha256: str
    how_to: str


class ExportTarget(Protocol):
    """One form in which a run can be taken home.

    takes: what a strategy has to save so that this can be made of it
    """

    name: str
    label: str
    help: str
    takes: tuple[Saved, ...]

    def write(self, folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
        """Writes everything that belongs to it into `files`."""
        ...

    def how_to(self, plan: TrainingPlan) -> str:
        """A few lines of code that use it."""
        ...


def fits(target: ExportTarget, strategy: str) -> bool:
    """Whether a run with this strategy can be taken home in this form.

    A target that takes whole models makes one of an adapter by merging it, which not every adapter allows.
    """
    way = STRATEGIES.get(strategy)
    return way.saves in target.takes and (way.merges or "model" not in target.takes)
