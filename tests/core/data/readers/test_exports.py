from typing import Any

import pytest

from core.data.readers.exports import opened
from core.data.table import Problem, RawRow

ASKED, SAID = {"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}
CHAT = [ASKED, SAID]


def node(key: str, parent: str | None, role: str, text: str) -> dict[str, Any]:
    content = {"content_type": "text", "parts": [text]}
    return {"id": key, "parent": parent, "message": {"author": {"role": role}, "content": content}}


TREE = {
    "root": {"id": "root", "parent": None, "message": None},
    "1": node("1", "root", "user", "q"),
    "2": node("2", "1", "assistant", "an answer that was asked for again"),
    "3": node("3", "1", "assistant", "a"),
}
CHOICE = {"value": {"choices": ["open", "shut"]}, "type": "choices"}
PARAGRAPH = {"context": "c", "qas": [{"question": "q", "answers": [{"text": "a"}]}, {"question": "r", "answers": []}]}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"title": "t", "mapping": TREE, "current_node": "3", "id": "x"}, [{"messages": CHAT, "conversation_id": "x"}]),
        ({"custom_id": "1", "body": {"messages": CHAT}}, [{"custom_id": "1", "messages": CHAT}]),
        ({"conversation": [{"human": "q", "assistant": "a"}]}, [{"conversation": CHAT}]),
        ({"data": ["q", "a"]}, [{"data": CHAT}]),
        ({"messages": {"role": ["user", "assistant"], "content": ["q", "a"]}}, [{"messages": CHAT}]),
        ({"data": {"text": "t"}, "annotations": [{"result": [CHOICE]}]}, [{"text": "t", "label": "open, shut"}]),
        (
            {"tag": "x", "patterns": ["q", "r"], "responses": ["a"]},
            [{"question": "q", "answer": "a"}, {"question": "r", "answer": "a"}],
        ),
        ({"tag": "x", "patterns": ["q"]}, [{"text": "q", "label": "x"}]),
        (
            {"questions": ["q", "r"], "answer": "a"},
            [{"question": "q", "answer": "a"}, {"question": "r", "answer": "a"}],
        ),
        (
            {"instruction": "i", "instances": [{"input": "", "output": "o"}]},
            [{"instruction": "i", "input": "", "output": "o"}],
        ),
        (
            {"title": "t", "paragraphs": [PARAGRAPH]},
            [
                {"context": "c", "question": "q", "answer": "a", "document_id": "t"},
                {"context": "c", "question": "r", "answer": "", "document_id": "t"},
            ],
        ),
        (
            {
                "prompt": {
                    "text": "q",
                    "role": "user",
                    "replies": [
                        {"text": "b", "role": "assistant", "rank": 1},
                        {"text": "a", "role": "assistant", "rank": 0},
                    ],
                }
            },
            [{"messages": CHAT}],
        ),
    ],
)
def test_rows_that_lie_deeper(row: dict[str, Any], expected: list[dict[str, Any]]):
    assert [found.values for found in opened([RawRow(1, row)])] == expected  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "row",
    [
        {"messages": CHAT, "tools": [{"name": "t"}]},
        {"prompt": CHAT, "annotations": [], "mapping": "x", "paragraphs": None, "questions": "q"},
        {"mapping": {"a": 1}, "patterns": {}, "instances": [], "data": [], "chat": ["alone"]},
        {"annotations": [{"result": [{"value": 3}]}], "data": {"text": "t"}},
        {"mapping": {"a": {"parent": "b"}, "b": {"parent": "a"}}, "current_node": "a"},
    ],
)
def test_plain_rows_stay(row: dict[str, Any]):
    assert list(opened([RawRow(1, row)])) == [RawRow(1, row)]


def test_no_two_rows_have_one_line():
    two = {"questions": ["q", "r"], "answer": "a"}
    lines = [row.line for row in opened([RawRow(1, two), Problem(2, "f", "e"), RawRow(3, two), RawRow(4, {"a": 1})])]
    assert lines == [1, 2, 3, 4, 5, 6]
