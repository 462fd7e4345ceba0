"""A run, in a thread of its own. The only file that knows of its thread, and the only one that records a failure."""

import errno
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core.data.split import write_split
from core.data.store import DatasetStore
from core.errors import UNEXPECTED, DeviceBusy, DiskFull, RunNotResumable, RunStillGoing, TailorError
from core.hardware import Device, DeviceLease
from core.runs.recorder import Recorder, starting_status
from core.runs.sitting import last_checkpoint, train
from core.runs.status import RESUMABLE, RUN_THREAD, write_status
from core.runs.store import RunStore, RunView, view_of
from core.training.plan import TrainingPlan
from core.training.preflight import check_plan, split_for
from core.training.tokenizations import Tokenizations
from core.workspace import RunFolder, Workspace, free_gib, new_id, read_json, write_json

POLL_S = 0.2


class RunDesk:
    """Starts, stops and resumes runs; one at a time holds the device."""

    def __init__(
        self,
        workspace: Workspace,
        datasets: DatasetStore,
        runs: RunStore,
        device: Device,
        lease: DeviceLease,
        *,
        tokenizations: Tokenizations,
    ) -> None:
        self._workspace = workspace
        self._datasets = datasets
        self._runs = runs
        self._device = device
        self._lease = lease
        self._tokenizations = tokenizations
        self._threads: dict[str, threading.Thread] = {}
        self._starting = threading.Lock()

    def start(self, plan: TrainingPlan, id: str | None = None) -> str:
        """Begins a run in the background and returns its id, a new one unless given.

        Raises:
            DeviceBusy: another run is going.
            TailorError: the first of the plan's issues.
        """
        with self._starting:
            self._refuse_if_busy()
            check = check_plan(self._datasets, self._tokenizations, plan, self._device, self._workspace.runs)
            if check.issues:
                raise check.issues[0]
            plan = check.plan
            folder = self._workspace.run(id or new_id(plan.title))
            write_split(split_for(self._datasets, plan), folder.data)
            write_status(folder.status, starting_status(folder, self._device))
            write_json(folder.plan, plan.model_dump(mode="json"))
            self._launch(folder)
        return folder.id

    def resume(self, id: str) -> None:
        """Goes on from the last whole checkpoint.

        Raises:
            RunStillGoing, DeviceBusy, RunNotResumable: it cannot.
        """
        with self._starting:
            folder = self._runs.folder(id)
            view = view_of(folder)
            if view.status.is_active:
                raise RunStillGoing(id=id)
            self._refuse_if_busy()
            if view.status.state not in RESUMABLE:
                raise RunNotResumable(id=id, reason=f"it is {view.status.state}")
            if last_checkpoint(folder) is None:
                raise RunNotResumable(id=id, reason="it has no whole checkpoint")
            folder.command.unlink(missing_ok=True)
            self._launch(folder)

    def ask(self, id: str, what: str) -> None:
        """Leaves a request that the trainer reads after its current step."""
        folder = self._runs.folder(id)
        if view_of(folder).status.is_active:
            write_json(folder.command, {"ask": what})

    def wait(self, id: str, watch: Callable[[RunView], None] | None = None) -> RunView:
        """Blocks until a run of this process ends; `watch` is shown its state now and then."""
        thread = self._threads.get(id)
        while thread is not None and thread.is_alive():
            thread.join(POLL_S)
            if watch:
                watch(self._runs.get(id))
        return self._runs.get(id)

    def _refuse_if_busy(self) -> None:
        going = next((run for run in self._runs.list() if run.status.is_active), None)
        if going is not None:
            raise DeviceBusy(holder=f"the run {going.id}")

    def _launch(self, folder: RunFolder) -> None:
        write_status(folder.status, starting_status(folder, self._device))
        thread = threading.Thread(target=self._work, args=(folder,), name=f"{RUN_THREAD}{folder.id}", daemon=True)
        self._threads[folder.id] = thread
        thread.start()

    def _work(self, folder: RunFolder) -> None:
        plan = TrainingPlan(**read_json(folder.plan))
        recorder = Recorder(folder, self._device, plan.schedule.effective_batch)
        try:
            with self._lease.held_by(f"the run {folder.id}", wait=True):
                train(folder, self._device, recorder)
        except Exception as error:  # noqa: BLE001 - the thread's last resort: whatever went wrong must reach the page
            _record_failure(recorder, error)


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
