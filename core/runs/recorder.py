"""Turns what the trainer tells into events and a status on disk."""

import time
from dataclasses import replace
from typing import Any

from core.hardware import Device, used_memory_gib
from core.runs.status import Owner, RunStatus, State, read_status, write_status
from core.training.events import Event, EventKind, EventLog
from core.workspace import RunFolder, read_json

STATUS_EVERY_S = 0.5  # a status file is synced to disk; a tiny model takes many steps a second


class Recorder:
    """Writes one run's events and status; the clock leaves out pauses."""

    def __init__(self, folder: RunFolder, device: Device) -> None:
        self.folder = folder
        self.log = EventLog(folder.events)
        self._device = device
        before = read_status(folder.status) if folder.status.exists() else RunStatus("starting")
        self.status = replace(before, state="starting", error=None, owner=Owner.this_process(), device=device.name)
        self._started = time.monotonic() - before.seconds
        self._written = 0.0
        self._first: tuple[int, float] | None = None  # step and clock of this process's first measured step

    def tell(
        self,
        kind: str,
        step: int,
        facts: dict[str, Any],
        *,
        num_steps: int,
        num_tokens: int,
        effective_batch: int,
    ) -> None:
        """One thing the trainer says; `num_tokens` were read by this process so far."""
        if kind == "begin":
            self.set(state="running", num_steps=num_steps, step=step, **facts)
        elif kind == "step":
            self._step(step, facts, num_steps, num_tokens, effective_batch)
        elif kind == "validation":
            self._validation(step, facts["loss"])
        elif kind == "checkpoint":
            self.event("checkpoint", step, facts)

    def event(self, kind: EventKind, step: int, facts: dict[str, Any]) -> None:
        """Appends an event with the run's clock."""
        self.log.append(Event(kind, step, round(self.seconds, 3), facts))

    def state(self, state: State, **changes: Any) -> None:
        """Enters a state, on disk at once."""
        self.event("state", self.status.step, {"state": state})
        self.set(state=state, **changes)

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

    def _step(self, step: int, facts: dict[str, Any], num_steps: int, num_tokens: int, effective_batch: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = (step, now)
        first_step, first_time = self._first
        done, spent = step - first_step, max(1e-6, now - first_time)
        rates: dict[str, Any] = {}
        if done > 0:
            rates = {
                "tokens_per_second": round(num_tokens / spent * done / (done + 1), 1),
                "samples_per_second": round(done * effective_batch / spent, 2),
                "seconds_left": round((num_steps - step) * spent / done, 1),
            }
        memory = round(used_memory_gib(self._device), 3)
        self.event("step", step, {**facts, "memory_gib": memory, "tokens_per_second": rates.get("tokens_per_second")})
        self.status = replace(
            self.status,
            step=step,
            epoch=facts["epoch"],
            train_loss=facts["loss"],
            memory_gib=max(memory, self.status.memory_gib or 0.0),
            **rates,
        )
        if now - self._written > STATUS_EVERY_S or step == num_steps:
            self.set()

    def _validation(self, step: int, loss: float) -> None:
        self.event("validation", step, {"loss": loss})
        best = self.status.best_loss
        changes: dict[str, Any] = {"validation_loss": loss}
        if self.status.first_validation_loss is None:
            changes["first_validation_loss"] = loss
        if step > 0 and (best is None or loss < best):
            changes |= {"best_loss": loss, "best_step": step}
        self.set(**changes)
