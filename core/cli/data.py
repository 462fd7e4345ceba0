"""The verbs for data: clean files, and look after the datasets of the workspace."""

import argparse
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.cli.studio import open_studio
from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Action
from core.data.formats.roles import roles_of
from core.data.shapes import Choice
from core.data.steps import Upload
from core.data.store import Dataset
from core.data.writers import WRITERS
from core.studio import Studio
from core.work import JobView
from core.workspace import write_json

_TICK_S = 2.0


def clean(arguments: argparse.Namespace) -> dict[str, Any]:
    """Reads and cleans files; writes what is asked for."""
    actions = actions_of(arguments.fix) if arguments.fix else {}
    writer = writer_for(arguments.out, arguments.to)
    with open_studio(arguments, passing=True) as studio:
        held_back = arguments.validation
        names, choice = [path.name for path in held_back], Choice(roles=roles_of(arguments.roles))
        upload = Upload([*arguments.files, *held_back], validation=names, choice=choice)
        dataset = studio.import_files(upload, _Ticker())
        if arguments.base or arguments.max_length:
            _waited(studio, studio.set_limit(dataset.id, arguments.base or "starter", arguments.max_length))
        if actions:
            _waited(studio, studio.set_actions(dataset.id, actions))
        result = summary_of(studio, dataset.id)
        if arguments.out:
            studio.save_data(dataset.id, writer, arguments.out)
        if arguments.report:
            write_json(arguments.report, result)
        return result


def data(arguments: argparse.Namespace) -> dict[str, Any]:
    """The datasets of the workspace, or one of them."""
    with open_studio(arguments) as studio:
        if arguments.action == "list":
            return {"datasets": [_line(dataset) for dataset in studio.datasets.list()]}
        dataset = studio.dataset(arguments.id)
        if arguments.action == "delete":
            studio.delete_dataset(dataset.id)
            return {"deleted": dataset.id}
        if arguments.action == "undo":
            _waited(studio, studio.undo(dataset.id))
        return {**_line(dataset), **summary_of(studio, dataset.id)}


def _waited(studio: Studio, begun: JobView) -> None:
    """Blocks until work has ended.

    Raises:
        TailorError: what it failed with.
    """
    view = studio.wait_for(begun.id)
    if view.error:
        raise view.error


def summary_of(studio: Studio, id: str) -> dict[str, Any]:
    """What was read, kept, changed and found."""
    dataset, report = studio.dataset(id), studio.report(id)
    return {
        "rows_read": dataset.rows_read,
        "rows_kept": report.num_kept,
        "rows_dropped": dataset.rows_read - report.num_kept,
        "rows_changed": report.num_changed,
        "rows_repeated": sum(table.num_repeated for table in dataset.tables),
        "format": dataset.format,
        "task": dataset.task,
        "roles": dict(dataset.understood.cast.roles),
        "findings": [asdict(finding) | {"fixed": finding.action != "keep"} for finding in report.findings],
        "problems": [asdict(problem) for problem in dataset.problems],
    }


def actions_of(text: str) -> dict[str, Action]:
    """What `--fix` means: all, none, or the checks that are on.

    Raises:
        UnknownName: no such check.
    """
    names = {name.strip() for name in text.split(",") if name.strip()}
    if names == {"all"}:
        names = set(CLEANERS.names())
    elif names == {"none"}:
        names = set()
    chosen = {CLEANERS.get(name).name for name in names}
    return {cleaner.name: _on(cleaner.name) if cleaner.name in chosen else "keep" for cleaner in CLEANERS}


def writer_for(out: Path | None, wanted: str) -> str:
    """The writer by name, or by the ending of the file.

    Raises:
        UnknownName: no such writer.
    """
    if wanted:
        return WRITERS.get(wanted).name
    fitting = (writer.name for writer in WRITERS if out is not None and out.name.endswith(writer.suffix))
    return next(fitting, WRITERS.names()[0])


def _on(check: str) -> Action:
    """The check's own action, or the first it can do where it only looks by itself."""
    cleaner = CLEANERS.get(check)
    if cleaner.default != "keep":
        return cleaner.default
    return next((action for action in cleaner.actions if action != "keep"), "keep")


def _line(dataset: Dataset) -> dict[str, Any]:
    kept: Mapping[str, Any] = {"id": dataset.id, "title": dataset.title, "files": list(dataset.files)}
    return {**kept, "created": dataset.created, "rows_read": dataset.rows_read, "task": dataset.task}


class _Ticker:
    """A line on standard error every two seconds: long files take their time."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _TICK_S

    def __call__(self, stage: str, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _TICK_S
            print(f"{stage}: {done:,}" + (f" of {total:,}" if total else ""), file=sys.stderr)
