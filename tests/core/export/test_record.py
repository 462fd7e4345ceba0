import os
from pathlib import Path

import pytest

from core.export import export_run
from core.export.record import read_records, write_record
from core.workspace import Workspace
from tests.helpers.trained import Trained


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Where exports go; loading them back is tested elsewhere."""
    monkeypatch.setattr("core.export.verify", lambda *_: None)
    return Workspace(tmp_path / "workspace")


def test_what_was_made_is_found_again(workspace: Workspace, trained: Trained):
    folder = trained.folder("lora")
    assert list(read_records(workspace, folder)) == []
    made = [export_run(workspace, folder, target, None) for target in ("adapter", "merged")]
    for export in made:
        write_record(workspace, folder, export)
    assert list(read_records(workspace, folder)) == made


def test_a_package_that_is_gone_or_half_there_is_not_offered(workspace: Workspace, trained: Trained):
    folder = trained.folder("lora")
    made = export_run(workspace, folder, "adapter", None)
    write_record(workspace, folder, made)
    made.path.write_bytes(made.path.read_bytes()[:100])
    assert list(read_records(workspace, folder)) == []
    made.path.unlink()
    assert list(read_records(workspace, folder)) == []


def test_a_package_of_what_the_run_knew_before_it_went_on_is_not_offered(workspace: Workspace, trained: Trained):
    folder = trained.folder("lora")
    made = export_run(workspace, folder, "adapter", None)
    write_record(workspace, folder, made)
    before = folder.adapter.stat().st_mtime - 60
    os.utime(made.path, (before, before))
    assert list(read_records(workspace, folder)) == []
