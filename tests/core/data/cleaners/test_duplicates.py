from dataclasses import replace

from core.data.cleaners.duplicates import Duplicates
from tests.core.data.build import chat, pair
from tests.helpers.studies import study_of


def test_the_first_stays():
    rows = [pair(1, "a", "b"), pair(2), pair(3, "a", "b"), pair(4, "a", "b"), pair(5, "a", "B")]
    assert study_of(Duplicates(), rows).pairs == [(2, 0), (3, 0)]


def test_the_first_of_those_that_are_left_stays():
    rows = [pair(1, "a", "b"), pair(2, "a", "b"), pair(3, "a", "b")]
    assert study_of(Duplicates(), rows, gone=[0]).pairs == [(2, 1)]


def test_all_that_is_said_counts():
    one = chat("f:1", ("s", "S"), ("u", "a"), ("a", "b"))
    others = [chat("f:2", ("u", "a"), ("a", "b")), replace(one, id="f:3", rejected="c")]
    assert study_of(Duplicates(), [one, *others]).rows == []
    assert study_of(Duplicates(), [one, *others, replace(one, id="f:4")]).pairs == [(3, 0)]


def test_copies_on_the_other_side_are_leaks_and_no_duplicates():
    train, held_back = pair(1, "a", "b"), replace(pair(2, "a", "b"), part="validation")
    assert study_of(Duplicates(), [train, held_back]).rows == []
    assert study_of(Duplicates(), [train, held_back, replace(held_back, id="f:3")]).pairs == [(2, 1)]
    assert study_of(Duplicates(), [train, replace(train, id="f:2", part="train")]).pairs == [(1, 0)]
