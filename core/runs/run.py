"""A run, in a thread of its own. The only file that knows of its thread, and the only one that records a failure."""

import errno
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.data.split import write_split
from core.data.store import DatasetStore
from core.errors import UNEXPECTED, DiskFull, RunNotResumable, RunStillGoing, TailorError
from core.hardware import Device, DeviceLease
from core.runs.lineage import continued, parent_of, refuse_other_labels, take_along
from core.runs.queue import RunQueue
from core.runs.recorder import Recorder, starting_status
from core.runs.sitting import last_checkpoint, rehearsed, train
from core.runs.status import ACTIVE, RESUMABLE, RUN_THREAD, Owner, write_status
from core.runs.store import RunStore, RunView, view_of
from core.training.plan import TrainingPlan
from core.training.preflight import check_plan, split_for
from core.training.tokenizations import Tokenizations
from core.workspace import RunFolder, Workspace, free_gib, new_id, read_json, write_json

if TYPE_CHECKING:  # it needs torch
    from core.training.rehearsal import Rehearsal

POLL_S = 0.2
QUEUE_POLL_S = 0.5  # how soon the next run notices that the device is free
IDLE_POLL_S = 5.0  # how soon a page notices what a process that is gone has left in the queue


class RunDesk:
    """Starts, stops and resumes runs; one at a time holds the device, the others wait in the queue.

    make_room: called before a run begins, to give back memory that it may need.
    """

    def __init__(
        self,
        workspace: Workspace,
        datasets: DatasetStore,
        runs: RunStore,
        device: Device,
        lease: DeviceLease,
        *,
        tokenizations: Tokenizations,
        queue: RunQueue,
        make_room: Callable[[], None] = lambda: None,
    ) -> None:
        self._workspace = workspace
        self._datasets = datasets
        self._runs = runs
        self._device = device
        self._lease = lease
        self._tokenizations = tokenizations
        self._queue = queue
        self._make_room = make_room
        self._threads: dict[str, threading.Thread] = {}
        self._keeping = threading.Lock()
        self._keeper: threading.Thread | None = None
        self._adopting = False

    def start(self, plan: TrainingPlan, id: str | None = None) -> str:
        """Begins a run in the background, or queues it while another goes; returns its id, a new one unless given.

        Raises:
            TailorError: the first of the plan's issues, or no run to continue from.
        """
        parent = parent_of(self._runs, plan.continue_from) if plan.continue_from else None
        if parent:
            plan = continued(plan, parent, plan.continue_from)
        check = check_plan(self._datasets, self._tokenizations, plan, self._device, self._workspace.runs)
        if check.issues:
            raise check.issues[0]
        plan, parts = check.plan, split_for(self._datasets, check.plan)
        if parent:
            refuse_other_labels(parent, plan, parts.train)
        folder = self._workspace.run(id or new_id(plan.title))
        write_split(parts, folder.data)
        if parent:
            take_along(parent, folder)
        with self._queue.locked():
            self._queue.add(folder)
            write_json(folder.plan, plan.model_dump(mode="json"))
        self._advance()
        return folder.id

    def resume(self, id: str) -> None:
        """Goes on from the last whole checkpoint, as soon as the device is free.

        Raises:
            RunStillGoing, RunNotResumable: it cannot.
        """
        folder = self._runs.folder(id)
        with self._queue.locked():
            state = view_of(folder).status.state
            if state in (*ACTIVE, "queued"):
                raise RunStillGoing(id=id)
            if state not in RESUMABLE:
                raise RunNotResumable(id=id, reason=f"it is {state}")
            if state != "cancelled" and not folder.study.exists() and last_checkpoint(folder) is None:
                raise RunNotResumable(id=id, reason="it has no whole checkpoint")
            folder.command.unlink(missing_ok=True)
            self._queue.add(folder)
        self._advance()

    def serve(self) -> None:
        """From now on also starts the waiting runs of processes that are gone; for a page, which stays."""
        self._adopting = True
        self._advance()

    def ask(self, id: str, what: str) -> None:
        """Leaves a request that the trainer reads after its current step."""
        folder = self._runs.folder(id)
        if view_of(folder).status.is_active:
            write_json(folder.command, {"ask": what})

    def wait(self, id: str, watch: Callable[[RunView], None] | None = None) -> RunView:
        """Blocks until a run has had its turn and has ended; `watch` is shown its state now and then."""
        while True:
            thread, view = self._threads.get(id), self._runs.get(id)
            over = not thread.is_alive() if thread else not view.status.is_active
            if over and view.status.state != "queued" and thread is self._threads.get(id):
                return self._runs.get(id)
            if watch:
                watch(view)
            if thread and thread.is_alive():
                thread.join(POLL_S)
            else:
                time.sleep(POLL_S)

    def measure(self, plan: TrainingPlan) -> "Rehearsal":
        """What the plan needs, from a few real steps of it; nothing is kept.

        Raises:
            DeviceBusy: a run trains, or an answer is being written.
            TailorError: the first of the plan's issues, or no memory for a single row.
        """
        parent = parent_of(self._runs, plan.continue_from) if plan.continue_from else None
        check = check_plan(self._datasets, self._tokenizations, plan, self._device, self._workspace.runs)
        if check.issues:
            raise check.issues[0]
        with self._lease.held_by("a measurement"), tempfile.TemporaryDirectory() as place:
            folder = RunFolder(Path(place))
            write_split(split_for(self._datasets, plan), folder.data)
            if parent:
                take_along(parent, folder)
            self._make_room()
            return rehearsed(folder, check.plan, self._device)

    def _advance(self) -> None:
        """Starts the run whose turn it is, if it is ours to start; while there is one to come, somebody keeps watch."""
        me = Owner.current()
        if self._queue.next_for(me, adopting=self._adopting):
            with self._queue.locked():
                run = self._queue.next_for(me, adopting=self._adopting)
                if run:
                    self._launch(self._runs.folder(run.id))
        with self._keeping:
            if self._keeper is None and self._queue.has_to_come(me, adopting=self._adopting):
                self._keeper = threading.Thread(target=self._keep_queue, name="queue", daemon=True)
                self._keeper.start()

    def _keep_queue(self) -> None:
        """Looks now and then whether the device is free, as long as a run waits that is ours to start."""
        while True:
            time.sleep(QUEUE_POLL_S if self._queue.waiting() else IDLE_POLL_S)
            with suppress(OSError):  # a full disk, or a workspace that is gone: the next look may find it otherwise
                self._advance()
            with self._keeping:
                if not self._queue.has_to_come(Owner.current(), adopting=self._adopting):
                    self._keeper = None
                    return

    def _launch(self, folder: RunFolder) -> None:
        self._make_room()
        self._threads.pop(folder.id, None)  # of an earlier sitting; whoever waits must not take it for this one's
        write_status(folder.status, starting_status(folder, self._device))
        thread = threading.Thread(target=self._work, args=(folder,), name=f"{RUN_THREAD}{folder.id}", daemon=True)
        thread.start()
        self._threads[folder.id] = thread

    def _begin_best(self, folder: RunFolder) -> str:
        """What a search found becomes a run of its own: its id."""
        found = self._runs.best_plan(folder.id)
        assert found is not None, "a search that finished has found something"
        return self.start(found)

    def _work(self, folder: RunFolder) -> None:
        plan = TrainingPlan(**read_json(folder.plan))
        recorder = Recorder(folder, self._device, plan.schedule.effective_batch)
        try:
            with self._lease.held_by(f"the run {folder.id}", wait=True):
                _sit(plan, folder, self._device, recorder)
            if plan.search_minutes and recorder.status.state == "finished":
                recorder.set(became=self._begin_best(folder))
        except Exception as error:  # noqa: BLE001 - the thread's last resort: whatever went wrong must reach the page
            _record_failure(recorder, error)


def _sit(plan: TrainingPlan, folder: RunFolder, device: Device, recorder: Recorder) -> None:
    """Trains, or searches where the plan says so."""
    if not plan.search_minutes:
        train(folder, device, recorder)
        return
    from core.runs.searching import search

    search(folder, device, recorder)


def _record_failure(recorder: Recorder, error: Exception) -> None:
    """Puts a failure on disk; where even that fails, the run shows as interrupted, since its thread is gone."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        free = f"{free_gib(recorder.folder.path):.1f}"
        error = DiskFull(folder=recorder.folder.path, found=free, expected="more")
    if isinstance(error, TailorError):
        record = {"code": error.code, "facts": _plain(error.facts), "message": str(error)}
    else:
        message = f"{type(error).__name__}: {error}"
        record = {"code": UNEXPECTED, "facts": {"reason": message}, "message": message}
        with suppress(OSError):
            recorder.folder.log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    with suppress(OSError):
        recorder.state("failed", error=record, seconds_left=None)


def _plain(facts: dict[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float | str) else str(value) for name, value in facts.items()}
