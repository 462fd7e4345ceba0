from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.examples import Example
from core.data.mix import (
    BALANCED,
    BY_HAND,
    MIX_MODES,
    PROPORTIONAL,
    MixPart,
    MixRow,
    dataset_of,
    mix_rows,
    mixed_example,
    plan_mix,
    planned,
    repeated,
)
from core.errors import OptionRefused
from tests.core.data.build import pair

PARTS = (MixPart("a", title="A"), MixPart("b", title="B"))


def mixed(**sizes: int) -> list[Example]:
    return [mixed_example(name, pair(number)) for name, size in sizes.items() for number in range(size)]


def test_in_proportion_every_row_is_seen_once():
    assert plan_mix({"a": 1000, "b": 10}, PARTS, PROPORTIONAL) == (
        MixRow("a", "A", 1000, 1000, 1.0),
        MixRow("b", "B", 10, 10, 1.0),
    )


def test_balanced_sees_as_many_rows_of_each():
    assert plan_mix({"a": 1000, "b": 400}, PARTS, BALANCED, cap=4) == (
        MixRow("a", "A", 1000, 1000, 1.0),
        MixRow("b", "B", 400, 400, 2.5),
    )


def test_no_row_is_seen_more_often_than_the_cap_and_the_larger_set_gives_less_instead():
    rows = plan_mix({"a": 1000, "b": 100}, PARTS, BALANCED, cap=3)
    assert rows == (MixRow("a", "A", 1000, 300, 1.0), MixRow("b", "B", 100, 100, 3.0))
    assert [row.num_steps for row in rows] == [300, 300]


def test_by_hand_the_weights_say_it():
    parts = (MixPart("a", 3), MixPart("b", 1))
    rows = plan_mix({"a": 600, "b": 100}, parts, BY_HAND)
    assert [row.num_steps for row in rows] == [600, 200]


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.floats(0.01, 100)), min_size=2, max_size=6),
    st.sampled_from(MIX_MODES),
    st.floats(1, 50),
)
def test_the_cap_holds_and_the_proportion_too(sets: list[tuple[int, float]], mode: str, cap: float):
    parts = [MixPart(str(place), weight) for place, (_, weight) in enumerate(sets)]
    sizes = {str(place): size for place, (size, _) in enumerate(sets)}
    mix = planned(sizes, parts, mode, cap)
    assert all(0 <= part.times <= cap + 1e-5 for part in mix)
    assert any(part.times >= 1 - 1e-5 for part in mix)
    for row in mix_rows(mix):
        assert 0 <= row.num_seen <= row.num_rows
        assert row.times >= 1


@pytest.mark.parametrize(
    ("parts", "mode", "cap", "name"),
    [
        (PARTS, "evenly", 4, "mode"),
        (PARTS, BALANCED, 0.5, "cap"),
        (PARTS, BALANCED, float("nan"), "cap"),
        ((MixPart("a", 0), MixPart("b")), BY_HAND, 4, "weight"),
        ((MixPart("a"), MixPart("a")), BALANCED, 4, "datasets"),
        ((MixPart("a"),), BALANCED, 4, "datasets"),
        ((MixPart("a"), MixPart("empty")), BALANCED, 4, "datasets"),
    ],
)
def test_nonsense_is_refused(parts: tuple[MixPart, ...], mode: str, cap: float, name: str):
    with pytest.raises(OptionRefused) as caught:
        plan_mix({"a": 5, "b": 5, "empty": 0}, parts, mode, cap)
    assert caught.value.facts["name"] == name


def test_rows_are_repeated_as_planned():
    parts = (MixPart("a", times=0.5), MixPart("b", times=2.25))
    rows = repeated(mixed(a=100, b=40), parts, seed=1)
    seen = Counter(row.id for row in rows)
    assert Counter(dataset_of(row) for row in rows) == {"a": 50, "b": 90}
    assert Counter(times for id, times in seen.items() if id.startswith("b/")) == {2: 30, 3: 10}
    assert repeated(mixed(a=100, b=40), parts, seed=1) == rows
    assert repeated(mixed(a=100, b=40), parts, seed=2) != rows
    assert {dataset_of(row) for row in rows[:20]} == {"a", "b"}


def test_what_was_added_to_a_mix_by_hand_is_seen_once():
    parts = (MixPart("a", times=2), MixPart("b", times=2))
    rows = repeated([*mixed(a=3, b=3), pair(1)], parts, seed=0)
    assert Counter(row.id for row in rows)[pair(1).id] == 1
    assert len(rows) == 13
