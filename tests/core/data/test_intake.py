from pathlib import Path

import pytest

from core.data.intake import understanding_of
from core.data.shapes import Choice
from core.data.spool import spool
from core.data.table import Problem
from core.errors import EmptyFile, NotTrainingData, NoUsableColumns, UnknownColumn, UnknownName
from core.progress import nobody_watches
from core.workspace import DatasetFolder
from tests.core.data.build import raw, said, understood

ALPACA = {"instruction": "a", "input": "b", "output": "c"}
PAIR = {"question": "a", "answer": "b"}
CHAT = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
OTHER = {"alpha": "a", "beta": "b"}


def test_the_second_likeliest_is_named(tmp_path: Path):
    found, _ = understood(tmp_path / "1", raw(ALPACA))
    assert (found.format, found.runner_up) == ("alpaca", "question_answer")
    assert found.mapping == {"instruction": "instruction", "input": "input", "output": "output"}
    assert understood(tmp_path / "2", raw(PAIR))[0].runner_up is None


def test_ids_name_file_sheet_and_line(tmp_path: Path):
    _, examples = understood(tmp_path, raw(ALPACA, ALPACA, file="x.json"), raw(PAIR, file="y.xlsx", name="Sheet 2"))
    assert [example.id for example in examples] == ["x.json:1", "x.json:2", "y.xlsx[Sheet 2]:1"]


def test_mixed_shapes_are_converted_shape_by_shape(tmp_path: Path):
    found, examples = understood(tmp_path, raw(CHAT, PAIR, OTHER, ALPACA, CHAT))
    assert (found.format, found.num_examples, found.num_problems) == ("messages", 4, 1)
    assert [example.messages[-1].content for example in examples] == ["b", "b", "c", "b"]
    shapes = {shape.columns: (shape.format, shape.num_rows) for shape in found.shapes}
    assert shapes[("messages",)] == ("messages", 2)
    assert shapes[("alpha", "beta")] == ("", 1)
    assert found.problems[0].line == 3


def test_bad_rows_are_problems_in_the_order_of_the_file(tmp_path: Path):
    bad = {"messages": [{"role": "narrator", "content": "x"}]}
    found, _ = understood(tmp_path, raw(Problem(0, "f", "e"), CHAT, bad, bad, CHAT, Problem(9, "f", "e"), file="x"))
    assert [(problem.line, problem.file) for problem in found.problems] == [(0, "x"), (3, "x"), (4, "x"), (9, "x")]
    assert (found.num_examples, found.num_problems) == (2, 4)


def test_table_without_question_and_answer(tmp_path: Path):
    with pytest.raises(NoUsableColumns, match="'alpha', 'beta'"):
        understood(tmp_path, raw(OTHER, kind="csv"))


@pytest.mark.parametrize(
    ("rows", "place", "found"),
    [
        ([OTHER], "row 1", "'alpha', 'beta'"),
        ([{}], "row 1", "empty object"),
        ([{"messages": [{"role": "narrator", "content": "x"}]}], "row 1", "'narrator'"),
    ],
)
def test_json_that_is_no_training_data(tmp_path: Path, rows: list[dict[str, object]], place: str, found: str):
    with pytest.raises(NotTrainingData, match=found) as caught:
        understood(tmp_path, raw(*rows))
    assert caught.value.facts["place"] == place


def test_values_that_are_no_rows(tmp_path: Path):
    with pytest.raises(NotTrainingData, match="a list of 2"):
        understood(tmp_path, raw(Problem(1, "a list of 2", "an object")))
    with pytest.raises(EmptyFile, match=r"empty\.csv"):
        understood(tmp_path, raw(file="empty.csv"))


def test_a_few_examples_among_other_things_are_no_training_data(tmp_path: Path):
    with pytest.raises(NotTrainingData):
        understood(tmp_path, raw(ALPACA, *(OTHER for _ in range(29))))


def test_columns_by_hand(tmp_path: Path):
    choice = Choice(mapping={"question": "alpha", "answer": "beta", "system": ""})
    found, examples = understood(tmp_path, raw(OTHER, kind="csv"), choice=choice)
    assert found.format == "question_answer"
    assert said(examples[0].messages) == [("u", "a"), ("a", "b")]
    assert found.mapping == {"question": "alpha", "answer": "beta"}


