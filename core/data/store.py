"""The datasets of a workspace. Disk is the truth: nothing is kept between two calls."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from core.data.cleaners.base import Action
from core.data.cleaning import Cleaned, CleaningReport, report_of
from core.data.intake import Understanding, understanding_of
from core.data.journal import Journal
from core.data.lines import ExampleLines
from core.data.mix import MixPart
from core.data.readers.decoding import storable
from core.data.rules import Rule
from core.data.settings import Settings, settings_of
from core.data.split import SplitSettings
from core.data.spool import TableInfo, tables_of
from core.data.table import Problem
from core.errors import DatasetMissing, WorkspaceUnusable
from core.workspace import DatasetFolder, Workspace, read_json, write_json

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]+')
_LONGEST_NAME = 80  # characters; a file name may have 255 bytes, and Chinese takes three each


@dataclass(frozen=True)
class Dataset:
    """What was brought, how it was understood, and what the person decided about it.

    reading, checking: which of the numbered folders hold what was read and what was checked.
    mix: the datasets it was put together from, if any.
    sample: the name of the shipped sample it is, if any.
    """

    id: str
    title: str
    files: tuple[str, ...]
    tables: tuple[TableInfo, ...]
    understood: Understanding
    settings: Settings
    created: str
    reading: int = 0
    checking: int = 0
    mix: tuple[MixPart, ...] = ()
    sample: str = ""

    @property
    def format(self) -> str:
        """The format most of the rows are in."""
        return self.understood.format

    @property
    def mapping(self) -> Mapping[str, str]:
        """Part of the format to column."""
        return self.understood.mapping

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that is used."""
        return self.understood.columns

    @property
    def task(self) -> str:
        """What the examples are: one of TASKS."""
        return self.understood.task

    @property
    def table(self) -> int:
        """The number of the table that is used."""
        return self.understood.table

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Rows nobody could use; the first thousand."""
        return self.understood.problems

    @property
    def num_problems(self) -> int:
        """All of them."""
        return self.understood.num_problems

    @property
    def rows_read(self) -> int:
        """Examples and problems together."""
        return self.understood.num_examples + self.understood.num_problems

    @property
    def actions(self) -> dict[str, Action]:
        """What is done about the finds of each check."""
        return self.settings.all_actions()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What the person demands of every answer."""
        return self.settings.rules

    @property
    def approved_only(self) -> bool:
        """Whether only what somebody approved is trained on."""
        return self.settings.approved_only

    @property
    def split(self) -> SplitSettings:
        """How much is held back."""
        return self.settings.split


class DatasetStore:
    """Finds, lists, records and removes datasets; a folder each."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def get(self, id: str) -> Dataset:
        """What is known of a dataset.

        Raises:
            DatasetMissing: the workspace has none of this id, or one that an older Tailor wrote.
        """
        dataset = self._read(id) if _ID.fullmatch(id) else None
        if dataset is None:
            raise DatasetMissing(id=id)
        return dataset

    def list(self) -> tuple[Dataset, ...]:
        """All datasets, the newest first."""
        ids = sorted((path.name for path in self.workspace.datasets.iterdir()), reverse=True)
        found = (self._read(id) for id in ids if _ID.fullmatch(id))
        return tuple(dataset for dataset in found if dataset is not None)

    def folder(self, dataset: Dataset) -> DatasetFolder:
        """Its paths."""
        return replace(self.workspace.dataset(dataset.id), reading=dataset.reading, checking=dataset.checking)

    def lines(self, dataset: Dataset) -> ExampleLines:
        """The examples as they were read."""
        return ExampleLines(self.folder(dataset).examples)

    def cleaned(self, dataset: Dataset) -> Cleaned:
        """The examples as the checks left them."""
        folder = self.folder(dataset)
        return Cleaned(ExampleLines(folder.examples), folder.diagnosis)

    def report(self, dataset: Dataset) -> CleaningReport:
        """What the checks found and did."""
        record = read_json(self.folder(dataset).diagnosis / "report.json")
        assert record is not None, "a dataset is recorded after its checks"
        return report_of(record)

    def journal(self, dataset: Dataset) -> Journal:
        """What people changed."""
        return Journal(self.folder(dataset).journal)

    def record(self, dataset: Dataset, folder: DatasetFolder | None = None) -> Dataset:
        """Writes what is known; from then on it holds."""
        values = asdict(replace(dataset, settings=Settings())) | {"settings": dataset.settings.as_record()}
        write_json((folder or self.folder(dataset)).record, values)
        return dataset

    def forget_numbers(self, dataset: Dataset) -> None:
        """Removes the numbered folders that the record no longer names, but the last checks: somebody may look yet."""
        folder = self.folder(dataset)
        last = replace(folder, checking=folder.checking - 1)
        named = {folder.examples.parent.name, folder.diagnosis.name, last.diagnosis.name}
        for path in folder.path.iterdir():
            if path.name.startswith(("read-", "checked-")) and path.name not in named:
                shutil.rmtree(path, ignore_errors=True)

    def delete(self, id: str) -> None:
        """Removes a dataset with its files.

        Raises:
            DatasetMissing: no such dataset.
        """
        shutil.rmtree(self.folder(self.get(id)).path)

    def _read(self, id: str) -> Dataset | None:
        record = read_json(self.workspace.dataset(id).record)
        return None if record is None or "understood" not in record else _from_record(record)


def keep_sources(folder: DatasetFolder, files: Sequence[Path], names: Sequence[str]) -> None:
    """Copies the person's files into the dataset.

    Raises:
        WorkspaceUnusable: they cannot be written.
    """
    try:
        folder.source.mkdir(parents=True)
        for path, name in zip(files, names, strict=True):
            shutil.copyfile(path, folder.source / name)
    except OSError as error:
        raise WorkspaceUnusable(folder=folder.path.parent, reason=error.strerror) from error


def safe_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names without folders and without what a file system refuses, each different from the others."""
    safe: list[str] = []
    for name in names:
        base = _UNSAFE.sub("_", storable(name).replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
        path = Path(base or "file")
        stem, suffix = path.stem[:_LONGEST_NAME], path.suffix[:_LONGEST_NAME]
        number, unique = 1, f"{stem}{suffix}"
        while unique.lower() in {other.lower() for other in safe}:
            number += 1
            unique = f"{stem} ({number}){suffix}"
        safe.append(unique)
    return tuple(safe)


def _from_record(record: dict[str, Any]) -> Dataset:
    values = {field.name: record[field.name] for field in fields(Dataset) if field.name in record}
    values["files"] = tuple(record["files"])
    values["tables"] = tables_of(record["tables"])
    values["understood"] = understanding_of(record["understood"])
    values["settings"] = settings_of(record["settings"])
    values["mix"] = tuple(MixPart(**part) for part in record["mix"])
    return Dataset(**values)
