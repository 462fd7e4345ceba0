"""What was made for download, written down beside it: a page that opens again offers it again."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from core.export.base import Export
from core.workspace import RunFolder, Workspace, read_json, write_json


def write_record(workspace: Workspace, folder: RunFolder, export: Export) -> None:
    """Remembers a checked package of the workspace."""
    write_json(_record(workspace, folder, export.target), {**asdict(export), "path": export.path.name})


def read_records(workspace: Workspace, folder: RunFolder) -> Iterator[Export]:
    """The packages that are still there, whole, and made of what the run learned last."""
    learned = folder.adapter.stat().st_mtime_ns if folder.adapter.exists() else 0
    for record in sorted((workspace.exports / folder.id).glob("*.json")):
        values = read_json(record)
        export = Export(**{**values, "path": record.parent / values["path"]})
        if export.path.is_file():
            found = export.path.stat()
            if found.st_size == export.bytes and found.st_mtime_ns >= learned:
                yield export


def _record(workspace: Workspace, folder: RunFolder, target: str) -> Path:
    return workspace.exports / folder.id / f"{target}.json"