def test_format_by_hand(tmp_path: Path):
    found, _ = understood(tmp_path / "1", raw(ALPACA), choice=Choice("question_answer"))
    assert found.mapping["question"] == "input"
    choice = Choice(mapping={"prompt": "input", "completion": "output"})
    assert understood(tmp_path / "2", raw(ALPACA), choice=choice)[0].format == "prompt_completion"


@pytest.mark.parametrize(
    ("choice", "error", "match"),
    [
        (Choice(mapping={"question": "alhpa", "answer": "beta"}), UnknownColumn, r"'alhpa'.*'alpha', 'beta'"),
        (Choice("parrot"), UnknownName, "messages"),
        (Choice("question_answer", {"q": "alpha"}), UnknownName, "question"),
        (Choice(mapping={"question": "alpha"}), NoUsableColumns, "alpha"),
        (Choice("messages"), NoUsableColumns, "alpha"),
    ],
)
def test_choices_that_do_not_exist(tmp_path: Path, choice: Choice, error: type[Exception], match: str):
    with pytest.raises(error, match=match):
        understood(tmp_path, raw(OTHER, kind="csv"), choice=choice)


def test_several_files_each_in_its_own_format(tmp_path: Path):
    found, examples = understood(tmp_path, raw(CHAT, file="chats"), raw(PAIR, kind="csv", file="pairs"))
    assert found.format == "messages"
    assert [example.id for example in examples] == ["chats:1", "pairs:1"]
    with pytest.raises(NoUsableColumns, match="others"):
        understood(tmp_path, raw(CHAT, file="chats"), raw(OTHER, kind="csv", file="others"))


def test_the_sheet_with_most_to_learn_is_taken_and_another_on_demand(tmp_path: Path):
    def sheets() -> list:
        return [
            raw(OTHER, kind="xlsx", file="book", name="cover"),
            raw(PAIR, PAIR, kind="xlsx", file="book", name="faq"),
            raw({"question": "c", "answer": "d", "more": "e"}, kind="xlsx", file="book", name="old"),
        ]

    found, examples = understood(tmp_path / "1", *sheets())
    assert (found.table, len(examples)) == (1, 2)
    found, examples = understood(tmp_path / "2", *sheets(), choice=Choice(table=2))
    assert (found.table, [example.id for example in examples]) == (2, ["book[old]:1"])


def test_parts_of_one_file_are_taken_together(tmp_path: Path):
    parts = [raw(PAIR, file="x", name="train", part="train"), raw(PAIR, file="x", name="test", part="test")]
    _, examples = understood(tmp_path, *parts)
    assert [example.part for example in examples] == ["train", "test"]


def test_labels_beat_passages_and_a_text_alone_is_one(tmp_path: Path):
    rows = [{"text": f"a long enough text {number}", "label": "yes"} for number in range(3)]
    found, examples = understood(tmp_path / "1", raw(*rows))
    assert (found.task, examples[0].answer) == ("classification", "yes")
    found, examples = understood(tmp_path / "2", raw({"text": "a text that is long enough to be one"}))
    assert (found.task, len(examples[0].messages)) == ("passage", 1)


def test_pairs_keep_the_worse_answer(tmp_path: Path):
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}]
    worse = [turns[0], {"role": "assistant", "content": "bad"}]
    for number, row in enumerate(
        [
            {"prompt": "q", "chosen": "good", "rejected": "bad"},
            {"chosen": turns, "rejected": worse},
            {"instruction": "q", "input": "", "output": "good", "chosen": "good", "rejected": "bad"},
        ]
    ):
        found, examples = understood(tmp_path / str(number), raw(row))
        assert (found.task, examples[0].question, examples[0].answer, examples[0].rejected) == (
            "preference",
            "q",
            "good",
            "bad",
        )


def test_rows_of_one_chat_have_one_source(tmp_path: Path):
    _, examples = understood(tmp_path, raw(PAIR | {"conversation_id": 7}, PAIR | {"conversation_id": 8}))
    assert [example.source for example in examples] == ["7", "8"]


