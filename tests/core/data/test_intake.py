from dataclasses import replace

import pytest

from core.data.intake import detect, understand, understand_all
from core.data.table import Problem, RawTable
from core.errors import NotTrainingData, NoUsableColumns, UnknownColumn, UnknownName
from tests.core.data.build import said, table

ALPACA = {"instruction": "a", "input": "b", "output": "c"}


def test_detect_names_the_second_likeliest():
    found = detect(table(ALPACA))
    assert found.format == "alpaca"
    assert found.runner_up == "question_answer"
    assert found.mapping == {"instruction": "instruction", "input": "input", "output": "output"}
    assert detect(table({"question": "a", "answer": "b"})).runner_up is None


def test_ids_name_file_and_line():
    understanding = understand(table(ALPACA, ALPACA, file="x.json"))
    assert [example.id for example in understanding.examples] == ["x.json:1", "x.json:2"]


def test_bad_rows_are_problems_in_the_order_of_the_file():
    bad = {"messages": [{"role": "tool", "content": "x"}]}
    good = {"messages": [{"role": "user", "content": "x"}]}
    found = replace(table(good, bad, bad, good, file="x"), problems=(Problem(9, "f", "e"), Problem(0, "f", "e")))
    understanding = understand(found)
    assert [(problem.line, problem.file) for problem in understanding.problems] == [
        (0, "x"),
        (2, "x"),
        (3, "x"),
        (9, "x"),
    ]
    assert understanding.num_rows == 6


def test_table_without_question_and_answer():
    with pytest.raises(NoUsableColumns, match="'text', 'category'"):
        understand(table({"text": "a", "category": "b"}, kind="csv"))


@pytest.mark.parametrize(
    ("rows", "place", "found"),
    [
        ([{"text": "a", "category": "b"}], "row 1", "'text', 'category'"),
        ([{}], "row 1", "empty object"),
        ([{"messages": [{"role": "tool", "content": "x"}]}], "row 1", "'tool'"),
    ],
)
def test_json_that_is_no_training_data(rows: list[dict[str, object]], place: str, found: str):
    with pytest.raises(NotTrainingData, match=found) as caught:
        understand(table(*rows))
    assert caught.value.facts["place"] == place


def test_values_that_are_no_rows():
    with pytest.raises(NotTrainingData, match="a list of 2"):
        understand(RawTable("f", (), (), (Problem(1, "a list of 2", "an object"),), "json"))


def test_table_of_which_no_row_fits_the_header():
    found = RawTable("f", (), ("question", "answer"), (Problem(2, "3 cells", "2 cells"),), "csv")
    with pytest.raises(NotTrainingData, match="row 2: found 3 cells"):
        understand(found)


def test_a_few_examples_among_other_things_are_no_training_data():
    with pytest.raises(NotTrainingData):
        understand(table(ALPACA, *({"code": "a", "meaning": "b"} for _ in range(9))))


def test_columns_by_hand():
    found = table({"text": "a", "category": "b"}, kind="csv")
    understanding = understand(found, mapping={"question": "text", "answer": "category", "system": ""})
    assert understanding.format == "question_answer"
    assert said(understanding.examples[0].messages) == [("u", "a"), ("a", "b")]
    assert understanding.mapping == {"question": "text", "answer": "category"}


def test_format_by_hand():
    assert understand(table(ALPACA), format="question_answer").mapping["question"] == "input"
    assert understand(table(ALPACA), mapping={"prompt": "input", "completion": "output"}).format == (
        "prompt_completion"
    )


def test_choices_that_do_not_exist():
    found = table({"text": "a", "category": "b"}, kind="csv")
    with pytest.raises(UnknownColumn, match=r"'txt'.*'text', 'category'"):
        understand(found, mapping={"question": "txt", "answer": "category"})
    with pytest.raises(UnknownName, match="messages"):
        understand(found, format="parrot")
    with pytest.raises(UnknownName, match="question"):
        understand(found, format="question_answer", mapping={"q": "text"})
    with pytest.raises(NoUsableColumns):
        understand(found, mapping={"question": "text"})
    with pytest.raises(NoUsableColumns):
        understand(found, format="messages")


def test_several_files_each_in_its_own_format():
    chats = table({"messages": [{"role": "user", "content": "a"}]}, file="chats")
    pairs = table({"question": "a", "answer": "b"}, kind="csv", file="pairs")
    understanding = understand_all([chats, pairs])
    assert understanding.format == "messages"
    assert [example.id for example in understanding.examples] == ["chats:1", "pairs:1"]
