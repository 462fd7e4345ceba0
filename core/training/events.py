"""What happens in a run, one JSON line each: written by whoever trains, read by whoever watches."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

EventKind = Literal["state", "step", "validation", "checkpoint", "resumed", "note", "answers", "trial"]


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    kind: state (facts: state) · step (loss, learning_rate, epoch, tokens_per_second, memory_gib) ·
        validation (loss, and the task's figures by name) ·
        checkpoint (best: bool) · resumed · note (code and what it needs) ·
        answers (answers: of the film strip, one for each question) ·
        trial (of a search: number, params, and share with loss, or state)
    step: optimiser steps done when it happened
    seconds: since the run was first started, pauses left out
    """

    kind: EventKind
    step: int
    seconds: float
    facts: dict[str, Any]


class EventLog:
    """An append-only file of events, readable while it grows."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, event: Event) -> None:
        """Adds one line, whole."""
        line = json.dumps(asdict(event), ensure_ascii=False) + "\n"
        with self.path.open("ab") as file:
            if file.tell() and not self._ends_whole():
                file.write(b"\n")
            file.write(line.encode())

    def read(self, cursor: int = 0) -> tuple[tuple[Event, ...], int]:
        """The events from a byte position on, and the position behind the last whole line."""
        if not self.path.exists():
            return (), cursor
        with self.path.open("rb") as file:
            file.seek(cursor)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        return tuple(_events(whole)), cursor + len(whole)

    def _ends_whole(self) -> bool:
        """Whether the last writer finished its line (a killed process may not have)."""
        with self.path.open("rb") as file:
            file.seek(-1, 2)
            return file.read(1) == b"\n"


def _events(data: bytes) -> Iterator[Event]:
    for line in data.splitlines():
        try:
            yield Event(**json.loads(line))
        except (ValueError, TypeError):
            continue  # the torn line of a process that was killed while writing
