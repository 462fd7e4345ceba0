from core.data.cleaners import CLEANERS
from core.data.examples import Example, Message
from tests.core.data.build import said
from tests.core.data.cleaners.row import hit, judged

CALL = '{"tool_calls": [{"function": {"name": "clock", "arguments": "{}"}}]}'


def spoken(*turns: Message) -> list[tuple[str, str]] | None:
    found = hit("tool_calls", Example("1", turns))
    assert found
    return said(found.fixed.messages) if found.fixed else None


def test_calls_and_results_are_left_out():
    turns = (
        Message("user", "When?"),
        Message("assistant", "", CALL),
        Message("tool", "12:00", '{"tool_call_id": "1"}'),
        Message("assistant", "Noon."),
    )
    assert spoken(*turns) == [("u", "When?"), ("a", "Noon.")]
    found = hit("tool_calls", Example("1", turns))
    assert found and found.note == "clock"


def test_what_is_said_beside_a_call_stays():
    turns = (Message("user", "When?"), Message("assistant", "I look.", CALL), Message("tool", "12:00"))
    assert spoken(*turns) == [("u", "When?"), ("a", "I look.")]


def test_nothing_to_put_right_where_nothing_is_said():
    assert spoken(Message("user", "When?"), Message("assistant", "", CALL)) is None


def test_calls_written_into_the_text():
    call = '<tool_call>{"name": "clock"}</tool_call>'
    told = [("u", "When?"), ("a", f"I look.\n{call}"), ("u", "<tool_response>12:00</tool_response>"), ("a", "Noon.")]
    assert judged("tool_calls", *told) == [("u", "When?"), ("a", "I look."), ("a", "Noon.")]


def test_results_of_a_call_without_its_mark():
    turns = (
        Message("user", "?"),
        Message("assistant", '{"name": "f"}'),
        Message("tool", "1"),
        Message("assistant", "One."),
    )
    assert spoken(*turns) == [("u", "?"), ("a", "One.")]


def test_talk_about_tools_is_no_call():
    told = [
        ("s", "Write <tool_call>{...}</tool_call> to call."),
        ("u", "What is <tool_call>?"),
        ("a", "A <tool_call> tag."),
    ]
    assert judged("tool_calls", *told) == "same"


def test_such_conversations_are_set_aside():
    assert CLEANERS.get("tool_calls").default == "drop"
