"""All runs of a workspace, read from disk each time: disk is the truth."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.data.examples import Example
from core.data.split import read_split
from core.errors import RunMissing, RunStillGoing
from core.runs.curves import Curves, curves_of
from core.runs.status import RESUMABLE, RunStatus, read_status
from core.training.events import Event, EventLog
from core.training.filmstrip import Frame, frames_of
from core.training.plan import TrainingPlan
from core.training.search import TrialView, trials_of
from core.workspace import RunFolder, Workspace, read_json


@dataclass(frozen=True)
class RunView:
    """A run as a watcher sees it."""

    id: str
    plan: TrainingPlan
    status: RunStatus
    has_result: bool
    has_checkpoint: bool

    @property
    def is_resumable(self) -> bool:
        """Whether it can go on from its last checkpoint; one taken out of the queue never began and needs none."""
        return self.status.state in RESUMABLE and (self.has_checkpoint or self.status.state == "cancelled")


class RunStore:
    """Finds, lists and deletes runs."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._read: dict[str, tuple[tuple[Event, ...], int]] = {}

    def folder(self, id: str) -> RunFolder:
        """The folder of an existing run.

        Raises:
            RunMissing: there is none of this id.
        """
        folder = self.workspace.run(id)
        if not folder.plan.exists():
            raise RunMissing(id=id)
        return folder

    def get(self, id: str) -> RunView:
        """The run of this id.

        Raises:
            RunMissing: there is none.
        """
        return view_of(self.folder(id))

    def list(self) -> tuple[RunView, ...]:
        """All runs, newest first."""
        folders = sorted((path for path in self.workspace.runs.iterdir() if path.is_dir()), reverse=True)
        return tuple(_views_of(RunFolder(path) for path in folders))

    def events(self, id: str, cursor: int = 0) -> tuple[tuple[Event, ...], int]:
        """The events behind a cursor, and the next cursor."""
        return EventLog(self.folder(id).events).read(cursor)

    def curves(self, id: str) -> Curves:
        """The run's curves so far."""
        return curves_of(self._events_so_far(id))

    def filmstrip(self, id: str) -> tuple[Frame, ...]:
        """What the run answered at each check so far."""
        return frames_of(self._events_so_far(id))

    def trials(self, id: str) -> tuple[TrialView, ...]:
        """The trials of a search so far."""
        return trials_of(self._events_so_far(id))

    def best_plan(self, id: str) -> TrainingPlan | None:
        """The plan that a search found, once it has."""
        found = read_json(self.folder(id).best)
        return TrainingPlan(**found) if found else None

    def _events_so_far(self, id: str) -> tuple[Event, ...]:
        """All events; of a file that grows, only what is new is read."""
        known, cursor = self._read.get(id, ((), 0))
        new, cursor = self.events(id, cursor)
        self._read = {id: ((*known, *new), cursor)}  # of the run that is watched; another one is read afresh
        return (*known, *new)

    def held_back(self, id: str) -> tuple[Example, ...]:
        """The examples that a run never learns from."""
        folder = self.folder(id)
        return read_split(folder.data).validation if folder.data.exists() else ()

    def delete(self, id: str) -> None:
        """Removes a run and all it made.

        Raises:
            RunStillGoing: it trains now.
        """
        folder = self.folder(id)
        if view_of(folder).status.is_active:
            raise RunStillGoing(id=id)
        shutil.rmtree(folder.path)
        shutil.rmtree(self.workspace.exports / folder.id, ignore_errors=True)


def _views_of(folders: Iterable[RunFolder]) -> Iterator[RunView]:
    """Passes over folders that are no runs of ours, or that are just being deleted."""
    for folder in folders:
        try:
            yield view_of(folder)
        except (ValueError, TypeError, OSError):
            continue


def view_of(folder: RunFolder) -> RunView:
    """Reads a run's plan and status."""
    return RunView(
        id=folder.id,
        plan=TrainingPlan(**read_json(folder.plan)),
        status=read_status(folder.status),
        has_result=any(folder.adapter.glob("*.safetensors")),
        has_checkpoint=folder.study.exists() or any(folder.checkpoints.glob("checkpoint-*/trainer_state.json")),
    )
