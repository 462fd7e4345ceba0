"""Who changed what, and when: one entry a line, only ever added to. The last change can always be taken back.

A settings entry holds all settings before and after. A review entry holds a row. "undo" takes the last entry back
that is not taken back yet. When the rows are read in another way they mean something else, so what was reviewed
before does not count, until that change is taken back.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from core.data.examples import Message, messages_of

Kind = Literal["settings", "approve", "reject", "open", "edit", "add", "undo"]
State = Literal["", "approved", "rejected", "edited", "added"]
STATES: dict[str, State] = {"approve": "approved", "reject": "rejected", "edit": "edited", "add": "added", "open": ""}


@dataclass(frozen=True)
class Entry:
    """One change.

    what: in a settings entry the name of the setting that changed, for the page to say what undo takes back.
    rows: of a review entry; many at once where a person approved all that pass the checks.
    """

    kind: Kind
    who: str = ""
    at: str = ""
    what: str = ""
    rows: tuple[int, ...] = ()
    messages: tuple[Message, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reads_anew(self) -> bool:
        """True where rows mean something else afterwards."""
        return self.kind == "settings" and self.before.get("choice") != self.after.get("choice")


@dataclass(frozen=True)
class Mark:
    """What a person said of a row, and the text it has since."""

    state: State
    who: str
    at: str
    messages: tuple[Message, ...] = ()


class Journal:
    """The changes of one dataset."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, entry: Entry) -> None:
        """Writes one change to the end, with the time of now."""
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        line = json.dumps(_as_record(entry, at), ensure_ascii=False)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")  # the first break ends what a killed process left half written

    def standing(self) -> tuple[Entry, ...]:
        """The changes that are not taken back, in order."""
        standing: list[Entry] = []
        for entry in self._entries():
            if entry.kind != "undo":
                standing.append(entry)
            elif standing:
                standing.pop()
        return tuple(standing)

    def last(self) -> Entry | None:
        """What undo would take back."""
        standing = self.standing()
        return standing[-1] if standing else None

    def marks(self) -> dict[int, Mark]:
        """Row to what was last said of it. Rows of examples made by hand are negative: -1, -2, …"""
        return marks_of(self.standing())

    def _entries(self) -> Iterable[Entry]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    record = json.loads(line)
                except json.JSONDecodeError:  # blank, or half a line
                    continue
                yield _from_record(record)


def marks_of(entries: Sequence[Entry]) -> dict[int, Mark]:
    """What the changes come to, row by row."""
    marks: dict[int, Mark] = {}
    num_added = 0
    for entry in entries:
        if entry.reads_anew:
            marks, num_added = {}, 0
        elif entry.kind == "add":
            num_added += 1
            marks[-num_added] = Mark("added", entry.who, entry.at, entry.messages)
        elif entry.kind != "settings":
            for row in entry.rows:
                marks[row] = _marked(marks.get(row), entry)
    return marks


def _marked(known: Mark | None, entry: Entry) -> Mark:
    """An approval keeps what was edited before."""
    messages = entry.messages or (known.messages if known else ())
    return Mark(STATES[entry.kind], entry.who, entry.at, messages)


def _as_record(entry: Entry, at: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": entry.kind,
        "who": entry.who,
        "at": at,
        "what": entry.what,
        "rows": entry.rows,
        "messages": [turn.as_dict() for turn in entry.messages],
        "before": entry.before,
        "after": entry.after,
    }
    return {name: value for name, value in values.items() if value}


def _from_record(record: Mapping[str, Any]) -> Entry:
    rows, messages = tuple(record.get("rows", ())), messages_of(record.get("messages", ()))
    return Entry(**{**record, "rows": rows, "messages": messages})