def test_an_understanding_survives_the_disk(tmp_path: Path):
    import json
    from dataclasses import asdict

    found, _ = understood(tmp_path, raw(CHAT, PAIR, OTHER))
    assert understanding_of(json.loads(json.dumps(asdict(found)))) == found


def test_a_glossary_is_questions_and_answers_and_repeated_rows_are_counted(tmp_path: Path):
    place = DatasetFolder(tmp_path)
    row = {"term": "r", "definition": "the rank of the update"}
    (info,) = spool([raw(row, row, OTHER, row)], place, nobody_watches)
    assert (info.num_rows, info.num_repeated) == (4, 2)
    found, examples = understood(tmp_path / "1", raw(row, row, OTHER))
    assert (found.format, examples[0].answer) == ("question_answer", "the rank of the update")


ASKED, SAID = {"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}
PREFERENCES = [
    {"chosen": "\n\nHuman: q\n\nAssistant: good", "rejected": "\n\nHuman: q\n\nAssistant: bad"},
    {
        "conversations": [{"from": "human", "value": "q"}],
        "chosen": {"from": "gpt", "value": "good"},
        "rejected": {"from": "gpt", "value": "bad"},
    },
    {
        "messages": [ASKED],
        "preferred_output": [SAID],
        "non_preferred_output": [{"role": "assistant", "content": "bad"}],
    },
    {"prompt": "q", "messages": [ASKED, SAID], "chosen": [ASKED, SAID], "rejected": [ASKED, SAID | {"content": "bad"}]},
    {"question": "q", "response_j": "good", "response_k": "bad"},
]


@pytest.mark.parametrize("row", PREFERENCES)
def test_pairs_as_others_write_them(tmp_path: Path, row: dict[str, object]):
    found, examples = understood(tmp_path, raw(row))
    assert found.task == "preference"
    assert [(said(example.messages), example.rejected) for example in examples] == [
        ([("u", "q"), ("a", "good")], "bad")
    ]


def test_prompt_and_completion_as_lists_are_not_taken_for_chats(tmp_path: Path):
    found, examples = understood(tmp_path, raw({"prompt": [ASKED], "completion": [SAID]}))
    assert (found.format, said(examples[0].messages)) == ("prompt_completion", [("u", "q"), ("a", "good")])


@pytest.mark.parametrize(
    "row",
    [
        {"chat_messages": [{"sender": "human", "text": "q"}, {"sender": "assistant", "text": "good"}]},
        {"contents": [{"role": "user", "parts": [{"text": "q"}]}, {"role": "model", "parts": [{"text": "good"}]}]},
    ],
)
def test_chats_of_other_services(tmp_path: Path, row: dict[str, object]):
    _, examples = understood(tmp_path, raw(row))
    assert said(examples[0].messages) == [("u", "q"), ("a", "good")]


def test_passages_of_one_document_have_one_source(tmp_path: Path):
    long = {"text": "a text that is long enough to be one"}
    _, examples = understood(tmp_path, raw(long, long, kind="text", file="a.txt"), raw(long, kind="text", file="b.txt"))
    assert [example.source for example in examples] == ["a.txt", "a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("values", "part"), [({"split": "dev"}, "validation"), ({"Split": "Test"}, "test"), ({"split": "half"}, "")]
)
def test_a_row_may_say_where_it_belongs(tmp_path: Path, values: dict[str, object], part: str):
    _, examples = understood(tmp_path, raw(PAIR | values))
    assert examples[0].part == part


def test_more_shapes_than_anybody_looks_through(tmp_path: Path):
    rows = [PAIR | {f"more {number}": "x"} for number in range(2_300)]
    found, examples = understood(tmp_path, raw(*rows))
    assert (found.format, found.num_examples, found.num_problems) == ("question_answer", 2_300, 0)
    assert len(examples) == 2_300


def test_a_thousand_small_files_take_no_longer_than_one(tmp_path: Path):
    tables = [raw(PAIR, file=f"all.zip/{number}.json") for number in range(3_000)]
    assert understood(tmp_path, *tables)[0].num_examples == 3_000
