"""The steps on a dataset: bring, change, take back. Each is whole or not at all, and says how far it has come."""

import datetime
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.data.cleaning import Diagnosis
from core.data.intake import understand
from core.data.journal import Entry
from core.data.lines import ExampleLines
from core.data.readers import open_tables, refuse_unopenable
from core.data.settings import Settings, settings_of
from core.data.spool import spool
from core.data.store import Dataset, DatasetStore, keep_sources, safe_names
from core.data.table import RawTable
from core.errors import FileMissing, NothingToUndo, WorkspaceUnusable
from core.progress import Progress
from core.workspace import DatasetFolder, new_id

Change = Callable[[Settings], Settings]
Fill = Callable[[DatasetFolder], Dataset]


@dataclass(frozen=True)
class Brought:
    """Files of a person, and what they said of them.

    names: what the person calls each file. validation: those of the names that only check what is learned.
    """

    files: Sequence[Path]
    names: Sequence[str]
    validation: Sequence[str] = ()
    title: str = ""
    sample: str = ""
    settings: Settings = field(default_factory=Settings)


class Workshop:
    """Works on the datasets of one store."""

    def __init__(self, store: DatasetStore) -> None:
        self._store = store
        self._changing = threading.Lock()  # two changes at once would each know nothing of the other

    def bring(self, brought: Brought, progress: Progress) -> Dataset:
        """Reads files, understands them, checks the examples, and keeps all of it.

        Raises:
            DataError: one of the files cannot be used; nothing is kept then.
            WorkspaceUnusable: the workspace cannot be written.
            Cancelled: the person asked to stop; nothing is kept then.
        """
        assert len(brought.files) == len(brought.names), "each file has a name"
        if not brought.files:
            raise FileMissing(file="(no file chosen)")
        for path in brought.files:
            refuse_unopenable(path, str(path))
        names = safe_names(brought.names)
        title = brought.title or Path(names[0]).stem

        def fill(folder: DatasetFolder) -> Dataset:
            keep_sources(folder, brought.files, names)
            held_back = {safe for name, safe in zip(brought.names, names, strict=True) if name in brought.validation}
            tables = spool(_tables(folder, names, held_back), folder, progress)
            folder.examples.parent.mkdir()
            understood = understand(folder, tables, brought.settings.choice, progress)
            dataset = Dataset(folder.id, title, names, tables, understood, brought.settings, now())
            return self.checked(replace(dataset, sample=brought.sample), folder, progress)

        return self.keep(title, fill)

    def keep(self, title: str, fill: Fill) -> Dataset:
        """Fills a folder under a draft name and renames it: a dataset is there whole or not at all."""
        id = new_id(title)
        draft = self._store.workspace.dataset(f".{id}")
        try:
            dataset = replace(fill(draft), id=id)
            self._store.record(dataset, draft)
            draft.path.rename(self._store.workspace.dataset(id).path)
        except OSError as error:
            raise WorkspaceUnusable(folder=draft.path.parent, reason=error.strerror or error) from error
        finally:
            shutil.rmtree(draft.path, ignore_errors=True)
        return dataset

    def change(self, id: str, change: Change, what: str, progress: Progress, who: str = "") -> Dataset:
        """Makes other settings of those that hold; reads and checks again as far as they ask for it.

        Raises:
            DatasetMissing: no such dataset.
            DataError, UnknownName: the rows cannot be read so; everything stays as it was.
        """
        with self._changing:
            dataset = self._store.get(id)
            settings = change(dataset.settings)
            if settings == dataset.settings:
                return dataset
            changed = self._applied(dataset, settings, progress)
            before, after = dataset.settings.as_record(), settings.as_record()
            self._store.journal(dataset).add(Entry("settings", who, what=what, before=before, after=after))
            return changed

    def undo(self, id: str, progress: Progress) -> Dataset:
        """Takes the last change back, whatever it was.

        Raises:
            DatasetMissing: no such dataset.
            NothingToUndo: nothing was changed.
        """
        with self._changing:
            dataset = self._store.get(id)
            journal = self._store.journal(dataset)
            last = journal.last()
            if last is None:
                raise NothingToUndo(title=dataset.title)
            if last.kind == "settings":
                dataset = self._applied(dataset, settings_of(last.before), progress)
            journal.add(Entry("undo"))
            return dataset

    def _applied(self, dataset: Dataset, settings: Settings, progress: Progress) -> Dataset:
        """The dataset under other settings, on disk; what was made for the old ones is removed last."""
        changed = replace(dataset, settings=settings)
        try:
            if settings.choice != dataset.settings.choice and not dataset.mix:
                changed = self._read_anew(changed, progress)
            if changed.reading != dataset.reading or _checks(settings) != _checks(dataset.settings):
                changed = replace(changed, checking=dataset.checking + 1)
                changed = self.checked(changed, self._store.folder(changed), progress)
            self._store.record(changed)
        finally:
            self._store.forget_numbers(self._store.get(dataset.id))
        return changed

    def _read_anew(self, dataset: Dataset, progress: Progress) -> Dataset:
        changed = replace(dataset, reading=dataset.reading + 1)
        folder = self._store.folder(changed)
        folder.examples.parent.mkdir(exist_ok=True)
        return replace(changed, understood=understand(folder, changed.tables, changed.settings.choice, progress))

    def checked(self, dataset: Dataset, folder: DatasetFolder, progress: Progress) -> Dataset:
        """The dataset, once its checks have looked at every example and written what they found."""
        settings = dataset.settings
        shutil.rmtree(folder.diagnosis, ignore_errors=True)
        lines = ExampleLines(folder.examples)
        Diagnosis(lines, settings.all_actions(), settings.context(dataset.task), folder.diagnosis).run(progress)
        return dataset


def _checks(settings: Settings) -> tuple[Any, ...]:
    """What the checks depend on."""
    return settings.all_actions(), settings.rules, settings.base, settings.max_length


def _tables(folder: DatasetFolder, names: Iterable[str], held_back: Iterable[str]) -> Iterator[RawTable]:
    for name in names:
        for table in open_tables(folder.source / name, name):
            yield replace(table, part="validation") if name in held_back else table


def now() -> str:
    """The time, as records have it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
