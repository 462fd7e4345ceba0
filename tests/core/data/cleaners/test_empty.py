import pytest

from core.data.cleaners.base import Hit
from core.data.examples import CLASSIFICATION, Example, Message
from tests.core.data.cleaners.row import hit, judged, passage


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("u", "a"), ("a", "b")], "same"),
        ([("u", "a"), ("a", "\u200b \n")], None),
        ([("u", ""), ("a", "b")], None),
        ([("a", "b")], None),
        ([("s", "x"), ("u", "b")], None),
        ([], None),
        ([("s", " "), ("u", "a"), ("a", "b")], [("u", "a"), ("a", "b")]),
        ([("u", "a"), ("a", ""), ("u", "b"), ("a", "c")], [("u", "a"), ("u", "b"), ("a", "c")]),
    ],
)
def test_empty(turns: list[tuple[str, str]], expected: object):
    assert judged("empty", *turns) == expected


@pytest.mark.parametrize(
    "text", ["-", "n/a", "N/A.", "None", "null", "...", "……", "无", "…", "(empty)", "暂无。", " - "]
)
def test_what_stands_for_an_answer_is_none(text: str):
    assert judged("empty", ("u", "a"), ("a", text)) is None
    assert judged("empty", ("u", "a"), ("a", "b"), ("u", "c"), ("a", text)) == [("u", "a"), ("a", "b"), ("u", "c")]
    assert judged("empty", ("u", text), ("a", "b")) == "same"


@pytest.mark.parametrize(
    "text", ["Yes", "No", "0", "7", "是", "不是", "A", "None of them.", "无糖", "√", "👍", "+", "C#"]
)
def test_short_answers_are_answers(text: str):
    assert judged("empty", ("u", "a"), ("a", text)) == "same"


def test_none_may_be_a_label():
    assert judged("empty", ("u", "a"), ("a", "none"), task=CLASSIFICATION) == "same"
    assert judged("empty", ("u", "a"), ("a", " "), task=CLASSIFICATION) is None


def test_a_passage_has_no_question():
    assert passage("empty", "a text") is None
    assert passage("empty", " \n") == Hit()


def test_a_call_is_no_empty_turn():
    turns = (Message("user", "a"), Message("assistant", "", '{"tool_calls": []}'), Message("assistant", "b"))
    assert hit("empty", Example("1", turns)) is None
