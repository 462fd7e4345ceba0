from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Action, Context
from core.data.cleaning import Cleaned, CleaningReport, Diagnosis, report_of
from core.data.examples import Example, Message
from core.data.lines import ExampleLines, ExampleWriter
from core.progress import Cancelled, nobody_watches
from core.workspace import read_json
from tests.core.data.build import chat, pair, said

MESSY = [
    pair(1, " a ", "b"),
    pair(2, "a", "b\r\n"),
    pair(3, "a", " "),
    chat("f:4", ("a", "hi"), ("u", "c"), ("a", "d"), ("u", "e")),
    pair(5),
]
KEEP: dict[str, Action] = dict.fromkeys(CLEANERS.names(), "keep")
OLD: dict[str, Action] = {"whitespace": "fix", "empty": "fix", "role_order": "fix", "duplicates": "drop"}


def diagnosed(folder: Path, examples: Sequence[Example], actions: dict[str, Action]) -> tuple[CleaningReport, Cleaned]:
    with ExampleWriter(folder / "examples.jsonl") as writer:
        for example in examples:
            writer.add(example)
    lines = ExampleLines(folder / "examples.jsonl")
    report = Diagnosis(lines, KEEP | actions, Context(base=""), folder / "checked").run(nobody_watches)
    return report, Cleaned(lines, folder / "checked")


def test_each_check_works_on_what_the_one_before_left(tmp_path: Path):
    report, cleaned = diagnosed(tmp_path, MESSY, OLD)
    counts = {finding.check: (finding.count, finding.num_dropped, finding.num_changed) for finding in report.findings}
    assert {check: counts[check] for check in OLD} == {
        "whitespace": (3, 0, 3),
        "empty": (1, 1, 0),
        "role_order": (1, 0, 1),
        "duplicates": (1, 1, 0),
    }
    kept = dict(cleaned.kept())
    assert [example.id for example in kept.values()] == ["f:1", "f:4", "f:5"]
    assert (report.num_read, report.num_kept, report.num_dropped, report.num_changed) == (5, 3, 2, 2)
    assert said(kept[3].messages) == [("u", "c"), ("a", "d")]


def test_what_was_read_stays_beside_what_it_became(tmp_path: Path):
    _, cleaned = diagnosed(tmp_path, MESSY, OLD)
    assert [cleaned.read(row) for row in range(5)] == MESSY
    assert said(cleaned.current(0).messages) == [("u", "a"), ("a", "b")]
    rows, groups, _ = cleaned.found("duplicates")
    assert (rows.tolist(), groups.tolist()) == ([1], [0])


def test_a_check_that_is_off_counts_and_changes_nothing(tmp_path: Path):
    report, cleaned = diagnosed(tmp_path, MESSY, {})
    assert [example for _, example in cleaned.kept()] == MESSY
    assert (report.num_dropped, report.num_changed) == (0, 0)
    assert (report.finding("whitespace").count, report.finding("whitespace").action) == (3, "keep")
    assert report.finding("duplicates").count == 0


def test_the_report_is_on_disk(tmp_path: Path):
    report, _ = diagnosed(tmp_path, MESSY, OLD)
    record = read_json(tmp_path / "checked" / "report.json")
    assert record is not None
    assert report_of(record) == report
    assert [finding.check for finding in report.findings] == list(CLEANERS.names())


def test_it_stops_when_asked(tmp_path: Path):
    def stop(stage: str, done: int, total: int) -> None:
        raise Cancelled

    with ExampleWriter(tmp_path / "examples.jsonl") as writer:
        for number in range(1500):
            writer.add(pair(number))
    diagnosis = Diagnosis(ExampleLines(tmp_path / "examples.jsonl"), KEEP, Context(base=""), tmp_path / "checked")
    with pytest.raises(Cancelled):
        diagnosis.run(stop)


texts = st.text(alphabet=" \n\r\t\u3000\u200bab:<p>&", max_size=12) | st.text(max_size=8)
turns = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), texts)
chats = st.lists(st.lists(turns, min_size=1, max_size=5).map(tuple), max_size=6).map(
    lambda all_turns: [Example(f"f:{line}", messages) for line, messages in enumerate(all_turns, 1)]
)
actions = st.fixed_dictionaries({cleaner.name: st.sampled_from(cleaner.actions) for cleaner in CLEANERS})


@settings(deadline=None, max_examples=60)
@given(examples=chats, chosen=actions)
def test_nothing_is_lost_and_twice_is_once(tmp_path_factory, examples: list[Example], chosen: dict[str, Action]):
    report, cleaned = diagnosed(tmp_path_factory.mktemp("a"), examples, chosen)
    kept = [example for _, example in cleaned.kept()]
    assert report.num_kept + report.num_dropped == report.num_read == len(examples)
    assert len(kept) == report.num_kept
    again, twice = diagnosed(tmp_path_factory.mktemp("b"), kept, chosen)
    assert [example for _, example in twice.kept()] == kept
    assert (again.num_dropped, again.num_changed) == (0, 0)


@settings(deadline=None, max_examples=60)
@given(examples=chats)
def test_all_fixes_leave_what_chat_templates_accept(tmp_path_factory, examples: list[Example]):
    _, cleaned = diagnosed(tmp_path_factory.mktemp("a"), examples, OLD)
    for _, example in cleaned.kept():
        roles = [message.role for message in example.messages]
        spoken = roles[1:] if roles[0] == "system" else roles
        assert spoken == ["user", "assistant"] * (len(spoken) // 2)
        assert all(message.content.strip() for message in example.messages)
