import pytest

from core.data.cleaners import CLEANERS
from core.data.examples import Example, Message
from tests.core.data.cleaners.row import hit, judged


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("s", "S"), ("u", "a"), ("a", "b"), ("u", "c"), ("a", "d")], "same"),
        ([("u", "a"), ("u", "b"), ("a", "c"), ("a", "d")], [("u", "a\n\nb"), ("a", "c\n\nd")]),
        ([("a", "hi"), ("u", "a"), ("a", "b")], [("u", "a"), ("a", "b")]),
        ([("u", "a"), ("a", "b"), ("u", "c")], [("u", "a"), ("a", "b")]),
        ([("u", "a"), ("s", "S"), ("a", "b")], [("s", "S"), ("u", "a"), ("a", "b")]),
        (
            [("s", "S"), ("s", "T"), ("s", "S"), ("u", "a"), ("a", "b")],
            [("s", "S\n\nT"), ("u", "a"), ("a", "b")],
        ),
        ([("a", "b"), ("u", "a")], None),
        ([("s", "S")], None),
    ],
)
def test_role_order(turns: list[tuple[str, str]], expected: object):
    assert judged("role_order", *turns) == expected


CALL = Message("assistant", "", '{"tool_calls": [{"function": {"name": "clock"}}]}')
TOLD = Message("tool", "12:00", '{"tool_call_id": "1"}')


def test_what_a_tool_says_stays_with_its_call():
    question, end = Message("user", "When?"), Message("assistant", "Noon.")
    assert hit("role_order", Example("1", (question, CALL, TOLD, TOLD, end))) is None
    lost = hit("role_order", Example("1", (question, TOLD, end)))
    assert lost and lost.fixed and lost.fixed.messages == (question, end)


def test_a_call_is_joined_with_nothing():
    turns = (Message("user", "When?"), Message("assistant", "I look."), CALL, TOLD, Message("assistant", "Noon."))
    assert hit("role_order", Example("1", turns)) is None


def test_a_passage_has_no_order():
    assert "passage" not in CLEANERS.get("role_order").tasks
