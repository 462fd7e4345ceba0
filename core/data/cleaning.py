"""What is wrong with the examples, and what is left once it is put right.

One pass for the checks that look at single examples, during which the others take what they need; then those say
which rows they mean. The examples stay as they were read: what changes is written beside them, so every fix can be
taken back, byte by byte.

Memory, besides what the checks of the set keep (each says how much): 13 bytes a row, and 8 for each row found.
"""

import json
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Action, Context, RowCleaner, SetCleaner, SetHits
from core.data.examples import Example
from core.data.lines import ExampleLines, ExampleWriter
from core.progress import Counted, Progress
from core.workspace import write_json

_MOST_NOTES = 10_000  # of one check; what comes after is counted, without a note
KEPT = 0


@dataclass(frozen=True)
class Finding:
    """What one check found, what was done about it, and to how many rows."""

    check: str
    count: int
    action: Action
    num_dropped: int = 0
    num_changed: int = 0


@dataclass(frozen=True)
class CleaningReport:
    """How many rows are kept, left out and changed, and what each check found; every check is there, in order."""

    num_read: int
    num_kept: int
    num_changed: int
    findings: tuple[Finding, ...]

    @property
    def num_dropped(self) -> int:
        """Rows left out by the checks."""
        return self.num_read - self.num_kept

    def finding(self, check: str) -> Finding:
        """What this check found."""
        return next(finding for finding in self.findings if finding.check == check)


class _Finds:
    """The rows one check means."""

    def __init__(self, check: str) -> None:
        self.check = check
        self.rows: NDArray[np.int64] = np.empty(0, np.int64)
        self.groups: NDArray[np.int64] = np.empty(0, np.int64)
        self.notes: dict[int, str] = {}
        self.figures: dict[str, NDArray[np.int64]] = {}
        self.num_dropped = self.num_changed = 0
        self._found = array("q")

    def add(self, row: int, note: str) -> None:
        """One row of a check that looks at single examples."""
        self._found.append(row)
        if len(self.notes) < _MOST_NOTES:
            self.notes[row] = note

    def close(self) -> None:
        """Rows as they are kept; belonging to none."""
        self.rows = np.frombuffer(self._found, dtype=np.int64).copy() if self._found else self.rows
        self.groups = np.full(len(self.rows), -1, np.int64)

    def take(self, hits: SetHits) -> None:
        """The rows of a check of the set."""
        self.rows, self.groups, self.figures = hits.rows, hits.groups, hits.figures
        self.notes = dict(list(hits.notes.items())[:_MOST_NOTES])

    def write(self, folder: Path) -> None:
        """Rows, groups, notes and figures, a file each."""
        for name, values in self.figures.items():
            np.save(folder / f"{self.check}.{name}.npy", values)
        np.save(folder / f"{self.check}.rows.npy", self.rows)
        np.save(folder / f"{self.check}.groups.npy", self.groups)
        (folder / f"{self.check}.notes.json").write_text(json.dumps(self.notes, ensure_ascii=False), encoding="utf-8")


