"""The Studio of one command: on the person's workspace, or on one that is gone afterwards."""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.studio import Studio
from core.workspace import Workspace


@contextmanager
def open_studio(arguments: argparse.Namespace, *, passing: bool = False, run: str = "") -> Iterator[Studio]:
    """A Studio on the workspace; `passing`: datasets are not kept; a run given as a folder is found where it lies."""
    if is_run_folder(run):
        passing = True
    out = Path(run) if is_run_folder(run) else getattr(arguments, "out", None)
    if not passing:
        yield Studio(Workspace(arguments.workspace))
        return
    root = Path(tempfile.mkdtemp(prefix="tailor-"))
    try:
        yield Studio(Workspace(root, runs=out.resolve().parent if out else None))
    finally:
        shutil.rmtree(root, ignore_errors=True)


def is_run_folder(run: str) -> bool:
    """Whether a run was given by its folder and not by its id."""
    return bool(run) and (Path(run) / "plan.json").exists()
