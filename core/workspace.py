"""The folder everything is kept in. No path of it is spelt anywhere else.

workspace/
  datasets/<id>/   source/ (the files as uploaded)  rows.jsonl  read-<n>/examples.jsonl  checked-<n>/
                   dataset.json  journal.jsonl
  runs/<id>/       plan.json  status.json  events.jsonl  data/  start/  checkpoints/  adapter/  report.json  log.txt
  exports/<id>/    what was made for download
"""

import json
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import DatasetMissing, RunMissing, WorkspaceUnusable

ASSETS = Path(__file__).resolve().parent.parent / "assets"
NO_NAMES = ("", ".", "..")
REPLACE_PAUSES_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # between tries to replace a file that somebody reads
DEFAULT_WORKSPACE = Path("~/.tailor")  # one place a person, whatever folder Tailor was started from


@dataclass(frozen=True)
class RunFolder:
    """The paths of one run: the protocol between whoever trains and whoever watches."""

    path: Path

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def plan(self) -> Path:
        """The plan, as it was started."""
        return self.path / "plan.json"

    @property
    def status(self) -> Path:
        """State, step and figures of now."""
        return self.path / "status.json"

    @property
    def events(self) -> Path:
        """All that happened, one event a line, append-only."""
        return self.path / "events.jsonl"

    @property
    def command(self) -> Path:
        """What the watcher asks of the trainer: "stop" or "pause"."""
        return self.path / "command.json"

    @property
    def data(self) -> Path:
        """The split the run was made with: train, validation and test as JSONL."""
        return self.path / "data"

    @property
    def start(self) -> Path:
        """What an earlier run learned and this one goes on from; not there for a run that begins at the base model."""
        return self.path / "start"

    @property
    def study(self) -> Path:
        """The trials of a search, as its library keeps them; append-only."""
        return self.path / "study.jsonl"

    @property
    def trials(self) -> Path:
        """Where a trial of a search works; gone when it is over."""
        return self.path / "trials"

    @property
    def best(self) -> Path:
        """The plan that a search found to be best."""
        return self.path / "best.json"

    @property
    def checkpoints(self) -> Path:
        """What a run continues from, and the best so far."""
        return self.path / "checkpoints"

    @property
    def adapter(self) -> Path:
        """The kept result: a PEFT adapter, or a whole model after full tuning."""
        return self.path / "adapter"

    @property
    def report(self) -> Path:
        """Scores of base and tuned."""
        return self.path / "report.json"

    @property
    def log(self) -> Path:
        """For those who want every detail, tracebacks included."""
        return self.path / "log.txt"


@dataclass(frozen=True)
class DatasetFolder:
    """The paths of one dataset.

    What was read and what the checks decided are made anew by a change, under a new number, and only then does the
    record name that number: a change is there whole or not at all.
    """

    path: Path
    reading: int = 0
    checking: int = 0

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def source(self) -> Path:
        """The files as they were uploaded."""
        return self.path / "source"

    @property
    def record(self) -> Path:
        """What was understood and what the person decided."""
        return self.path / "dataset.json"

    @property
    def rows(self) -> Path:
        """The rows of all files, before anybody knows what they mean."""
        return self.path / "rows.jsonl"

    @property
    def journal(self) -> Path:
        """Every change, append-only."""
        return self.path / "journal.jsonl"

    @property
    def examples(self) -> Path:
        """The examples as they were read, before cleaning."""
        return self.path / f"read-{self.reading}" / "examples.jsonl"

    @property
    def diagnosis(self) -> Path:
        """What the checks found and decided, a folder."""
        return self.path / f"checked-{self.checking}"


class Workspace:
    """Gives every path below one folder.

    Args:
        root: where everything is kept; made when it is not there.
        runs: another place for the runs, for the command line's `--out` and `--run`.

    Raises:
        WorkspaceUnusable: the folder cannot be made or written.
    """

    def __init__(self, root: Path, runs: Path | None = None) -> None:
        self.root = root.expanduser().resolve()
        self._runs = runs.expanduser().resolve() if runs else self.root / "runs"
        try:
            for folder in (self.datasets, self.runs, self.exports):
                folder.mkdir(parents=True, exist_ok=True)
            probe = self.root / f".probe-{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise WorkspaceUnusable(folder=self.root, reason=error.strerror) from error

    @property
    def datasets(self) -> Path:
        """All datasets."""
        return self.root / "datasets"

    @property
    def runs(self) -> Path:
        """All runs."""
        return self._runs

    @property
    def exports(self) -> Path:
        """What was made for download."""
        return self.root / "exports"

    @property
    def costs(self) -> Path:
        """Rates and prices for orientation, which a person may edit."""
        return self.root / "costs.json"

    @property
    def queue_lock(self) -> Path:
        """Held by whoever changes the queue of runs; beside the runs where they are kept elsewhere."""
        return (self.root if self._runs.parent == self.root else self._runs) / ".queue.lock"

    def run(self, id: str) -> RunFolder:
        """The folder of a run; it need not exist.

        Raises:
            RunMissing: the id names no folder of its own, such as "..".
        """
        if Path(id).name in NO_NAMES:
            raise RunMissing(id=id)
        return RunFolder(self.runs / Path(id).name)

    def dataset(self, id: str) -> DatasetFolder:
        """The folder of a dataset; it need not exist.

        Raises:
            DatasetMissing: the id names no folder of its own.
        """
        if Path(id).name in NO_NAMES:
            raise DatasetMissing(id=id)
        return DatasetFolder(self.datasets / Path(id).name)


def new_id(hint: str) -> str:
    """A readable id that sorts by time: "20261124-0812-shop-voice-3f9a"."""
    words = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in hint.lower())
    slug = "-".join(part for part in words.split("-") if part)[:24] or "data"
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{slug}-{secrets.token_hex(2)}"


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _put(draft, path)


def _put(draft: Path, path: Path) -> None:
    """Renames a file into place. Windows refuses while a reader has the old one open, which takes moments."""
    for pause_s in REPLACE_PAUSES_S:
        try:
            draft.replace(path)
            return
        except PermissionError:
            time.sleep(pause_s)
    draft.replace(path)


def write_json(path: Path, value: Any) -> None:
    """`write_whole` of a JSON document."""
    write_whole(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def read_json(path: Path) -> Any:
    """A JSON document of ours; None when there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def free_gib(path: Path) -> float:
    """Free space of the disk that holds `path`, in GiB."""
    return shutil.disk_usage(path).free / 2**30
