from pathlib import Path

import pytest

from core.data.steps import DataSteps
from core.data.store import DatasetStore, safe_names
from core.errors import DatasetMissing
from core.workspace import Workspace
from tests.core.data.build import write


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def store(workspace: Workspace) -> DatasetStore:
    return DatasetStore(workspace)


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    rows = "".join(f"q{number},a{number}\n" for number in range(5))
    return write(tmp_path / "faq.csv", f"question,answer\n{rows}")


def test_disk_is_the_truth(workspace: Workspace, faq: Path):
    dataset = DataSteps(workspace).import_files([faq])
    other = DatasetStore(workspace)
    assert other.get(dataset.id) == dataset
    assert other.list() == (dataset,)


def test_delete(workspace: Workspace, store: DatasetStore, faq: Path):
    id = DataSteps(workspace).import_files([faq]).id
    store.delete(id)
    assert store.list() == ()
    assert list(workspace.datasets.iterdir()) == []
    with pytest.raises(DatasetMissing):
        store.delete(id)


@pytest.mark.parametrize("id", ["", ".", "..", "../runs", "a/b", "nothing", "a\0b", ".hidden"])
def test_ids_reach_nothing_outside(workspace: Workspace, store: DatasetStore, id: str):
    for call in (store.get, store.delete):
        with pytest.raises(DatasetMissing):
            call(id)
    assert workspace.runs.exists()


def test_half_made_folders_are_not_listed(workspace: Workspace, store: DatasetStore):
    (workspace.datasets / "half").mkdir()
    (workspace.datasets / ".draft").mkdir()
    old = workspace.datasets / "written-by-an-older-tailor"
    old.mkdir()
    (old / "dataset.json").write_text('{"id": "x", "title": "x", "fixes": []}')
    assert store.list() == ()


def test_names_are_safe():
    unsafe = [
        "../../etc/passwd",
        "C:\\x\\y.csv",
        "..",
        "",
        "a\0b?.csv",
        "A.CSV",
        "a.csv",
        "长" * 300 + ".csv",
    ]
    safe = safe_names(unsafe)
    assert safe[:7] == ("passwd", "y.csv", "file", "file (2)", "ab_.csv", "A.CSV", "a (2).csv")
    assert len(safe[7].encode()) < 255
    assert safe[7].endswith(".csv")
