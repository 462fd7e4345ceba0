import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import BrokenJson
from tests.core.data.build import jsonl, write
from tests.core.data.readers.tables import read_table

A, B = {"question": "a", "answer": "b"}, {"question": "c", "answer": "d"}


def values(path: Path) -> list[tuple[int, dict[str, object]]]:
    return [(row.line, row.values) for row in read_table(path).rows]


@pytest.mark.parametrize(
    "text",
    [
        f"{json.dumps(A)}\n{json.dumps(B)}\n",
        json.dumps([A, B]),
        json.dumps([A, B], indent=2),
        json.dumps({"data": [A, B]}),
        json.dumps({"version": 1, "rows": [A, B]}, indent=4),
        json.dumps(A) + json.dumps(B),
        f"{json.dumps(A)},\n{json.dumps(B)},\n",
        "\ufeff" + json.dumps([A, B]),
    ],
)
@pytest.mark.parametrize("name", ["f.json", "f.jsonl", "f"])
def test_every_dress_gives_the_same_rows(tmp_path: Path, text: str, name: str):
    path = write(tmp_path / name, text)
    assert [row for _, row in values(path)] == [A, B]
    assert read_table(path).problems == ()
    assert read_table(path).columns == ("question", "answer")


@pytest.mark.parametrize("gap", ["\n", "", "\n\n", ",\n", " "])
def test_objects_printed_over_many_lines(tmp_path: Path, gap: str):
    chats = [{"messages": [{"role": "user", "content": text}]} for text in "abc"]
    path = write(tmp_path / "f.json", gap.join(json.dumps(chat, indent=2) for chat in chats))
    rows = values(path)
    assert [row for _, row in rows] == chats
    assert len({line for line, _ in rows}) == 3


def test_lines_are_counted(tmp_path: Path):
    path = write(tmp_path / "f.jsonl", f"\n{json.dumps(A)}\n\n{json.dumps(B)}")
    assert [line for line, _ in values(path)] == [2, 4]


@pytest.mark.parametrize(
    "broken",
    [
        '{"question": "a"',
        '{"question": "a',
        "{question: 'a'}",
        '{"a": 1} {"b": 2}',
        "not json",
        '"text"',
        "[1, 2]",
        "null",
    ],
)
@pytest.mark.parametrize("place", [1, 2, 3])
def test_one_broken_line_is_one_problem(tmp_path: Path, broken: str, place: int):
    lines = [json.dumps(A), json.dumps(B)]
    lines.insert(place - 1, broken)
    table = read_table(write(tmp_path / "f.jsonl", "\n".join(lines)))
    assert [row.values for row in table.rows] == [A, B]
    assert [problem.line for problem in table.problems] == [place]
    assert table.problems[0].found
    assert table.problems[0].expected


def test_broken_object_over_many_lines_is_one_problem(tmp_path: Path):
    pretty = [json.dumps(row, indent=1) for row in (A, B)]
    text = pretty[0] + '\n{\n "question": "x",,\n "answer": "y"\n}\n' + pretty[1]
    table = read_table(write(tmp_path / "f.json", text))
    assert [row.values for row in table.rows] == [A, B]
    assert [problem.line for problem in table.problems] == [6]


@pytest.mark.parametrize(
    ("text", "place", "found", "expected"),
    [
        ('[{"a": 1},\n {"a" 2}]', (2, 7), "'2}]'", "colon"),
        ('[{"a": 1}\n {"a": 2}]', (2, 2), "'{\"a\": 2}]'", "comma"),
        ('[\n{"a": 1},\n{"a": "b}\n]', (3, 10), "the end of the line", "closing double quote"),
        ('[{"a": "b', (1, 8), "does not end", "closing double quote"),
        ('[{"a": 1},', (1, 11), "the end of the file", "a value"),
        ('{"a": 1,\n', (2, 1), "the end of the file", "name in double quotes"),
        ("{a: 1}\n{a: 2}\n", (1, 2), "a: 1", "double quotes"),
        ('{"a": tru}', (1, 7), "tru", "a value"),
        ("[" * 5000, (1, 1), "nested", "a row"),
    ],
)
def test_nothing_usable_names_the_place(tmp_path: Path, text: str, place: tuple[int, int], found: str, expected: str):
    with pytest.raises(BrokenJson) as caught:
        read_table(write(tmp_path / "f.json", text))
    facts = caught.value.facts
    assert (facts["line"], facts["column"]) == place
    assert found in str(facts["found"])
    assert expected in str(facts["expected"])


