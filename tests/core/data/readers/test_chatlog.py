from pathlib import Path

from core.data.readers.chatlog import gathered
from core.data.table import Problem, RawRow
from tests.core.data.build import write
from tests.core.data.readers.tables import read_table


def test_turns_of_one_conversation_are_one_row(tmp_path: Path):
    text = "conversation_id,role,content\n1,user,a?\n1,agent,b\n2,user,c?\n2,assistant,d\n2,user,e\n"
    rows = read_table(write(tmp_path / "f.csv", text)).rows
    assert [row.line for row in rows] == [2, 4]
    assert rows[0].values == {
        "messages": [{"role": "user", "content": "a?"}, {"role": "agent", "content": "b"}],
        "conversation_id": "1",
    }
    assert len(rows[1].values["messages"]) == 3


def test_rows_that_are_whole_stay():
    for values in ({"session_id": 1, "role": "user", "text": "a", "label": "x"}, {"chat_id": 1, "text": "a"}, {"a": 1}):
        rows = [RawRow(1, values), Problem(2, "f", "e"), RawRow(3, values)]
        assert list(gathered(rows)) == rows
    assert list(gathered([])) == []


def test_a_problem_among_turns_stays_one():
    turn = {"chat_id": 1, "role": "user", "text": "a"}
    kinds = [type(row) for row in gathered([RawRow(1, turn), Problem(2, "f", "e"), RawRow(3, turn)])]
    assert kinds == [RawRow, Problem, RawRow]
