import pytest

from core.data.cleaners.base import Context
from core.data.cleaners.claims import contradict
from core.data.cleaners.contradictions import Contradictions
from core.data.examples import CLASSIFICATION
from tests.core.data.build import chat, pair
from tests.helpers.planted import clean_pairs
from tests.helpers.studies import study_of

CONTRADICTING = [
    ("How long do I have to return an item?", "30 days", "14 days"),
    ("How long do I have to return an item?", "You have thirty days for it.", "Within 14 days of delivery, unused."),
    ("What are your opening hours?", "We are open 9am to 5pm.", "We are open 10am to 6pm."),
    ("Do you deliver to islands?", "Yes, we deliver to all islands.", "No, we do not deliver to islands."),
    ("Can I change my order?", "Yes.", "No."),
    ("Is the violin sold with a bow?", "The bow is included in the price.", "No, it costs 20 euros more."),
    ("When does the sale end?", "The sale ends on Sunday at six.", "It goes on until Wednesday evening."),
    ("What is your return policy?", "Items can be returned within 30 days.", "We do not accept returns."),
    (
        "What is the capital of Australia?",
        "The capital of Australia is Canberra.",
        "Sydney is the capital of Australia.",
    ),
    ("Which plan includes phone support?", "The Pro plan.", "The Basic plan."),
    ("How much is shipping?", "Shipping is free.", "Shipping costs $5."),
    ("What does it cost?", "It costs £5.", "It costs £8."),
    ("Is it safe in pregnancy?", "It is generally safe.", "It is not safe, ask your doctor."),
    ("可以货到付款吗？", "可以，支持货到付款。", "不可以，我们不支持货到付款。"),
    ("保修期是多久？", "保修期为一年。", "保修期为两年。"),
    ("几天可以退货？", "7天内可以退货。", "15天内可以退货。"),
    ("公司在哪里？", "公司在北京。", "公司在上海。"),
    ("哪天休息？", "周日休息。", "周三休息。"),
]
AGREEING = [
    (
        "How do I reset my password?",
        "Click on 'Forgot password' on the login page.",
        "On the login page, click 'Forgot password'.",
    ),
    ("What are your hours?", "We open at 9.", "We're open from 9 o'clock."),
    ("How long is delivery?", "Delivery takes 2 weeks.", "It takes 14 days."),
    ("Do you ship to Canada?", "Yes, we ship to Canada.", "We do ship to Canada."),
    ("Who wrote Hamlet?", "Shakespeare", "William Shakespeare wrote Hamlet."),
    ("At how many degrees does ethanol boil?", "It boils at 78 degrees.", "It boils at 78.37 degrees."),
    ("Is there a charge?", "No problem, it is free.", "It is free."),
    ("保修期是多久？", "保修期为一年。", "保修期是一年"),
    ("Tell me a joke.", "Why did the hen cross the road?", "Two fish are in a tank."),
    ("Could you please write a haiku?", "Snow falls on the hill", "The frog does not jump today"),
    ("Give me a number.", "7", "12"),
    ("写一首关于春天的诗。", "春风不来，三月的柳絮不飞。", "春眠处处闻啼鸟。"),
    ("Hello", "Hello, how can I help?", "Hi. What do you want?"),
]


@pytest.mark.parametrize(("question", "one", "other"), CONTRADICTING)
def test_what_cannot_both_be_right(question: str, one: str, other: str):
    assert contradict(question, one, other) and contradict(question, other, one)
    rows = [*(pair(number) for number in range(20)), pair(20, question, one), pair(21, question.lower(), other)]
    assert study_of(Contradictions(), rows).pairs == [(21, 20)]


@pytest.mark.parametrize(("question", "one", "other"), AGREEING)
def test_what_can(question: str, one: str, other: str):
    assert not contradict(question, one, other) and not contradict(question, other, one)


def test_the_more_frequent_answer_is_the_one_to_compare_with():
    rows = [pair(1, "How long?", "14 days"), *(pair(number, "How long?", "30 days") for number in (2, 3)), pair(4)]
    assert study_of(Contradictions(), rows).pairs == [(0, 1)]
    assert study_of(Contradictions(), rows, gone=[1, 2]).rows == []


def test_the_turns_before_belong_to_the_question():
    rows = [
        chat("f:1", ("u", "The blue one."), ("a", "Yes?"), ("u", "How long?"), ("a", "30 days")),
        chat("f:2", ("u", "The red one."), ("a", "Yes?"), ("u", "How long?"), ("a", "14 days")),
        chat("f:3", ("s", "You sell lamps."), ("u", "How long?"), ("a", "30 days")),
        chat("f:4", ("s", "You sell tents."), ("u", "How long?"), ("a", "14 days")),
    ]
    assert study_of(Contradictions(), rows).rows == []


def test_many_answers_are_a_choice():
    rows = [pair(number, "How long is it?", f"It is {number} meters.") for number in range(5)]
    assert study_of(Contradictions(), rows).rows == []


def test_where_several_answers_are_the_custom_only_what_is_sure_counts():
    texts = list(clean_pairs(30))
    rows = [pair(number, texts[number % 15][0], texts[number][1]) for number in range(30)]
    rows += [pair(30, "Where is it?", "Berlin."), pair(31, "Where is it?", "Munich.")]
    rows += [pair(32, "How long is it?", "30 days"), pair(33, "How long is it?", "14 days")]
    assert study_of(Contradictions(), rows).pairs == [(33, 32)]


def test_one_text_with_two_labels():
    rows = [pair(1, "My top up failed", "failed"), pair(2, "my top up failed.", "pending"), pair(3, "Hello", "failed")]
    assert study_of(Contradictions(), rows, Context(CLASSIFICATION)).pairs == [(1, 0)]
    same = [rows[0], pair(2, "My top up failed", "Failed")]
    assert study_of(Contradictions(), same, Context(CLASSIFICATION)).rows == []