def test_one_conversation_may_be_a_bare_list(tmp_path: Path):
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    assert values(jsonl(tmp_path / "f.jsonl", turns, turns)) == [
        (1, {"messages": turns}),
        (2, {"messages": turns}),
    ]


def test_one_chat_with_tools_is_no_wrapper(tmp_path: Path):
    row = {"messages": [{"role": "user", "content": "a"}], "tools": [{"name": "t"}]}
    assert values(jsonl(tmp_path / "f.jsonl", row)) == [(1, row)]


def test_values_stay_json_but_for_what_is_no_value(tmp_path: Path):
    path = write(tmp_path / "f.json", '[{"a": [1, null, {"b": true}], "n": NaN, "s": "x\\ud800\\u0000"}]')
    assert values(path) == [(1, {"a": [1, None, {"b": True}], "n": None, "s": "x\ufffd"})]


def test_tabs_and_line_breaks_inside_quotes_are_meant(tmp_path: Path):
    path = write(tmp_path / "f.json", '[{"a": "x\ty\nz"}]')
    assert values(path) == [(1, {"a": "x\ty\nz"})]


def test_separator_characters_inside_texts_break_no_line(tmp_path: Path):
    path = jsonl(tmp_path / "f.jsonl", {"a": "x\u2028y\u0085z"}, A)
    assert values(path)[0] == (1, {"a": "x\u2028y\u0085z"})
    assert len(values(path)) == 2


@pytest.mark.parametrize("encode", [repr, lambda row: json.dumps(row).replace('"', "'")])
def test_what_python_prints(tmp_path: Path, encode: Callable[[object], str]):
    rows = [A, B]
    for number, text in enumerate([encode(rows), "\n".join(map(encode, rows)), "\n".join(map(encode, [*rows, A]))]):
        assert [row for _, row in values(write(tmp_path / f"{number}.jsonl", text))][:2] == rows
    path = write(tmp_path / "f.jsonl", repr({"a": None, "b": True, "c": "it's", "d": ("x", 1), 7: 1.5}))
    assert values(path) == [(1, {"a": None, "b": True, "c": "it's", "d": ["x", 1], "7": 1.5})]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: {"data": {"rows": rows}},
        lambda rows: {"version": 1, "result": {"meta": {"n": 2}, "payload": {"items": rows}}},
        lambda rows: {"1": rows[0], "2": rows[1]},
        lambda rows: {name: [row[name] for row in rows] for name in A},
        lambda rows: {name: {str(place): row[name] for place, row in enumerate(rows)} for name in A},
        lambda rows: {"columns": list(A), "index": [0, 1], "data": [list(row.values()) for row in rows]},
        lambda rows: [list(A), *(list(row.values()) for row in rows)],
    ],
)
def test_rows_in_other_clothes(tmp_path: Path, wrap: Callable[[list[object]], object]):
    path = write(tmp_path / "f.json", json.dumps(wrap([A, B])))
    assert values(path) == [(1, A), (2, B)]


def test_lists_of_texts(tmp_path: Path):
    assert values(write(tmp_path / "1.json", '["one", "two"]')) == [(1, {"text": "one"}), (2, {"text": "two"})]
    assert values(write(tmp_path / "2.json", '[["a?", "b"], ["c?", "d"]]'))[0][1].keys() == {"text", "label"}
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    assert values(jsonl(tmp_path / "3.jsonl", ["a", "b"], ["a", "b", "c"]))[0] == (1, {"messages": turns})
    asked = {"When do you open?": "At nine.", "Where?": "Here."}
    assert values(jsonl(tmp_path / "4.json", asked))[0] == (1, {"question": "When do you open?", "answer": "At nine."})


def test_numbers_too_long_for_a_machine_stay_their_digits(tmp_path: Path):
    long = {"answer": 10**30, "id": -(2**63) + 1}
    for rows in ([long], [long, long]):
        assert values(jsonl(tmp_path / "f.jsonl", *rows))[0] == (1, {"answer": "1" + "0" * 30, "id": -(2**63) + 1})


@pytest.mark.parametrize("start", ["[1] Smith, 2004", "[05/01/2024, 10:00:00] Anna", "[note"])
def test_prose_in_brackets_is_no_json(tmp_path: Path, start: str):
    table = read_table(write(tmp_path / "f.txt", f"{start} says that the river rises in the north of the country."))
    assert table.kind == "text"
