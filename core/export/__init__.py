"""Taking a run home. Adding a target is a file and a line here."""

import hashlib
import shutil
import zipfile
from contextlib import ExitStack
from pathlib import Path

from core.errors import FolderNotEmpty, NotForThisStrategy, RunNotFinished
from core.export.adapter import AdapterTarget
from core.export.base import Export, ExportTarget, fits
from core.export.merged import MergedTarget
from core.export.verify import verify
from core.registry import Table
from core.runs.store import view_of
from core.workspace import RunFolder, Workspace

EXPORTERS: Table[ExportTarget] = Table("export", AdapterTarget(), MergedTarget())

__all__ = ["EXPORTERS", "Export", "ExportTarget", "export_run", "fits"]


def export_run(workspace: Workspace, folder: RunFolder, target: str, out: Path | None) -> Export:
    """Writes the files, loads them in a fresh process, and zips them when they answer as the run does.

    Args:
        out: an empty or new folder for the files; without it a zip is made in the workspace.

    Raises:
        RunNotFinished, NotForThisStrategy, FolderNotEmpty: nothing was written.
        ExportDiffers: what was written does not answer the same; it is removed.
    """
    exporter, view = EXPORTERS.get(target), view_of(folder)
    if not view.has_result:
        raise RunNotFinished(id=folder.id, state=view.status.state)
    if not fits(exporter, view.plan.strategy):
        fitting = ", ".join(entry.name for entry in EXPORTERS if fits(entry, view.plan.strategy))
        raise NotForThisStrategy(target=target, strategy=view.plan.strategy, choices=fitting)
    files = _fresh_folder(out) if out else _replaced_folder(workspace.exports / folder.id / target)
    with ExitStack() as undo:  # whatever goes wrong, no half-made or differing files are left
        undo.callback(shutil.rmtree, files)
        exporter.write(folder, view.plan, files)
        verify(folder, view.plan, files)
        undo.pop_all()
    package = None if out else _zipped(files, f"{view.plan.title}-{target}")
    return Export(
        target=target,
        path=package or files,
        bytes=package.stat().st_size
        if package
        else sum(path.stat().st_size for path in files.rglob("*") if path.is_file()),
        verified=True,
        sha256=_sha256(package) if package else "",
        how_to=exporter.how_to(view.plan),
    )


def _fresh_folder(out: Path) -> Path:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FolderNotEmpty(folder=out)
    out.mkdir(parents=True, exist_ok=True)
    return out


def _replaced_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _zipped(files: Path, name: str) -> Path:
    """A zip beside the folder; weights hardly compress, so they are stored as they are."""
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    package = files.parent / f"{safe}.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for path in sorted(files.rglob("*")):
            if path.is_file():
                kind = zipfile.ZIP_STORED if path.suffix == ".safetensors" else zipfile.ZIP_DEFLATED
                archive.write(path, path.relative_to(files), compress_type=kind)
    return package


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
