from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.settings import Choice
from core.data.steps import DataSteps, Upload
from core.data.store import Dataset
from core.errors import (
    EmptyFile,
    FileMissing,
    NothingToUndo,
    NoUsableColumns,
    OptionRefused,
    UnknownColumn,
    UnknownName,
)
from core.progress import Cancelled
from core.workspace import Workspace
from tests.core.data.build import jsonl, write


@pytest.fixture
def steps(tmp_path: Path) -> DataSteps:
    return DataSteps(Workspace(tmp_path / "workspace"))


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    rows = "".join(f"what is q{number}?,it is a{number},x{number}\n" for number in range(5))
    return write(tmp_path / "faq.csv", f"question,answer,extra\n{rows}what is q0?,it is a0,x\n,,y\n1,2,3,4\n")


def answers(steps: DataSteps, dataset: Dataset) -> list[str]:
    return [example.answer for example in steps.examples(dataset.id)]


def test_every_row_is_accounted_for(steps: DataSteps, faq: Path):
    dataset = steps.import_files([faq])
    report = steps.report(dataset.id)
    assert (dataset.title, dataset.files, dataset.format) == ("faq", ("faq.csv",), "question_answer")
    assert [(problem.file, problem.line) for problem in dataset.problems] == [("faq.csv", 9)]
    assert (report.num_kept, report.num_dropped, dataset.num_problems, dataset.rows_read) == (5, 2, 1, 8)
    assert answers(steps, dataset) == [f"it is a{number}" for number in range(5)]


def test_actions_are_kept_and_refused_where_a_check_cannot_do_them(steps: DataSteps, faq: Path):
    id = steps.import_files([faq]).id
    assert steps.set_actions(id, {"duplicates": "keep"}).state == "done"
    assert steps.dataset(id).actions["duplicates"] == "keep"
    assert steps.report(id).num_kept == 6
    with pytest.raises(UnknownName):
        steps.set_actions(id, {"spelling": "fix"})
    with pytest.raises(OptionRefused):
        steps.set_actions(id, {"duplicates": "fix"})
    assert steps.report(id).num_kept == 6


def test_the_rows_can_be_read_in_another_way_without_the_file(steps: DataSteps, faq: Path):
    dataset = steps.import_files([faq])
    faq.unlink()
    choice = Choice("question_answer", {"question": "question", "answer": "extra"})
    assert steps.wait_for(steps.reinterpret(dataset.id, choice).id).state == "done"
    changed = steps.dataset(dataset.id)
    assert dict(changed.mapping) == {"question": "question", "answer": "extra"}
    assert answers(steps, changed)[0] == "x0"
    wrong = Choice("question_answer", {"question": "nope", "answer": "extra"})
    failed = steps.wait_for(steps.reinterpret(dataset.id, wrong).id)
    assert isinstance(failed.error, UnknownColumn)
    assert steps.dataset(dataset.id) == changed
    assert answers(steps, changed)[0] == "x0"


def test_undo_goes_back_step_by_step_through_settings_and_reviews(steps: DataSteps, faq: Path):
    dataset = steps.import_files([faq])
    id, before = dataset.id, answers(steps, dataset)
    with pytest.raises(NothingToUndo):
        raise steps.wait_for(steps.undo(id).id).error or AssertionError("undo of nothing")
    steps.set_actions(id, {"duplicates": "keep"})
    steps.decide(id, "reject", [1], "Ada")
    steps.reinterpret(id, Choice("question_answer", {"question": "question", "answer": "extra"}))
    steps.set_approved_only(id, True)
    assert steps.last_change(id) == "approved_only"
    assert answers(steps, dataset) == []
    told = []
    for _ in range(4):
        told.append(steps.last_change(id))
        assert steps.wait_for(steps.undo(id).id).state == "done"
    assert told == ["approved_only", "choice", "reject", "duplicates"]
    assert answers(steps, dataset) == before
    assert steps.last_change(id) == ""
    assert steps.dataset(id).settings == dataset.settings


