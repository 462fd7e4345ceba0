import pytest

from core.data.cleaners import CLEANERS
from core.data.cleaners.truncated import is_cut_off
from core.data.examples import CLASSIFICATION
from tests.core.data.build import chat
from tests.core.data.cleaners.row import hit
from tests.helpers.planted import clean_pairs


@pytest.mark.parametrize(
    "text",
    [
        "To reset it, open the settings and then click on the",
        "You need flour, sugar, eggs,",
        "The bird is gone. It serves as a reminder of the importance of",
        "Open the lid. Press the green button until it bli",
        "We are glad that you wrote to us. It helps. Please",
        "The war began in 1939.\n\nThese events can be seen as a slow build-up of tension in Eu",
        "1. Open the box.\n2. Take it out.\n3.",
        "1. Open the box.\n2. Take it out.\n3. Put the small screws into",
        "Here is the code:\n```python\ndef f():\n    return",
        "It was made by three people (Anna, Ben",
        "您好，请先打开设置，",
        "您好。请先退出账号。然后重新登录，并且选择您的",
        "枫巷很高兴为您服务。您的订单已经发出。预计三天之内可以送达您填写的",
        "爵士乐很自由。乐手们会即兴演奏，如萨克斯、小号、",
        "他说：“我明天",
    ],
)
def test_stops_in_mid_sentence(text: str):
    assert is_cut_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "Yes",
        "Paris",
        "The Great Gatsby",
        "It is done.",
        "Anything else?",
        "- apples\n- pears\n- plums",
        "1. Rome\n2. Paris\n3. The Hague",
        "```python\nprint(1)\n```",
        "Use this:\n```\nx = 1\n```",
        "def f(x):\n    return x",
        "SELECT name FROM people\nWHERE age > 3",
        "See https://example.com/a/b",
        "Well done! 🎉",
        "The result is 42",
        "Love like no other. #PuppyLove",
        '"Stay hungry, stay foolish." - Steve Jobs',
        "Roses are red\nViolets are blue\nSugar is sweet",
        "x^2 + 2x = 15",
        "Best regards,\nAnna",
        "您好，已经为您处理好了。",
        "好的",
        "北京、上海和广州",
        "今天天气不错。我们去公园吧",
        "What are you waiting for",
        "The sky (on most days) is blue.",
        "a) yes b) no",
        '{"name": "Ann", "age": 3}',
        "",
    ],
)
def test_is_whole(text: str):
    assert not is_cut_off(text)


def test_most_answers_cut_anywhere_are_found():
    answers = [answer for _, answer in clean_pairs(200)]
    cut = [answer[: int(len(answer) * share)] for answer in answers for share in (0.45, 0.6, 0.75, 0.9)]
    found = sum(map(is_cut_off, cut))
    whole = sum(text.rstrip().endswith(".") for text in cut)
    assert found >= 0.95 * (len(cut) - whole)
    assert not any(map(is_cut_off, answers))


def test_says_where_and_leaves_the_rest_to_a_person():
    found = hit("truncated", chat("1", ("u", "a"), ("a", "You need flour, sugar,")))
    assert found and found.fixed is None and found.note == "…You need flour, sugar,"
    assert CLASSIFICATION not in CLEANERS.get("truncated").tasks
