"""The runs that wait for the device, in the order in which they start.

There is no list of them: a run waits when its status says so, and its place is the order of their turns. So the queue
outlives every process, and a run that is deleted or taken out leaves nothing behind. One lock a workspace keeps two
processes from starting the same run.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from filelock import FileLock

from core.errors import NotInQueue
from core.runs.status import Owner, RunStatus, read_status, write_status
from core.runs.store import RunStore, RunView
from core.workspace import RunFolder, Workspace

Direction = Literal["up", "down"]


def going(runs: Iterable[RunView]) -> RunView | None:
    """The one of these runs that has the device now."""
    return next((run for run in runs if run.status.is_active), None)


def waiting(runs: Iterable[RunView]) -> tuple[RunView, ...]:
    """Those of these runs that wait, the next first."""
    queued = (run for run in runs if run.status.state == "queued")
    return tuple(sorted(queued, key=lambda run: (run.status.turn or 0.0, run.id)))


class RunQueue:
    """Puts runs in order, moves them, and takes them out."""

    def __init__(self, workspace: Workspace, runs: RunStore) -> None:
        self._workspace = workspace
        self._runs = runs

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else changes the queue, or starts a run of it, inside this `with`; in no process of the workspace."""
        with FileLock(self._workspace.queue_lock):
            yield

    def waiting(self) -> tuple[RunView, ...]:
        """The runs that wait, the next first."""
        return waiting(self._all())

    def place_of(self, id: str) -> int:
        """The place of a run that waits, 1 for the next; 0 for one that does not wait."""
        return next((place for place, run in enumerate(self.waiting(), 1) if run.id == id), 0)

    def add(self, folder: RunFolder) -> None:
        """Puts a run at the end of the queue. This process owns it: it starts it when its turn has come."""
        before = read_status(folder.status) if folder.status.exists() else RunStatus("queued")
        queued = replace(before, state="queued", turn=time.time(), error=None, seconds_left=None)
        write_status(folder.status, replace(queued, owner=Owner.current()))

    def move(self, id: str, direction: Direction) -> None:
        """Lets a run change places with the one before or behind it; at the end it stays where it is.

        Raises:
            NotInQueue: it does not wait.
        """
        with self.locked():
            queued = self.waiting()
            ids = [run.id for run in queued]
            if id not in ids:
                raise NotInQueue(id=id)
            here = ids.index(id)
            there = here + (-1 if direction == "up" else 1)
            if 0 <= there < len(queued):
                one, other = queued[here], queued[there]
                self._set(one, turn=other.status.turn)
                self._set(other, turn=one.status.turn)

    def cancel(self, id: str) -> bool:
        """Takes a run out of the queue, and says whether it was in it. What it learned before it waited stays."""
        with self.locked():
            run = self._runs.get(id)
            if run.status.state != "queued":
                return False
            self._set(run, state="paused" if run.has_checkpoint else "cancelled", turn=None, owner=None)
            return True

    def next_for(self, owner: Owner, *, adopting: bool) -> RunView | None:
        """The run that this process has to start now: nothing goes, and it is the first of those anybody will start.

        A run whose process is gone waits for one that adopts: the page does, a single command does not.
        """
        runs = self._all()
        if going(runs):
            return None
        for run in waiting(runs):
            if _is_of(run, owner):
                return run
            if run.status.owner is None or not run.status.owner.is_alive:
                if adopting:
                    return run
                continue
            return None
        return None

    def has_to_come(self, owner: Owner, *, adopting: bool) -> bool:
        """Whether this process has to look after the queue: a run of it waits, or it adopts those of others."""
        return adopting or any(_is_of(run, owner) for run in self.waiting())

    def _all(self) -> tuple[RunView, ...]:
        """Every run; none where the folder is gone, so that whoever looks after the queue ends in peace."""
        return self._runs.list() if self._workspace.runs.exists() else ()

    def _set(self, run: RunView, **changes: object) -> None:
        write_status(self._runs.folder(run.id).status, replace(run.status, **changes))  # type: ignore[arg-type]


def _is_of(run: RunView, owner: Owner) -> bool:
    mine = run.status.owner
    return mine is not None and (mine.pid, mine.started) == (owner.pid, owner.started)