def test_only_the_numbered_folders_that_hold_are_kept(steps: DataSteps, faq: Path):
    id = steps.import_files([faq]).id
    steps.set_actions(id, {"duplicates": "keep"})
    steps.reinterpret(id, Choice("question_answer", {"question": "question", "answer": "extra"}))
    folder = steps.datasets.folder(steps.dataset(id))
    numbered = sorted(path.name for path in folder.path.iterdir() if "-" in path.name)
    assert numbered == sorted([folder.examples.parent.name, "checked-1", folder.diagnosis.name])
    assert folder.diagnosis.name == "checked-2"


def test_changes_at_the_same_time_all_hold(steps: DataSteps, faq: Path):
    id = steps.import_files([faq]).id
    checks = ["duplicates", "whitespace", "empty", "html", "encoding"]
    with ThreadPoolExecutor(5) as pool:
        jobs = list(pool.map(lambda check: steps.set_actions(id, {check: "keep"}).id, checks))
    assert [steps.wait_for(job).state for job in jobs] == ["done"] * 5
    assert {steps.dataset(id).actions[check] for check in checks} == {"keep"}
    for _ in checks:
        steps.wait_for(steps.undo(id).id)
    assert "keep" not in {steps.dataset(id).actions[check] for check in checks}


def test_a_failed_or_cancelled_import_leaves_nothing(steps: DataSteps, faq: Path, tmp_path: Path):
    empty = write(tmp_path / "empty.csv", "")
    with pytest.raises(EmptyFile, match=r"empty\.csv"):
        steps.import_files([faq, empty])
    with pytest.raises(FileMissing):
        steps.import_files([])

    def stop(stage: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        steps.import_files([faq], stop)
    assert list(steps.workspace.datasets.iterdir()) == []


def test_a_cancelled_change_leaves_all_as_it_was(steps: DataSteps, faq: Path):
    dataset = steps.import_files([faq])

    def stop(stage: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        steps._workshop.change(
            dataset.id, lambda settings: settings.with_actions({"duplicates": "keep"}), "duplicates", stop
        )
    assert steps.dataset(dataset.id) == dataset
    assert steps.report(dataset.id).num_kept == 5
    assert steps.last_change(dataset.id) == ""
    assert not (steps.datasets.folder(dataset).path / "checked-1").exists()


def test_columns_may_be_chosen_while_importing(steps: DataSteps, tmp_path: Path):
    path = write(tmp_path / "f.csv", "alpha,beta\none of a,one of b\ntwo of a,two of b\n")
    with pytest.raises(NoUsableColumns):
        steps.import_files([path])
    assert steps.columns(Upload([path])) == ("alpha", "beta")
    choice = Choice(mapping={"question": "alpha", "answer": "beta"})
    dataset = steps.import_files(Upload([path], choice=choice))
    assert dict(dataset.mapping) == {"question": "alpha", "answer": "beta"}


def test_several_files_keep_their_ids_apart(steps: DataSteps, tmp_path: Path):
    for folder, words in (("one", "ab"), ("two", "cd")):
        (tmp_path / folder).mkdir()
        jsonl(tmp_path / folder / "train.jsonl", {"prompt": f"what is {words[0]}?", "completion": words[1] * 5})
    dataset = steps.import_files([tmp_path / "one" / "train.jsonl", tmp_path / "two" / "train.jsonl"])
    assert dataset.files == ("train.jsonl", "train (2).jsonl")
    assert [example.id for example in steps.examples(dataset.id)] == ["train.jsonl:1", "train (2).jsonl:1"]


def test_a_sample_is_brought_once_and_says_whether_it_wants_approval(steps: DataSteps):
    shop, doctor = steps.import_sample("customer_service"), steps.import_sample("medical_qa")
    assert steps.import_sample("customer_service") == shop
    assert (shop.approved_only, doctor.approved_only) == (False, True)
    assert list(steps.examples(doctor.id)) == []
    assert steps.approve_unproblematic(doctor.id, "Ada") > 100
    assert len(list(steps.examples(doctor.id))) > 100


def test_settings_survive_the_disk(steps: DataSteps, faq: Path):
    dataset = steps.import_files([faq])
    steps.set_limit(dataset.id, "starter", 64)
    read = steps.dataset(dataset.id)
    assert replace(read.settings, base=dataset.settings.base, max_length=0) == dataset.settings
    assert (read.settings.base, read.settings.max_length) == ("starter", 64)
