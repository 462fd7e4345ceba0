"""Where a run stands: `status.json`, written whole by whoever trains."""

import os
import threading
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import psutil

from core.workspace import read_json, write_json

State = Literal["queued", "starting", "running", "paused", "finished", "stopped", "failed", "interrupted", "cancelled"]
ACTIVE: frozenset[State] = frozenset({"starting", "running"})
RESUMABLE: frozenset[State] = frozenset({"paused", "interrupted", "failed", "stopped", "cancelled"})
RUN_THREAD = "run "  # what the name of a run's thread begins with

PREFERS = 0.6  # of the pairs: the better answer gained more; half of them would by chance
LITTLE = 0.2  # nats: the right next word is not even a quarter again as likely as before


@dataclass(frozen=True)
class Owner:
    """Who trains: a process, told from a later one with the same number by its start; and its thread, once it goes."""

    pid: int
    started: float
    thread: str = ""

    @classmethod
    def current(cls) -> "Owner":
        """This process, and this thread when it is a run's."""
        name = threading.current_thread().name
        return cls(os.getpid(), psutil.Process().create_time(), name if name.startswith(RUN_THREAD) else "")

    @property
    def is_alive(self) -> bool:
        """Whether it still runs; a process that was killed and not yet buried does not."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.started) >= 1.0 or process.status() == psutil.STATUS_ZOMBIE:
                return False
        except psutil.Error:
            return False
        here = self.pid == os.getpid() and self.thread
        return not here or any(thread.name == self.thread for thread in threading.enumerate())


@dataclass(frozen=True)
class RunStatus:
    """The figures of now. Losses are mean nats per learned token, label or pair; None until first measured.

    figures: what the task measures besides on held-back rows, by name; of now, at the best step, and before the first
    """

    state: State
    step: int = 0
    num_steps: int = 0
    epoch: float = 0.0
    seconds: float = 0.0
    seconds_left: float | None = None
    tokens_per_second: float | None = None
    samples_per_second: float | None = None
    memory_gib: float | None = None
    train_loss: float | None = None
    validation_loss: float | None = None
    best_step: int | None = None
    best_loss: float | None = None
    first_validation_loss: float | None = None
    figures: dict[str, float] = field(default_factory=dict)
    best_figures: dict[str, float] = field(default_factory=dict)
    first_figures: dict[str, float] = field(default_factory=dict)
    stopped_early: bool = False
    became: str = ""  # of a search: the run that the best settings became
    turn: float | None = None  # in the queue, the lowest first: the time it was added, until it is moved
    device: str = ""
    error: dict[str, Any] | None = None  # {"code", "facts", "message"}
    notes: list[dict[str, Any]] = field(default_factory=list)  # {"code", "step", …}: what was put right on the way
    times_slowed: int = 0  # how often the learning rate was lowered because the loss ran away
    expected_seconds: float | None = None  # of the whole run, measured before its first step
    expected_memory_gib: float | None = None  # at its peak, measured before its first step
    owner: Owner | None = field(default=None, repr=False)

    @property
    def is_active(self) -> bool:
        """Whether it trains now."""
        return self.state in ACTIVE

    @property
    def learned_little(self) -> bool:
        """Whether held-back examples are hardly easier than for the base model; False where none were measured."""
        if "reward_accuracy" in self.best_figures:  # a loss of pairs starts at ln 2, so it cannot fall far
            return self.best_figures["reward_accuracy"] < PREFERS
        first, best = self.first_validation_loss, self.best_loss
        return first is not None and best is not None and first - best < LITTLE

    @property
    def share_done(self) -> float:
        """Steps done of all steps, 0 to 1."""
        return self.step / self.num_steps if self.num_steps else 0.0


def write_status(path: Path, status: RunStatus) -> None:
    """Writes it so that a reader never sees half."""
    write_json(path, asdict(status))


def read_status(path: Path) -> RunStatus:
    """The status; a run whose process died while it trained is interrupted."""
    record = read_json(path)
    if record is None:
        return RunStatus(state="interrupted")
    owner = Owner(**record.pop("owner")) if record.get("owner") else record.pop("owner", None)
    status = RunStatus(**record, owner=owner)
    if status.is_active and not (status.owner and status.owner.is_alive):
        return replace(status, state="interrupted")
    return status
