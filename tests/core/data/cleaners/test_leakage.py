from dataclasses import replace

from core.data.cleaners.leakage import Leakage
from core.data.examples import Example
from tests.core.data.build import pair
from tests.helpers.studies import study_of


def held(example: Example, part: str = "validation") -> Example:
    return replace(example, part=part)


def test_the_held_back_copy_is_meant_wherever_it_stands():
    rows = [held(pair(1, "a", "b")), pair(2, "a", "b"), held(pair(3)), pair(4), held(pair(5, "a", "b"))]
    assert study_of(Leakage(), rows).pairs == [(0, 1), (4, 1)]


def test_case_and_blanks_make_no_difference_and_words_do():
    train = pair(1, "Where is it?", "It is upstairs.")
    rows = [
        train,
        held(pair(2, "where is  it?", "It is\nupstairs.")),
        held(pair(3, "Where is it?", "It is downstairs.")),
    ]
    assert study_of(Leakage(), rows).pairs == [(1, 0)]


def test_validation_keeps_what_test_has_too():
    rows = [held(pair(1, "a", "b"), "test"), held(pair(2, "a", "b")), pair(3), held(pair(4, "c", "d"), "test")]
    assert study_of(Leakage(), rows).pairs == [(0, 1)]


def test_without_parts_nothing_leaks():
    assert study_of(Leakage(), [pair(1, "a", "b"), pair(2, "a", "b")]).rows == []
    assert study_of(Leakage(), [held(pair(1, "a", "b")), held(pair(2, "a", "b"))]).rows == []


def test_what_is_gone_leaks_nothing():
    rows = [pair(1, "a", "b"), held(pair(2, "a", "b"))]
    assert study_of(Leakage(), rows, gone=[0]).rows == []
    assert study_of(Leakage(), rows, gone=[1]).rows == []