class Diagnosis:
    """One look at all examples by all checks; writes what it decides into a folder."""

    def __init__(self, lines: ExampleLines, actions: Mapping[str, Action], context: Context, folder: Path) -> None:
        self._lines, self._actions, self._context, self._folder = lines, actions, context, folder
        checks = [cleaner for cleaner in CLEANERS if context.task in cleaner.tasks]
        self._row_checks: list[RowCleaner] = [cleaner for cleaner in checks if isinstance(cleaner, RowCleaner)]
        self._studies = {cleaner.name: cleaner.study(context) for cleaner in checks if isinstance(cleaner, SetCleaner)}
        self._finds = {cleaner.name: _Finds(cleaner.name) for cleaner in CLEANERS}
        self._gone: NDArray[np.bool_] = np.zeros(len(lines), np.bool_)
        self._version: NDArray[np.int32] = np.full(len(lines), -1, np.int32)

    def run(self, progress: Progress) -> CleaningReport:
        """Looks at every row, decides, and writes.

        Raises:
            Cancelled: the person asked to stop; the folder is then half written.
        """
        self._folder.mkdir(parents=True)
        with ExampleWriter(self._folder / "changed.jsonl") as self._changed:
            for row, example in enumerate(Counted("checking", len(self._lines), progress).each(self._lines)):
                self._judge(row, example)
            for finds in self._finds.values():
                finds.close()
            for number, (check, study) in enumerate(self._studies.items()):
                progress("comparing", number, len(self._studies))
                self._take(check, study.hits(~self._gone, self._current))
        return self._written()

    def _judge(self, row: int, example: Example) -> None:
        """One row through the checks of single examples; what is left is shown to the others."""
        current = example
        for cleaner in self._row_checks:
            hit = cleaner.judge(current, self._context)
            if hit is None:
                continue
            finds, action = self._finds[cleaner.name], self._actions[cleaner.name]
            finds.add(row, hit.note)
            if action == "keep":
                continue
            if action == "drop" or hit.fixed is None:
                finds.num_dropped += 1
                self._gone[row] = True
                return
            finds.num_changed += 1
            current = hit.fixed
        if current != example:
            self._version[row] = self._changed.add(current)
        for study in self._studies.values():
            study.see(row, current)

    def _take(self, check: str, hits: SetHits) -> None:
        finds, action = self._finds[check], self._actions[check]
        finds.take(hits)
        if action == "drop" or (action == "fix" and hits.fix is None):
            finds.num_dropped = len(hits.rows)
            self._gone[hits.rows] = True
        elif action == "fix" and hits.fix is not None:
            finds.num_changed = len(hits.rows)
            for row in map(int, hits.rows):
                self._version[row] = self._changed.add(hits.fix(self._current(row)))

    def _current(self, row: int) -> Example:
        version = int(self._version[row])
        return self._lines[row] if version < 0 else self._changed.read(version)

    def _written(self) -> CleaningReport:
        np.save(self._folder / "gone.npy", self._gone)
        np.save(self._folder / "version.npy", self._version)
        for finds in self._finds.values():
            finds.write(self._folder)
        report = CleaningReport(
            num_read=len(self._lines),
            num_kept=int(np.count_nonzero(~self._gone)),
            num_changed=int(np.count_nonzero(~self._gone & (self._version >= 0))),
            findings=tuple(self._finding(finds) for finds in self._finds.values()),
        )
        write_json(self._folder / "report.json", asdict(report))
        return report

    def _finding(self, finds: _Finds) -> Finding:
        action = self._actions[finds.check]
        return Finding(finds.check, len(finds.rows), action, finds.num_dropped, finds.num_changed)


class Cleaned:
    """What a diagnosis left: the kept examples in order, any row, and the rows each check means."""

    def __init__(self, lines: ExampleLines, folder: Path) -> None:
        self._lines, self._folder = lines, folder
        self.gone: NDArray[np.bool_] = np.load(folder / "gone.npy", mmap_mode="r")
        self._version: NDArray[np.int32] = np.load(folder / "version.npy", mmap_mode="r")
        self._changed = ExampleLines(folder / "changed.jsonl")

    def __len__(self) -> int:
        return len(self._lines)

    def read(self, row: int) -> Example:
        """A row as it was read."""
        return self._lines[row]

    def current(self, row: int) -> Example:
        """A row as the checks left it, kept or not."""
        version = int(self._version[row])
        return self._lines[row] if version < 0 else self._changed[version]

    def kept(self) -> Iterator[tuple[int, Example]]:
        """Every kept row with its number, as the checks left it."""
        with self._changed.opened() as changed:
            for row, example in enumerate(self._lines):
                if not self.gone[row]:
                    version = int(self._version[row])
                    yield row, example if version < 0 else changed(version)

    def figures(self, check: str, name: str) -> NDArray[np.int64]:
        """What a check counted on its way; nothing where it did not look at these data."""
        path = self._folder / f"{check}.{name}.npy"
        return np.load(path, mmap_mode="r") if path.exists() else np.empty(0, np.int64)

    def found_rows(self, check: str) -> NDArray[np.int64]:
        """The rows a check means."""
        found: NDArray[np.int64] = np.load(self._folder / f"{check}.rows.npy", mmap_mode="r")
        return found

    def found(self, check: str) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[int, str]]:
        """The rows a check means, the rows they belong to, and its notes."""
        rows = self.found_rows(check)
        groups = np.load(self._folder / f"{check}.groups.npy", mmap_mode="r")
        notes = json.loads((self._folder / f"{check}.notes.json").read_text(encoding="utf-8"))
        return rows, groups, {int(row): note for row, note in notes.items()}


def report_of(record: Mapping[str, Any]) -> CleaningReport:
    """A report as it was written."""
    findings = tuple(Finding(**finding) for finding in record["findings"])
    return CleaningReport(record["num_read"], record["num_kept"], record["num_changed"], findings)
