import pytest

from core.data.cleaners.base import Context
from core.data.cleaners.labels import Labels, is_slip, spellings
from core.data.examples import CLASSIFICATION
from tests.core.data.build import pair
from tests.helpers.studies import study_of

CONTEXT = Context(CLASSIFICATION)


def test_rare_spellings_become_the_frequent_one():
    answers = ["refund"] * 20 + ["shipping"] * 20 + ["Refund", "refnd", "shippign", "ship ping", "other"]
    rows = [pair(number, f"text {number}", answer) for number, answer in enumerate(answers)]
    studied = study_of(Labels(), rows, CONTEXT)
    assert studied.rows == [40, 41, 42, 43]
    assert studied.hits.notes[41] == "refnd"
    assert [example.answer for example in studied.fixed[40:]] == ["refund", "refund", "shipping", "shipping", "other"]
    assert studied.hits.figures["labels"].tolist()[:21] == [1] * 20 + [2]


@pytest.mark.parametrize(
    ("one", "other"),
    [("positve", "positive"), ("possitive", "positive"), ("psoitive", "positive"), ("order status", "orderstatus"),
     ("oder status", "order status"), ("product", "products"), ("cancelation", "cancellation")],
)  # fmt: skip
def test_slips(one: str, other: str):
    assert is_slip(one, other) and is_slip(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("cat", "car"), ("valid", "invalid"), ("male", "female"), ("class a", "class b"), ("level 1", "level 2"),
     ("moral", "amoral"), ("house", "mouse"), ("退款", "退货"), ("top up failed", "top up late"), ("time", "timer")],
)  # fmt: skip
def test_two_labels(one: str, other: str):
    assert not is_slip(one, other) and not is_slip(other, one)


def test_two_frequent_labels_are_two():
    assert spellings({"product": 40, "products": 30}) == {}
    assert spellings({"Product": 40, "product": 30, "product ": 2}) == {"product": "Product", "product ": "Product"}
    assert spellings({}) == {}


def test_a_slip_of_a_slip_becomes_the_right_one():
    assert spellings({"shipping": 1000, "shiping": 50, "shipin": 1}) == {"shiping": "shipping", "shipin": "shipping"}


def test_answers_are_no_labels():
    rows = [pair(number, f"text {number}", f"an answer of its own {number}") for number in range(1_500)]
    assert study_of(Labels(), rows, CONTEXT).rows == []


def test_what_is_gone_does_not_count():
    rows = [pair(number, f"text {number}", "refund") for number in range(20)] + [pair(20, "text", "refnd")]
    assert study_of(Labels(), rows, CONTEXT, gone=range(15)).rows == []
