from pathlib import Path

import pytest

from core.data.store import DatasetStore, safe_names
from core.errors import DatasetMissing, EmptyFile, FileMissing, NoUsableColumns, UnknownColumn, UnknownName
from core.workspace import Workspace
from tests.core.data.build import jsonl, write


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def store(workspace: Workspace) -> DatasetStore:
    return DatasetStore(workspace)


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    rows = "".join(f"q{number},a{number},x{number}\n" for number in range(5))
    return write(tmp_path / "upload-1", f"question,answer,extra\n{rows}q0,a0,x\n,,y\n1,2,3,4\n")


def test_disk_is_the_truth(workspace: Workspace, store: DatasetStore, faq: Path):
    dataset = store.add([faq], ["faq.csv"], "My FAQ")
    assert (dataset.title, dataset.files, dataset.format) == ("My FAQ", ("faq.csv",), "question_answer")
    assert dataset.columns == ("question", "answer", "extra")
    assert dataset.rows_read == 8
    assert [(problem.file, problem.line) for problem in dataset.problems] == [("faq.csv", 9)]
    other = DatasetStore(workspace)
    assert other.get(dataset.id) == dataset
    assert other.list() == (dataset,)


def test_report_accounts_for_every_row(store: DatasetStore, faq: Path):
    dataset = store.add([faq], ["faq.csv"], None)
    report = store.report(dataset.id)
    assert dataset.title == "faq"
    assert (len(report.kept), len(report.dropped), len(dataset.problems)) == (5, 2, 1)
    assert len(report.kept) + len(report.dropped) + len(dataset.problems) == dataset.rows_read


def test_fixes_are_kept(store: DatasetStore, faq: Path):
    id = store.add([faq], ["faq.csv"], None).id
    assert store.set_fixes(id, ["empty"]).fixes == ("empty",)
    assert store.get(id).fixes == ("empty",)
    assert len(store.report(id).kept) == 6
    with pytest.raises(UnknownName):
        store.set_fixes(id, ["spelling"])
    assert store.get(id).fixes == ("empty",)


def test_reinterpret_reads_the_files_again(store: DatasetStore, faq: Path):
    dataset = store.add([faq], ["faq.csv"], None)
    store.set_fixes(dataset.id, ["whitespace"])
    faq.unlink()
    changed = store.reinterpret(dataset.id, "question_answer", {"question": "question", "answer": "extra"})
    assert changed == store.get(dataset.id)
    assert changed.mapping == {"question": "question", "answer": "extra"}
    assert changed.fixes == ("whitespace",)
    assert store.report(dataset.id).kept[0].messages[1].content == "x0"
    with pytest.raises(UnknownColumn):
        store.reinterpret(dataset.id, "question_answer", {"question": "nope", "answer": "extra"})
    assert store.get(dataset.id) == changed


def test_a_failed_import_leaves_nothing(workspace: Workspace, store: DatasetStore, faq: Path, tmp_path: Path):
    empty = write(tmp_path / "empty", "")
    with pytest.raises(EmptyFile, match=r"empty\.csv"):
        store.add([faq, empty], ["faq.csv", "empty.csv"], None)
    with pytest.raises(FileMissing):
        store.add([], [], None)
    assert list(workspace.datasets.iterdir()) == []


def test_columns_may_be_chosen_while_adding(store: DatasetStore, tmp_path: Path):
    path = write(tmp_path / "f", "text,category\na,b\n")
    with pytest.raises(NoUsableColumns):
        store.add([path], ["f.csv"])
    dataset = store.add([path], ["f.csv"], mapping={"question": "text", "answer": "category"})
    assert dataset.mapping == {"question": "text", "answer": "category"}


def test_several_files_keep_their_ids_apart(store: DatasetStore, tmp_path: Path):
    first = jsonl(tmp_path / "1", {"prompt": "a", "completion": "b"})
    second = jsonl(tmp_path / "2", {"prompt": "c", "completion": "d"})
    dataset = store.add([first, second], ["train.jsonl", "other/train.jsonl"], None)
    assert dataset.files == ("train.jsonl", "train (2).jsonl")
    assert [example.id for example in store.report(dataset.id).kept] == ["train.jsonl:1", "train (2).jsonl:1"]


def test_delete(workspace: Workspace, store: DatasetStore, faq: Path):
    id = store.add([faq], ["faq.csv"], None).id
    store.delete(id)
    assert store.list() == ()
    assert list(workspace.datasets.iterdir()) == []
    with pytest.raises(DatasetMissing):
        store.delete(id)


@pytest.mark.parametrize("id", ["", ".", "..", "../runs", "a/b", "nothing", "a\0b", ".hidden"])
def test_ids_reach_nothing_outside(workspace: Workspace, store: DatasetStore, id: str):
    for call in (store.get, store.report, store.delete):
        with pytest.raises(DatasetMissing):
            call(id)
    assert workspace.runs.exists()


def test_half_made_folders_are_not_listed(workspace: Workspace, store: DatasetStore):
    (workspace.datasets / "half").mkdir()
    (workspace.datasets / ".draft").mkdir()
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
