"""Questions with answers to choose from, as examinations and benchmarks write them."""

import pytest

from core.data.formats import FORMATS
from tests.core.data.build import said, table

LISTED = "Two and two?\nA. 3\nB. 4\nC. 5"
ASKED = {"question": "Two and two?"}


@pytest.mark.parametrize(
    "row",
    [
        {"choices": ["3", "4", "5"], "answer": 1},
        {"choices": ["3", "4", "5"], "answer": "B"},
        {"options": ["3", "4", "5"], "answer": "(b)"},
        {"options": '["3", "4", "5"]', "answer": "4"},
        {"options": {"A": "3", "B": "4", "C": "5"}, "answer": "B"},
        {"choices": {"text": ["3", "4", "5"], "label": ["A", "B", "C"]}, "answerKey": "B"},
        {"choices": [{"label": name, "text": text} for name, text in zip("ABC", "345", strict=True)], "answer": "B"},
        {"A": "3", "B": "4", "C": "5", "answer": "B", "explanation": ""},
        {"option_a": "3", "option_b": "4", "option_c": "5", "answer": "b"},
        {"选项A": "3", "选项B": "4", "选项C": "5", "答案": "B"},
    ],
)
def test_what_can_be_chosen_stands_below_the_question(row: dict[str, object]):
    entry, found = FORMATS.get("question_answer"), table(ASKED | row)
    assert entry.score(found) > 0.5
    assert said(entry.convert(found.rows[0], entry.mapping(found)).messages) == [("u", LISTED), ("a", "B. 4")]


@pytest.mark.parametrize(
    ("choices", "answer", "expected"),
    [
        (["1", "2"], "none of them", "none of them"),
        (["1", "2"], 7, "7"),
        (["1", "2"], True, "true"),
        ({"text": ["x", "y"], "label": ["1", "2"]}, "2", "2. y"),
    ],
)
def test_an_answer_that_names_none_stays_as_it_is(choices: object, answer: object, expected: str):
    entry, found = FORMATS.get("question_answer"), table(ASKED | {"choices": choices, "answer": answer})
    assert entry.convert(found.rows[0], entry.mapping(found)).messages[-1].content == expected


@pytest.mark.parametrize("choices", [None, [], ["one"], "[broken", "text", 3, {}])
def test_a_question_without_choices_is_an_open_one(choices: object):
    entry, found = FORMATS.get("question_answer"), table(ASKED | {"choices": choices, "answer": "four"})
    messages = entry.convert(found.rows[0], entry.mapping(found)).messages
    assert said(messages) == [("u", "Two and two?"), ("a", "four")]
