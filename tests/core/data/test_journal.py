from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.examples import Message
from core.data.journal import Entry, Journal, Mark, marks_of

TURNS = (Message("user", "a"), Message("assistant", "b"))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


def states(journal: Journal) -> dict[int, str]:
    return {row: mark.state for row, mark in journal.marks().items()}


def test_what_was_said_last_holds(journal: Journal):
    journal.add(Entry("approve", "Ada", rows=(1, 2)))
    journal.add(Entry("reject", "Bo", rows=(2,)))
    journal.add(Entry("edit", "Ada", rows=(3,), messages=TURNS))
    journal.add(Entry("add", "Ada", messages=TURNS))
    assert states(journal) == {1: "approved", 2: "rejected", 3: "edited", -1: "added"}
    mark = journal.marks()[2]
    assert (mark.who, mark.at[:2]) == ("Bo", "20")


def test_an_approval_keeps_what_was_edited(journal: Journal):
    journal.add(Entry("edit", rows=(3,), messages=TURNS))
    journal.add(Entry("approve", rows=(3,)))
    assert journal.marks()[3].messages == TURNS


def test_undo_takes_the_last_change_back_and_then_the_one_before(journal: Journal):
    journal.add(Entry("approve", rows=(1,)))
    journal.add(Entry("reject", rows=(1,)))
    journal.add(Entry("undo"))
    assert states(journal) == {1: "approved"}
    journal.add(Entry("undo"))
    journal.add(Entry("undo"))  # of nothing
    assert states(journal) == {}
    assert journal.last() is None
    journal.add(Entry("approve", rows=(5,)))
    assert states(journal) == {5: "approved"}


def test_other_columns_begin_the_review_anew_until_they_are_taken_back(journal: Journal):
    journal.add(Entry("approve", rows=(1,)))
    journal.add(Entry("settings", what="choice", before={"choice": "a"}, after={"choice": "b"}))
    assert states(journal) == {}
    journal.add(Entry("reject", rows=(1,)))
    journal.add(Entry("undo"))
    journal.add(Entry("undo"))
    assert states(journal) == {1: "approved"}


def test_a_killed_process_costs_one_entry_at_most(journal: Journal, tmp_path: Path):
    journal.add(Entry("approve", rows=(1,)))
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"kind": "approve", "rows": [2')
    journal.add(Entry("approve", rows=(3,)))
    assert states(journal) == {1: "approved", 3: "approved"}


rows = st.integers(0, 5)
entries = st.one_of(
    st.builds(lambda kind, row: Entry(kind, rows=(row,)), st.sampled_from(["approve", "reject", "open"]), rows),
    st.builds(lambda row: Entry("edit", rows=(row,), messages=TURNS), rows),
    st.just(Entry("add", messages=TURNS)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(entries, max_size=8), st.lists(entries, max_size=4))
def test_undo_gives_back_exactly_what_was_before(tmp_path_factory, before: list[Entry], after: list[Entry]):
    journal = Journal(tmp_path_factory.mktemp("j") / "journal.jsonl")
    for entry in before:
        journal.add(entry)
    standing = journal.marks()
    for entry in after:
        journal.add(entry)
    for _ in after:
        journal.add(Entry("undo"))
    assert journal.marks() == standing


def test_marks_of_nothing():
    assert marks_of(()) == {}
    assert Mark("", "", "").messages == ()
