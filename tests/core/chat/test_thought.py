import pytest

from core.chat.thought import Said, parted


@pytest.mark.parametrize(
    ("text", "thought", "answer"),
    [
        ("On its way.", "", "On its way."),
        ("  On its way.\n", "", "  On its way.\n"),
        ("<think>\n\n</think>\n\nOn its way.", "", "On its way."),
        ("<think>\nWhich parcel?\n</think>\n\nOn its way.\n", "Which parcel?", "On its way.\n"),
        ("\n<think>包裹？</think>在路上。", "包裹？", "在路上。"),
        ("<think>Which par", "Which par", ""),
        ("<think>", "", ""),
        ("Write <think> and </think>.", "", "Write <think> and </think>."),
        ("<think>a</think>b<think>c</think>", "a", "b<think>c</think>"),
    ],
)
def test_what_is_thought_first_is_no_part_of_the_answer(text: str, thought: str, answer: str):
    assert parted(text) == Said(thought, answer)


def test_a_prompt_that_opens_the_thought_is_heeded():
    assert parted("Which parcel?\n</think>\n\nOn its way.", thinks=True) == Said("Which parcel?", "On its way.")
    assert parted("Which parcel?", thinks=True) == Said("Which parcel?", "")
    assert parted("<think>Which parcel?</think>It is.", thinks=True) == Said("Which parcel?", "It is.")
