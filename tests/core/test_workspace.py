import json
import threading
from pathlib import Path

import pytest

from core.errors import DatasetMissing, RunMissing, WorkspaceUnusable
from core.workspace import Workspace, new_id, read_json, write_json, write_whole


def test_the_folders_are_made(tmp_path: Path):
    workspace = Workspace(tmp_path / "a" / "b")
    assert workspace.datasets.is_dir()
    assert workspace.runs.is_dir()
    assert workspace.exports.is_dir()
    assert [path.name for path in workspace.root.iterdir() if path.name.startswith(".")] == []  # no probe is left


def test_a_file_in_the_way_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkspaceUnusable):
        Workspace(tmp_path / "file" / "workspace")


def test_runs_may_lie_elsewhere(tmp_path: Path):
    workspace = Workspace(tmp_path / "workspace", runs=tmp_path / "mine")
    assert workspace.run("one").path == tmp_path / "mine" / "one"


@pytest.mark.parametrize("id", ["../x", "/etc/x", "a/../../x", "../../x"])
def test_an_id_never_leads_out(tmp_path: Path, id: str):
    workspace = Workspace(tmp_path)
    assert workspace.run(id).path == workspace.runs / "x"
    assert workspace.dataset(id).path == workspace.datasets / "x"


@pytest.mark.parametrize("id", ["", ".", "..", "../..", "a/.."])
def test_an_id_that_names_no_folder_of_its_own_is_refused(tmp_path: Path, id: str):
    workspace = Workspace(tmp_path)
    with pytest.raises(RunMissing):
        workspace.run(id)
    with pytest.raises(DatasetMissing):
        workspace.dataset(id)


def test_ids_are_readable_safe_and_all_different():
    ids = [new_id("Shop Voice! 客服 ../../etc") for _ in range(50)]
    assert len(set(ids)) == 50
    assert all("-shop-voice-etc-" in id and "/" not in id and ".." not in id for id in ids)
    assert "-data-" in new_id("客服")


def test_a_reader_sees_the_old_or_the_new_never_half(tmp_path: Path):
    path = tmp_path / "status.json"
    documents = [{"fill": letter * 20_000} for letter in "ab"]
    write_json(path, documents[0])
    done = threading.Event()

    def write() -> None:
        for number in range(60):
            write_json(path, documents[number % 2])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        assert read_json(path) in documents
    writer.join()
    assert [entry.name for entry in tmp_path.iterdir()] == ["status.json"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "plan.json"
    write_whole(path, "old")
    monkeypatch.setattr("core.workspace.os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"


def refusing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """As Windows does while a reader has the old file open: the first `times` replacements are refused."""
    replace, left = Path.replace, [times]

    def refused(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(13, "Access is denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)


def test_a_reader_in_the_way_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_whole(tmp_path / "status.json", "old")
    refusing(monkeypatch, times=3)
    write_whole(tmp_path / "status.json", "new")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("status.json", "new")]


def test_a_file_that_may_not_be_replaced_is_said_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_whole(tmp_path / "status.json", "old")
    refusing(monkeypatch, times=1000)
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "status.json", "new")
    assert (tmp_path / "status.json").read_text(encoding="utf-8") == "old"


def test_json_is_written_as_people_read_it(tmp_path: Path):
    write_json(tmp_path / "deep" / "a.json", {"word": "客服"})
    text = (tmp_path / "deep" / "a.json").read_text(encoding="utf-8")
    assert "客服" in text
    assert json.loads(text) == {"word": "客服"}
    assert read_json(tmp_path / "none.json") is None
