import random
from dataclasses import replace

import pytest

from core.data.cleaners.base import Context
from core.data.cleaners.likeness import say_the_same
from core.data.cleaners.near_duplicates import NearDuplicates
from core.data.cleaners.signatures import Signatures, alike, neighbours
from core.data.examples import CLASSIFICATION, PASSAGE
from tests.core.data.build import chat, pair
from tests.helpers.planted import clean_pairs
from tests.helpers.studies import study_of

RESET = ("How do I reset my password?", "Open the settings, choose Security and then Reset password.")
SAME = [
    (RESET, ("how do i reset my password", "open the settings, choose security and then reset password")),
    (RESET, ("How do I reset my password, please?", RESET[1])),
    (RESET, ("How can I reset my password?", "Open the settings, choose Security, and then Reset password!")),
    (RESET, (RESET[0], "Open the settings, pick Security and then Reset password.")),
    (RESET, ("How do I reset my passwords?", "Just open the settings, choose Security and then Reset password.")),
    (
        ("如何重置密码？", "打开设置，选择安全，再点重置密码。"),
        ("请问如何重置密码", "打开设置，选择安全，再点重置密码"),
    ),
    (
        ("Name the first three planets of the solar system.", "Mercury, Venus and Earth are the first three."),
        ("Name the first three planets of our solar system", "Mercury, Venus, and Earth are the first three planets."),
    ),
    (("", "The river rises in the north and is long."), ("", "The river rises in the north, and is very long!")),
]
OTHER = [
    (
        ("What is the capital of France?", "The capital is Paris."),
        ("What is the capital of Spain?", "The capital is Madrid."),
    ),
    (("What is 5 + 3?", "5 + 3 is 8."), ("What is 5 - 3?", "5 - 3 is 2.")),
    (("Is 4 > 3 in this language?", "Yes, it is."), ("Is 4 < 3 in this language?", "Yes, it is.")),
    (
        ("What does the plan cost?", "The plan costs £10 a month."),
        ("What does the plan cost?", "The plan costs €10 a month."),
    ),
    (("May I send it back?", "You can send it back here."), ("May I send it back?", "You cannot send it back here.")),
    (("When is the shop open?", "It is open on Monday."), ("When is the shop open?", "It is open on Tuesday.")),
    (
        ("Where do you live now?", "I live in the city of Rome."),
        ("Where do you live now?", "I live in the city of Bonn."),
    ),
    (
        ("How do I clean my lamp at home?", "Wipe the lamp with a cloth and let it dry."),
        ("How do I clean my chair at home?", "Wipe the chair with a cloth and let it dry."),
    ),
    (
        ("Give me another word for beautiful.", "Another word for beautiful is attractive."),
        ("Give me another word for beautiful.", "Another word for beautiful is stunning."),
    ),
    (
        ("How does water change from liquid to gas?", "The change from liquid to gas is called evaporation."),
        ("How does water change from solid to liquid?", "The change from solid to liquid is called melting."),
    ),
    (("法国的首都是哪里？", "法国的首都是巴黎。"), ("德国的首都是哪里？", "德国的首都是柏林。")),
    (("周末可以退货吗？", "周末可以退货。"), ("周末可以退货吗？", "周末不可以退货。")),
    (
        ("Hello there", "Good morning, how can I help?"),
        ("What is a good name for a cat?", "Good morning, how can I help?"),
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_words(one: tuple[str, str], other: tuple[str, str]):
    assert say_the_same(one, other) and say_the_same(other, one)
    rows = [pair(1), chat("f:2", ("u", one[0]), ("a", one[1])), chat("f:3", ("u", other[0]), ("a", other[1]))]
    assert study_of(NearDuplicates(), rows, Context(PASSAGE)).pairs == [(2, 1)]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_one_word_that_matters(one: tuple[str, str], other: tuple[str, str]):
    assert not say_the_same(one, other) and not say_the_same(other, one)
    assert study_of(NearDuplicates(), [pair(1, *one), pair(2, *other)]).rows == []


def test_exact_copies_are_not_nearly_the_same():
    rows = [pair(1, *RESET), pair(2, *RESET), pair(3, RESET[0].upper(), RESET[1]), pair(4, *RESET)]
    assert study_of(NearDuplicates(), rows).pairs == [(2, 0)]


def test_a_copy_of_what_is_nearly_the_same_is_so_too():
    loud = (RESET[0].upper(), RESET[1])
    assert study_of(NearDuplicates(), [pair(1, *RESET), pair(2, *loud), pair(3, *loud)]).pairs == [(1, 0), (2, 0)]


def test_another_instruction_is_another_row():
    rows = [chat(f"f:{name}", ("s", name), ("u", RESET[0]), ("a", RESET[1])) for name in ("Be short.", "Be kind.")]
    assert study_of(NearDuplicates(), rows).rows == []


def test_a_classifier_learns_from_other_words():
    context = Context(CLASSIFICATION)
    rows = [pair(1, RESET[0], "password"), pair(2, "How can I reset my password?", "password")]
    assert study_of(NearDuplicates(), rows, context).rows == []
    spelled = [pair(1, "My top-up failed", "top_up"), pair(2, "My top up failed!", "top_up")]
    assert study_of(NearDuplicates(), spelled, context).pairs == [(1, 0)]
    assert study_of(NearDuplicates(), [spelled[0], pair(2, "My top up failed!", "other")], context).rows == []


def test_a_held_back_row_is_the_copy_and_is_counted():
    held_back = replace(pair(1, RESET[0].lower(), RESET[1]), part="validation")
    studied = study_of(NearDuplicates(), [held_back, pair(2, *RESET), pair(3)])
    assert studied.pairs == [(0, 1)]
    assert studied.hits.figures["held_back"].tolist() == [0]


def test_what_is_gone_is_nobodys_copy():
    rows = [pair(1, *RESET), pair(2, RESET[0].upper(), RESET[1]), pair(3, RESET[0].lower(), RESET[1])]
    assert study_of(NearDuplicates(), rows, gone=[0]).pairs == [(2, 1)]


def test_planted_among_rows_of_one_template():
    """200 copies among 3,000 rows that all look alike: at least 95 % found, and hardly anything else."""
    texts = list(clean_pairs(3_000))
    rows = [pair(number, *text) for number, text in enumerate(texts)]
    chosen = random.Random(0)
    for question, answer in texts[100:300]:
        rows.append(pair(len(rows), *_changed(question, answer, chosen)))
    found = set(study_of(NearDuplicates(), rows).pairs)
    planted = {(3_000 + number, 100 + number) for number in range(200)}
    assert len(found & planted) >= 0.95 * len(planted)
    assert len(found & planted) >= 0.95 * len(found)


def _changed(question: str, answer: str, chosen: random.Random) -> tuple[str, str]:
    question = chosen.choice([question.upper(), question.replace("?", ""), f"Hello, {question}", f"{question} Thanks."])
    return question, chosen.choice(
        [answer, answer.rstrip("."), answer.replace(",", ""), f"Well, {answer}", answer.lower()]
    )


def test_signatures_estimate_the_share_of_common_words():
    signatures, words = Signatures(), [f"word{number}" for number in range(100)]
    signatures.add(4, words, words, seal=1)
    signatures.add(7, words, [*words[:80], *(f"other{number}" for number in range(20))], seal=1)
    signatures.add(9, words, words, seal=2)
    matrix = signatures.matrix
    assert matrix.shape == (3, 128) and signatures.rows.tolist() == [4, 7, 9]
    pairs = {tuple(pair) for band in neighbours(matrix) for pair in band.tolist()}
    assert pairs == {(0, 1)}  # another seal never meets
    suspects = alike(matrix, next(band for band in neighbours(matrix) if len(band)), 0.4)
    assert abs(suspects.estimates[0] - 80 / 120) < 0.15
    assert len(alike(matrix, suspects.pairs, 0.95).pairs) == 0
