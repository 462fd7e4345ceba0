import pytest

from core.data.cleaners.system_prompts import SystemPrompts, usual_prompts
from tests.core.data.build import chat, pair
from tests.helpers.studies import study_of

HELP = "You are a helpful assistant."


def test_variants_become_the_most_frequent():
    systems = [HELP] * 5 + ["You are a helpful assistant", "you are an helpful asistant.", "You are a pirate."]
    rows = [chat(f"f:{n}", ("s", text), ("u", f"{n}?"), ("a", f"{n}!")) for n, text in enumerate(systems)] + [pair(9)]
    studied = study_of(SystemPrompts(), rows)
    assert studied.rows == [5, 6]
    assert studied.hits.notes[5] == "You are a helpful assistant"
    assert [example.messages[0].content for example in studied.fixed[5:8]] == [HELP, HELP, "You are a pirate."]
    assert studied.fixed[6].messages[1:] == rows[6].messages[1:]


@pytest.mark.parametrize(
    "variant",
    [
        "You are not a helpful assistant.",
        "You are a hopeless assistant.",
        "You are a helpful AI assistant.",
        "You are a helpful assistant named Bob.",
        "You are a helpful assistant. Answer in 2 lines.",
        "你是一个乐于助人的助手。",
    ],
)
def test_other_instructions_stay(variant: str):
    assert usual_prompts({HELP: 50, variant: 2}) == {}


def test_numbers_and_names_make_another_instruction():
    assert usual_prompts({"Answer in 2 short lines, please.": 9, "Answer in 3 short lines, please.": 2}) == {}
    anna, tom = (f"You help {name} with the homework of today and tomorrow." for name in ("Anna", "Tom"))
    assert usual_prompts({anna: 9, tom: 2}) == {}


def test_in_chinese():
    usual = "你是枫巷的客服，请简短回答。"
    assert usual_prompts({usual: 9, "你是枫巷的客服,请简短回答": 2}) == {"你是枫巷的客服,请简短回答": usual}
    assert usual_prompts({usual: 9, "你是枫巷的客服，请详细回答。": 2}) == {}


def test_prompts_written_for_each_row_are_left_alone():
    rows = [chat(f"f:{n}", ("s", f"{HELP} Row {n}"), ("u", "a"), ("a", "b")) for n in range(1_100)]
    rows += [chat("f:x", ("s", text), ("u", "a"), ("a", "b")) for text in (HELP, HELP, HELP.lower())]
    assert study_of(SystemPrompts(), rows).rows == []
