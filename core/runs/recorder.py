"""Turns what the trainer tells into events and a status on disk."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.hardware import Device, MemoryWatch
from core.runs.status import Owner, RunStatus, State, read_status, write_status
from core.training.events import Event, EventKind, EventLog
from core.workspace import RunFolder, read_json

if TYPE_CHECKING:
    from transformers import TrainerState

STATUS_EVERY_S = 0.5  # a status file is synced to disk; a tiny model takes many steps a second


@dataclass(frozen=True)
class First:
    """Where the first measured step of a sitting stood: the step, the clock, and the tokens read by then."""

    step: int
    clock: float
    tokens: int


def starting_status(folder: RunFolder, device: Device) -> RunStatus:
    """The status of a run that this process begins or goes on with."""
    before = read_status(folder.status) if folder.status.exists() else RunStatus("starting")
    return replace(before, state="starting", turn=None, error=None, owner=Owner.current(), device=device.name)


class Recorder:
    """Writes one run's events and status; the clock leaves out pauses."""

    def __init__(self, folder: RunFolder, device: Device, effective_batch: int) -> None:
        self.folder = folder
        self.log = EventLog(folder.events)
        self.status = starting_status(folder, device)
        self.watch = MemoryWatch(device)
        self._effective_batch = effective_batch
        self._started = time.monotonic() - self.status.seconds
        self._written = 0.0
        self._first: First | None = None

    def tell(self, kind: str, state: "TrainerState", facts: dict[str, Any]) -> None:
        """One thing the trainer says, and where it stands."""
        if kind == "begin":
            self.set(state="running", num_steps=state.max_steps, step=state.global_step, **facts)
        elif kind == "step":
            self._step(state, facts)
        elif kind == "validation":
            self._validation(state.global_step, facts)
        elif kind in ("checkpoint", "answers"):
            self.event(kind, state.global_step, facts)  # type: ignore[arg-type]
        elif kind == "note":
            self.note(state.global_step, **facts)

    def event(self, kind: EventKind, step: int, facts: dict[str, Any]) -> None:
        """Appends an event with the run's clock."""
        self.log.append(Event(kind, step, round(self.seconds, 3), facts))

    def state(self, state: State, **changes: Any) -> None:
        """Enters a state, on disk at once."""
        self.event("state", self.status.step, {"state": state})
        self.set(state=state, **changes)

    def note(self, step: int, code: str, **facts: Any) -> None:
        """Something a person should know, on the curve's page and in the log; the last of a kind counts."""
        self.event("note", step, {"code": code, **facts})
        before = [note for note in self.status.notes if note["code"] != code]
        self.set(notes=[*before, {"code": code, "step": step, **facts}])

    def set(self, **changes: Any) -> None:
        """Changes the status, on disk at once."""
        self.status = replace(self.status, seconds=round(self.seconds, 3), **changes)
        write_status(self.folder.status, self.status)
        self._written = time.monotonic()

    def asked(self) -> str | None:
        """What the watcher asks of the trainer: "stop", "pause", or nothing."""
        command = read_json(self.folder.command)
        return command["ask"] if command else None

    @property
    def seconds(self) -> float:
        """Time spent training, over all sittings."""
        return time.monotonic() - self._started

    def _step(self, state: "TrainerState", facts: dict[str, Any]) -> None:
        step, now = state.global_step, time.monotonic()
        rates = self._rates(state, now)
        memory = round(self.watch.peak_gib, 3)
        self.event("step", step, {**facts, "memory_gib": memory, "tokens_per_second": rates.get("tokens_per_second")})
        self.status = replace(
            self.status,
            step=step,
            epoch=facts["epoch"],
            train_loss=facts["loss"],
            memory_gib=max(memory, self.status.memory_gib or 0.0),
            **rates,
        )
        if now - self._written > STATUS_EVERY_S or step == state.max_steps:
            self.set()

    def _rates(self, state: "TrainerState", now: float) -> dict[str, Any]:
        """Tokens and samples a second since this sitting's first step, checks and checkpoints included."""
        tokens = int(state.num_input_tokens_seen)
        if self._first is None:
            self._first = First(state.global_step, now, tokens)
        done, spent = state.global_step - self._first.step, now - self._first.clock
        if done == 0 or spent <= 0:
            return {}
        return {
            "tokens_per_second": round((tokens - self._first.tokens) / spent, 1),
            "samples_per_second": round(done * self._effective_batch / spent, 2),
            "seconds_left": round((state.max_steps - state.global_step) * spent / done, 1),
        }

    def _validation(self, step: int, facts: dict[str, float]) -> None:
        self.event("validation", step, facts)
        best, loss = self.status.best_loss, facts["loss"]
        figures = {name: value for name, value in facts.items() if name != "loss"}
        changes: dict[str, Any] = {"validation_loss": loss, "figures": figures}
        if self.status.first_validation_loss is None:
            changes |= {"first_validation_loss": loss, "first_figures": figures}
        if step > 0 and (best is None or loss < best):
            changes |= {"best_loss": loss, "best_step": step, "best_figures": figures}
        self.set(**changes)
