"""Long work on data, outside of the page: a thread each, with progress to look at and a wish to stop.

Nothing is lost with it: until it has ended well, the workspace is as it was before.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from core.errors import TailorError, WorkFailed, WorkMissing, WorkspaceUnusable
from core.progress import Cancelled, Progress

log = logging.getLogger("tailor.work")

State = Literal["going", "done", "failed", "cancelled"]
SHORT_S = 0.4  # work that ends within this is over before anybody has to wait for it
_REMEMBERED = 50  # jobs that ended, for pages that ask late


@dataclass(frozen=True)
class JobView:
    """How a piece of work stands.

    stage: a word for what it does now. done, total: rows; total is 0 where nobody knows yet.
    result: the id of the dataset or the path of the file, once it is done.
    """

    id: str
    kind: str
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    state: State = "going"
    result: str = ""
    error: TailorError | None = None

    @property
    def rows_per_s(self) -> float:
        """Speed of the stage since it began."""
        return self.done / self.seconds if self.seconds > 0 else 0.0


@dataclass
class _Job:
    view: JobView
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    stage_began: float = 0.0


class WorkDesk:
    """Starts work and knows how it stands. Made once, by the Studio."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()

    def reserve(self, kind: str) -> str:
        """The id of work that will be started: it can be cancelled before it begins."""
        job = _Job(JobView(f"{kind}-{secrets.token_hex(4)}", kind))
        with self._lock:
            self._forget_old()
            self._jobs[job.view.id] = job
        return job.view.id

    def start(self, kind: str, work: Callable[[Progress], str], id: str = "") -> JobView:
        """Begins at once, under an id that was reserved where there is one, and returns after a moment: short work is
        over by then."""
        job = self._job(id or self.reserve(kind))
        job.thread = threading.Thread(target=self._run, args=(job, work), name=job.view.id, daemon=True)
        job.thread.start()
        job.thread.join(SHORT_S)
        return job.view

    def view(self, id: str) -> JobView:
        """How it stands now.

        Raises:
            WorkMissing: nobody started it since the program began.
        """
        job = self._job(id)
        if job.thread is None:
            raise WorkMissing(id=id)
        return job.view

    def cancel(self, id: str) -> None:
        """Asks it to stop at the next row it counts."""
        self._job(id).stop.set()

    def wait(self, id: str) -> JobView:
        """Blocks until it has ended; for the command line and for tests."""
        job = self._job(id)
        assert job.thread is not None, "a job has a thread from its first moment"
        job.thread.join()
        return job.view

    def _job(self, id: str) -> _Job:
        with self._lock:
            job = self._jobs.get(id)
        if job is None:
            raise WorkMissing(id=id)
        return job

    def _run(self, job: _Job, work: Callable[[Progress], str]) -> None:
        def report(stage: str, done: int, total: int) -> None:
            if job.stop.is_set():
                raise Cancelled
            now = time.monotonic()
            if stage != job.view.stage:
                job.stage_began = now
            job.view = replace(job.view, stage=stage, done=done, total=total, seconds=now - job.stage_began)

        try:
            report("", 0, 0)
            result = work(report)
            job.view = replace(job.view, state="done", result=result)
        except Cancelled:
            job.view = replace(job.view, state="cancelled")
        except TailorError as error:
            job.view = replace(job.view, state="failed", error=error)
        except OSError as error:
            unusable = WorkspaceUnusable(folder=error.filename or "the workspace", reason=error.strerror or error)
            job.view = replace(job.view, state="failed", error=unusable)
        except Exception:  # a thread has nobody above it: the log keeps the place, the person gets one sentence
            log.exception("work on data failed")
            job.view = replace(job.view, state="failed", error=WorkFailed(kind=job.view.kind))

    def _forget_old(self) -> None:
        ended = [id for id, job in self._jobs.items() if job.view.state != "going" or job.thread is None]
        for id in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._jobs[id]
