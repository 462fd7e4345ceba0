from pathlib import Path

import pytest

from core.data.examples import Message
from core.data.review import Query
from core.data.steps import DataSteps
from core.errors import EditRefused, RowMissing, UnknownName
from core.workspace import Workspace
from tests.core.data.build import jsonl

TURNS = (Message("user", "How much is it?"), Message("assistant", "It is nine euros."))


@pytest.fixture
def steps(tmp_path: Path) -> DataSteps:
    return DataSteps(Workspace(tmp_path / "workspace"))


@pytest.fixture
def id(steps: DataSteps, tmp_path: Path) -> str:
    rows = [{"prompt": f"Where is shelf {name}?", "completion": f"Shelf {name} is upstairs."} for name in NAMES]
    rows.insert(3, rows[0])
    return steps.import_files([jsonl(tmp_path / "shelves.jsonl", *rows)]).id


NAMES = ("alder", "birch", "cedar", "elm", "fir")  # rows 0, 1, 2, 4, 5; row 3 repeats row 0


def rows(steps: DataSteps, id: str, **query: str) -> list[int]:
    return [row.row for row in steps.review(id, Query(**query)).rows]


def test_the_table_shows_what_is_kept_page_by_page(steps: DataSteps, id: str):
    first, second = steps.review(id, count=3), steps.review(id, start=3, count=3)
    assert [row.row for row in (*first.rows, *second.rows)] == [0, 1, 2, 4, 5]
    assert (first.total, first.counts.num_rows, first.counts.num_open) == (5, 5, 5)


def test_search_and_filters(steps: DataSteps, id: str):
    steps.decide(id, "approve", [1, 4], "Ada")
    steps.decide(id, "reject", [2], "Ada")
    assert rows(steps, id, text="CEDAR") == [2]
    assert rows(steps, id, state="approved") == [1, 4]
    assert rows(steps, id, state="rejected") == [2]
    assert rows(steps, id, state="open") == [0, 5]
    assert rows(steps, id, text="shelf", state="open") == [0, 5]
    steps.wait_for(steps.set_actions(id, {"duplicates": "keep"}).id)
    assert rows(steps, id, check="duplicates") == [3]
    assert "duplicates" in steps.review(id, Query(check="duplicates")).rows[0].checks
    with pytest.raises(UnknownName):
        rows(steps, id, check="spelling")


def test_who_decided_when_and_what_is_learned(steps: DataSteps, id: str):
    steps.decide(id, "approve", [1], "Ada")
    steps.decide(id, "reject", [2], "Bo")
    shown = {row.row: row for row in steps.review(id).rows}
    assert (shown[1].state, shown[1].who, shown[1].when[:2]) == ("approved", "Ada", "20")
    assert [example.question for example in steps.examples(id)] == [
        f"Where is shelf {name}?" for name in ("alder", "birch", "elm", "fir")
    ]
    assert steps.review(id).counts.num_learned == 4
    steps.set_approved_only(id, True)
    assert [example.question for example in steps.examples(id)] == ["Where is shelf birch?"]
    assert steps.review(id).counts.num_learned == 1
    steps.decide(id, "open", [1], "Ada")
    assert list(steps.examples(id)) == []


def test_edits_and_examples_by_hand_are_learned(steps: DataSteps, id: str):
    steps.edit(id, 0, TURNS, "Ada")
    row = steps.add_example(id, [Message("user", "Open on Sunday?"), Message("assistant", "No.")], "Ada")
    assert row == -1
    learned = list(steps.examples(id))
    assert (learned[0].question, learned[1].answer) == ("Open on Sunday?", "It is nine euros.")
    assert rows(steps, id, text="nine euros") == [0]
    steps.edit(id, row, TURNS, "Ada")
    assert next(iter(steps.examples(id))).answer == "It is nine euros."
    assert steps.datasets.cleaned(steps.dataset(id)).read(0).answer == "Shelf alder is upstairs."


def test_progress_outlives_the_program_and_the_checks(steps: DataSteps, id: str):
    steps.decide(id, "approve", [1], "Ada")
    steps.edit(id, 4, TURNS, "Ada")
    steps.wait_for(steps.set_actions(id, {"duplicates": "keep"}).id)
    again = DataSteps(Workspace(steps.workspace.root))
    assert {row.row: row.state for row in again.review(id).rows if row.state} == {1: "approved", 4: "edited"}


def test_approving_all_leaves_out_what_a_check_still_means(steps: DataSteps, id: str):
    steps.wait_for(steps.set_actions(id, {"duplicates": "keep"}).id)
    steps.decide(id, "reject", [1], "Ada")
    assert steps.approve_unproblematic(id, "Ada") == 4
    assert rows(steps, id, state="open") == [3]
    assert rows(steps, id, state="rejected") == [1]


@pytest.mark.parametrize(
    "turns",
    [
        (),
        (Message("user", "a"),),
        (Message("user", "a"), Message("assistant", " ")),
        (Message("assistant", "a"), Message("user", "b")),
    ],
)
def test_nothing_to_learn_from_is_refused(steps: DataSteps, id: str, turns: tuple[Message, ...]):
    with pytest.raises(EditRefused):
        steps.edit(id, 0, turns, "Ada")
    with pytest.raises(EditRefused):
        steps.add_example(id, turns, "Ada")
    assert steps.last_change(id) == ""


@pytest.mark.parametrize("row", [-1, 6, 10**9])
def test_rows_that_are_not_there(steps: DataSteps, id: str, row: int):
    with pytest.raises(RowMissing):
        steps.decide(id, "approve", [row], "Ada")
    with pytest.raises(RowMissing):
        steps.edit(id, row, TURNS, "Ada")
