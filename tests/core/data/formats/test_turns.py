import pytest

from core.data.formats import FORMATS
from core.data.formats.base import ConversionProblem
from core.data.table import RawRow
from tests.core.data.build import said, table

MESSAGES, SHAREGPT = FORMATS.get("messages"), FORMATS.get("sharegpt")


def converted(*turns: object, **more: object) -> list[tuple[str, str]]:
    row = RawRow(1, {"messages": list(turns), **more})
    mapping = {"messages": "messages"} | {name: name for name in more}
    return said(MESSAGES.convert(row, mapping).messages)


def test_turns_as_they_stand():
    turns = [{"role": role, "content": role} for role in ("system", "user", "assistant", "user")]
    assert converted(*turns) == [("s", "system"), ("u", "user"), ("a", "assistant"), ("u", "user")]


def test_text_parts_null_and_numbers():
    parts = [{"type": "text", "text": "a"}, "b"]
    turns = [{"role": "user", "content": parts}, {"role": "assistant", "content": None}]
    assert converted(*turns, {"role": "model", "content": 3.0}) == [("u", "a\nb"), ("a", ""), ("a", "3")]


def test_system_column_stands_before_the_turns():
    user = {"role": "user", "content": "a"}
    assert converted(user, system="S") == [("s", "S"), ("u", "a")]
    assert converted({"role": "system", "content": "T"}, user, system="S") == [("s", "T"), ("u", "a")]


@pytest.mark.parametrize(
    ("turn", "found"),
    [
        ({"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}, "'image_url'"),
        ({"role": "narrator", "content": "a"}, "'narrator'"),
        ({"role": "user", "text": "a"}, "a turn with role, text"),
        ("hello", "'hello'"),
        ({}, "nothing"),
    ],
)
def test_turns_that_are_set_aside_in_words(turn: object, found: str):
    with pytest.raises(ConversionProblem, match=found) as caught:
        converted({"role": "user", "content": "a"}, turn)
    assert caught.value.expected


@pytest.mark.parametrize("value", ["text", None, [], {}, 3, "[broken"])
def test_no_list_of_turns(value: object):
    with pytest.raises(ConversionProblem):
        MESSAGES.convert(RawRow(1, {"messages": value}), {"messages": "messages"})


def test_list_may_stand_under_another_name_or_as_text_in_a_table():
    cell = '[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]'
    found = table({"id": "1", "dialogue": cell}, kind="csv")
    assert MESSAGES.score(found) == 1
    assert MESSAGES.mapping(found) == {"messages": "dialogue"}
    assert said(MESSAGES.convert(found.rows[0], {"messages": "dialogue"}).messages) == [("u", "a"), ("a", "b")]


@pytest.mark.parametrize(
    ("speaker", "role"),
    [
        *(("human", "u"), ("user", "u"), ("User", "u")),
        *(("agent", "a"), ("Doctor", "a"), ("客服", "a"), ("patient", "u"), ("客户", "u"), ("Observation", "t")),
        *(("gpt", "a"), ("chatgpt", "a"), ("bard", "a"), ("bot", "a"), ("assistant", "a"), ("system", "s")),
    ],
)
def test_sharegpt_speakers(speaker: str, role: str):
    row = RawRow(1, {"conversations": [{"from": speaker, "value": "x"}]})
    assert said(SHAREGPT.convert(row, {"conversations": "conversations"}).messages) == [(role, "x")]


def test_calls_of_tools_stay_beside_the_text():
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    row = RawRow(
        1,
        {
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "content": "sunny", "tool_call_id": "1"},
                {"role": "assistant", "content": "b"},
            ],
            "tools": [{"type": "function"}],
        },
    )
    turns = MESSAGES.convert(row, {"messages": "messages"}).messages
    assert [turn.role for turn in turns] == ["user", "assistant", "tool", "assistant"]
    assert turns[0].as_dict()["tools"] == [{"type": "function"}]
    assert turns[1].as_dict() == {"role": "assistant", "content": "", "tool_calls": [call]}
    assert turns[2].as_dict() == {"role": "tool", "content": "sunny", "tool_call_id": "1"}


def test_sharegpt_calls_become_openai_calls():
    said_turns = [
        {"from": "human", "value": "a"},
        {"from": "function_call", "value": '{"name": "weather", "arguments": {}}'},
        {"from": "observation", "value": "sunny"},
        {"from": "gpt", "value": "b"},
    ]
    turns = SHAREGPT.convert(RawRow(1, {"conversations": said_turns}), {"conversations": "conversations"}).messages
    assert [turn.role for turn in turns] == ["user", "assistant", "tool", "assistant"]
    assert turns[1].as_dict()["tool_calls"][0]["function"] == {"name": "weather", "arguments": {}}


def test_other_names_seen_in_the_wild():
    turns = [{"speaker": "customer", "text": "a"}, {"speaker": "bot", "text": "b"}]
    found = table({"dialog": turns})
    assert SHAREGPT.score(found) == 1
    assert said(SHAREGPT.convert(found.rows[0], SHAREGPT.mapping(found)).messages) == [("u", "a"), ("a", "b")]


def test_a_list_in_a_list_and_parts_of_a_system_prompt():
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    found = table({"conversation": [turns], "systemInstruction": {"parts": [{"text": "S"}]}})
    mapping = MESSAGES.mapping(found)
    assert mapping == {"messages": "conversation", "system": "systemInstruction"}
    assert said(MESSAGES.convert(found.rows[0], mapping).messages) == [("s", "S"), ("u", "a"), ("a", "b")]


def test_a_system_that_answers_is_the_assistant():
    turns = [{"speaker": speaker, "utterance": speaker} for speaker in ("USER", "SYSTEM", "USER", "SYSTEM")]
    found = table({"turns": turns})
    assert said(SHAREGPT.convert(found.rows[0], SHAREGPT.mapping(found)).messages) == [
        *(("u", "USER"), ("a", "SYSTEM"), ("u", "USER"), ("a", "SYSTEM"))
    ]
    first = [{"role": "system", "content": "S"}, {"role": "user", "content": "q"}]
    assert converted(*first) == [("s", "S"), ("u", "q")]


def test_a_thought_beside_the_answer_stands_before_it():
    answer = {"role": "assistant", "content": "b", "reasoning_content": "so"}
    assert converted({"role": "user", "content": "a"}, answer)[1] == ("a", "<think>\nso\n</think>\n\nb")


def test_a_picture_beside_the_turns_is_said():
    row = RawRow(1, {"conversations": [{"from": "human", "value": "<image> what?"}], "image": "x.jpg"})
    with pytest.raises(ConversionProblem, match="'image'"):
        SHAREGPT.convert(row, {"conversations": "conversations"})


def test_the_name_of_a_person_calls_no_tool():
    turns = [{"role": "user", "content": "a", "name": "Ann"}, {"role": "tool", "content": "b", "name": "weather"}]
    messages = MESSAGES.convert(RawRow(1, {"messages": turns}), {"messages": "messages"}).messages
    assert [message.extra for message in messages] == ["", '{"name": "weather"}']
