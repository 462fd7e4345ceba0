"""The datasets of a workspace. Disk is the truth: nothing is kept between two calls."""

import datetime
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from core.data.cleaning import CleaningReport, clean, default_fixes
from core.data.examples import read_examples, write_examples
from core.data.intake import Understanding, understand_all
from core.data.readers import read_table
from core.data.readers.base import union
from core.data.readers.decoding import storable
from core.data.table import Problem
from core.errors import DatasetMissing, FileMissing, WorkspaceUnusable
from core.workspace import DatasetFolder, Workspace, new_id, read_json, write_json

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]+')
_LONGEST_NAME = 80  # characters; a file name may have 255 bytes, and Chinese takes three each


@dataclass(frozen=True)
class Dataset:
    """What was uploaded, how it was understood, and which fixes are on; problems are rows nobody could use.

    rows_read: examples and problems together. With a report's `kept`, the rest of them is what was left out.
    """

    id: str
    title: str
    files: tuple[str, ...]
    format: str
    mapping: dict[str, str]
    columns: tuple[str, ...]
    fixes: tuple[str, ...]
    rows_read: int
    problems: tuple[Problem, ...]
    created: str
    sample: str = ""  # the name of the shipped sample it is, if any


class DatasetStore:
    """Keeps datasets in the workspace, a folder each."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def add(
        self,
        files: Sequence[Path],
        names: Sequence[str],
        title: str | None = None,
        *,
        sample: str = "",
        format: str | None = None,
        mapping: Mapping[str, str] | None = None,
    ) -> Dataset:
        """Reads files, understands them, and keeps them with what was understood.

        Format and columns are detected unless they are given: for files of which nothing is detected.

        Raises:
            DataError: one of the files cannot be used; nothing is kept then.
            WorkspaceUnusable: the workspace cannot be written.
        """
        assert len(files) == len(names), "each file has a name"
        if not files:
            raise FileMissing(file="(no file chosen)")
        safe = safe_names(names)
        tables = [read_table(path, name) for path, name in zip(files, safe, strict=True)]
        columns = union(table.columns for table in tables)
        understanding = understand_all(tables, format, mapping)
        dataset = replace(_described(title or Path(safe[0]).stem, safe, columns, understanding), sample=sample)
        self._keep(dataset, files, understanding)
        return dataset

    def get(self, id: str) -> Dataset:
        """What is known of a dataset.

        Raises:
            DatasetMissing: the workspace has none of this id.
        """
        record = read_json(self._folder(id).record)
        if record is None:
            raise DatasetMissing(id=id)
        return _from_record(record)

    def list(self) -> tuple[Dataset, ...]:
        """All datasets, the newest first."""
        ids = sorted((path.name for path in self._workspace.datasets.iterdir()), reverse=True)
        records = [read_json(self._workspace.dataset(id).record) for id in ids if _ID.fullmatch(id)]
        return tuple(_from_record(record) for record in records if record is not None)

    def reinterpret(self, id: str, format: str | None, mapping: Mapping[str, str] | None) -> Dataset:
        """Reads the files again as another format, or with other columns; fixes stay as they are.

        Raises:
            DatasetMissing: no such dataset.
            DataError, UnknownName: the files cannot be understood so; the dataset stays as it was.
        """
        dataset, folder = self.get(id), self._folder(id)
        tables = [read_table(folder.source / name, name) for name in dataset.files]
        understanding = understand_all(tables, format, mapping)
        changed = replace(
            dataset,
            format=understanding.format,
            mapping=understanding.mapping,
            rows_read=understanding.num_rows,
            problems=understanding.problems,
        )
        write_examples(folder.examples, understanding.examples)
        write_json(folder.record, asdict(changed))
        return changed

    def set_fixes(self, id: str, fixes: Collection[str]) -> Dataset:
        """Switches cleaners on, and all others off.

        Raises:
            DatasetMissing: no such dataset.
            UnknownName: no such cleaner.
        """
        clean((), fixes)
        changed = replace(self.get(id), fixes=tuple(fixes))
        write_json(self._folder(id).record, asdict(changed))
        return changed

    def report(self, id: str) -> CleaningReport:
        """What the checks find, and what is left with the dataset's fixes.

        Raises:
            DatasetMissing: no such dataset.
        """
        dataset = self.get(id)
        return clean(read_examples(self._folder(id).examples), dataset.fixes)

    def delete(self, id: str) -> None:
        """Removes a dataset with its files.

        Raises:
            DatasetMissing: no such dataset.
        """
        self.get(id)
        shutil.rmtree(self._folder(id).path)

    def _folder(self, id: str) -> DatasetFolder:
        if not _ID.fullmatch(id):
            raise DatasetMissing(id=id)
        return self._workspace.dataset(id)

    def _keep(self, dataset: Dataset, files: Sequence[Path], understanding: Understanding) -> None:
        """Fills a folder under a draft name and renames it: a dataset is there whole or not at all."""
        draft = self._workspace.dataset(f".{dataset.id}")
        try:
            draft.source.mkdir(parents=True)
            for path, name in zip(files, dataset.files, strict=True):
                shutil.copyfile(path, draft.source / name)
            write_examples(draft.examples, understanding.examples)
            write_json(draft.record, asdict(dataset))
            draft.path.rename(self._workspace.dataset(dataset.id).path)
        except OSError as error:
            raise WorkspaceUnusable(folder=draft.path.parent, reason=error.strerror) from error
        finally:
            shutil.rmtree(draft.path, ignore_errors=True)


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


def _described(title: str, files: tuple[str, ...], columns: tuple[str, ...], understanding: Understanding) -> Dataset:
    return Dataset(
        id=new_id(title),
        title=title,
        files=files,
        format=understanding.format,
        mapping=understanding.mapping,
        columns=columns,
        fixes=default_fixes(),
        rows_read=understanding.num_rows,
        problems=understanding.problems,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )


def _from_record(record: dict[str, Any]) -> Dataset:
    values = {field.name: record[field.name] for field in fields(Dataset) if field.name in record}
    values |= {name: tuple(values[name]) for name in ("files", "columns", "fixes")}
    return Dataset(**values | {"problems": tuple(Problem(**problem) for problem in values["problems"])})
