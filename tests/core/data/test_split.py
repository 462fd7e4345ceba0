from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import groups
from core.data.examples import Example
from core.data.split import LabelCount, SplitSettings, assign, count_split, read_split, split, write_split
from core.errors import OptionRefused, TooFewExamples
from tests.core.data.build import chat, pair


def pairs(count: int) -> list[Example]:
    return [pair(number) for number in range(1, count + 1)]


def labelled(**counts: int) -> list[Example]:
    """Sorted by label, as such files often are."""
    rows = [(label, number) for label, count in counts.items() for number in range(count)]
    return [pair(line, f"{label} text {number}", label) for line, (label, number) in enumerate(rows)]


@pytest.mark.parametrize(
    ("num_rows", "fraction", "held_back"),
    [(4, 0.1, 2), (10, 0.1, 5), (30, 0.1, 8), (200, 0.1, 20), (200, 0.9, 100), (9000, 0.1, 500), (30, 0, 0)],
)
def test_how_many_are_held_back(num_rows: int, fraction: float, held_back: int):
    parts = split(pairs(num_rows), SplitSettings(fraction))
    assert (len(parts.train), len(parts.validation)) == (num_rows - held_back, held_back)
    assert parts.test == ()


@pytest.mark.parametrize(
    ("num_rows", "validation", "test", "sizes"),
    [
        (100, 3, 0, (97, 3, 0)),
        (2000, 600, 0, (1400, 600, 0)),
        (100, 60, 0, (50, 50, 0)),
        (100, 0.1, 0.1, (80, 10, 10)),
        (100, 0.1, 5, (85, 10, 5)),
        (9000, 0.1, 0.2, (6700, 500, 1800)),
        (100, 0, 0.001, (99, 0, 1)),
        (100, 40, 40, (50, 25, 25)),
        (10, 0.1, 0.1, (5, 4, 1)),
        (4, 0.1, 0.1, (2, 1, 1)),
    ],
)
def test_a_number_means_that_number_and_half_is_always_learned(
    num_rows: int, validation: float, test: float, sizes: tuple[int, int, int]
):
    parts = split(pairs(num_rows), SplitSettings(validation, test))
    assert (len(parts.train), len(parts.validation), len(parts.test)) == sizes
    assert len({row.id for part in (parts.train, parts.validation, parts.test) for row in part}) == num_rows


def test_seed_decides():
    rows = pairs(40)
    one, other = (SplitSettings(test=5, seed=seed) for seed in (1, 2))
    assert split(rows, one) == split(rows, one)
    assert split(rows, one) != split(rows, other)
    assert split(rows).train != tuple(row for row in rows if row in split(rows).train)


@pytest.mark.parametrize("values", [{"validation": -0.1}, {"test": -1}, {"seed": -1}, {"validation": float("nan")}])
def test_settings_outside_their_limits_are_refused(values: dict[str, float]):
    with pytest.raises(OptionRefused):
        SplitSettings(**values)  # type: ignore[arg-type]


def test_too_few():
    with pytest.raises(TooFewExamples, match=r"f: 3 usable.*at least 4"):
        split(pairs(3))
    with pytest.raises(TooFewExamples, match="the data: 0"):
        split([])
    with pytest.raises(TooFewExamples, match="1 different"):
        split([pair(number, "a", "b") for number in range(9)])
    with pytest.raises(TooFewExamples, match=r"f: 1 usable"):
        split([replace(row, part="validation" if number else "") for number, row in enumerate(pairs(9))])


def test_counts_of_too_few_hold_nothing_back():
    counts = count_split(iter(pairs(3)), SplitSettings())
    assert (counts.train, counts.validation, counts.test) == (3, 0, 0)
    assert count_split([], SplitSettings()).train == 0


def test_one_question_with_many_answers_is_split_by_answer():
    parts = split([pair(number, "a poem") for number in range(20)])
    assert len(parts.validation) == 8


@settings(deadline=None)
@given(questions=st.lists(st.integers(0, 12), min_size=4, max_size=60), seed=st.integers(0, 9))
def test_no_question_on_both_sides(questions: list[int], seed: int):
    rows = [pair(line, f"Q {question} ", f"a{line % 3}") for line, question in enumerate(questions)]
    if len({row.key for row in rows}) < 2:
        return
    parts = split(rows, SplitSettings(seed=seed))
    assert sorted(row.id for row in (*parts.train, *parts.validation)) == sorted(row.id for row in rows)
    assert 0 < len(parts.validation) <= len(rows) // 2
    assert {row.key for row in parts.train}.isdisjoint(row.key for row in parts.validation)


def test_a_source_is_on_one_side():
    rows = [replace(row, source=f"chat {number // 5}") for number, row in enumerate(pairs(200))]
    parts = split(rows, SplitSettings(test=0.1))
    sides = [{row.source for row in part} for part in (parts.train, parts.validation, parts.test)]
    assert all(sides)
    assert sum(map(len, sides)) == 40
    assert count_split(rows, SplitSettings()).num_groups == 40


def test_a_source_that_is_everything_is_split_by_question():
    rows = [replace(row, source="book") for row in pairs(40)]
    assert len(split(rows).validation) == 8


def test_passages_have_no_question_and_are_split_all_the_same():
    rows = [chat(f"f:{number}", ("a", f"passage {number}")) for number in range(40)]
    assert len(split(rows).validation) == 8


ALMOST = [
    (
        f"Could you {word} tell me where I can return the {thing} that I bought in your shop last week?",
        f"You can {word} return the {thing} in any of our shops, or send it back with the label in the box.",
    )
    for thing in ("lamp", "chair", "kettle", "carpet", "mirror", "sofa", "desk", "shelf", "bed", "clock", "vase", "rug")
    for word in ("please", "now")
]
OTHERS = [(f"{number} other", f"answer {number}") for number in range(100)]


def test_what_is_almost_the_same_is_on_one_side():
    rows = [pair(line, *texts) for line, texts in enumerate(ALMOST[:2] + ALMOST[6:8] + OTHERS)]
    counts = count_split(rows, SplitSettings())
    assert counts.is_compared
    assert counts.num_groups < len(rows)


def test_large_sets_are_compared_by_question_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(groups, "MOST_COMPARED", 50)
    rows = [pair(line, *texts) for line, texts in enumerate(ALMOST[:2] + ALMOST[6:8] + OTHERS)]
    counts = count_split(rows, SplitSettings())
    assert (counts.is_compared, counts.num_groups) == (False, len(rows))


def test_rows_from_a_template_are_no_family():
    rows = [pair(line, *texts) for line, texts in enumerate(ALMOST)]
    assert len(split(rows).validation) == 8


def test_a_row_stays_where_its_file_says():
    rows = [replace(row, part="validation" if number % 10 == 0 else "") for number, row in enumerate(pairs(100))]
    parts = split(rows, SplitSettings(test=5))
    assert {row.id for row in parts.validation} == {row.id for row in rows[::10]}
    assert (len(parts.train), len(parts.test)) == (85, 5)
    alone = split([replace(row, part="test") for row in pairs(40)])
    assert (len(alone.train), len(alone.validation)) == (32, 8)


def test_held_back_rows_of_a_file_that_are_learned_too_are_counted():
    rows = [*pairs(50), *(replace(row, id=f"v:{row.id}", part="validation") for row in pairs(7))]
    new = [replace(pair(99, "something new"), part="validation")]
    counts = count_split(rows + new, SplitSettings())
    assert (counts.train, counts.validation, counts.leaked) == (50, 8, 7)
    assert count_split(pairs(50), SplitSettings()).leaked == 0


def test_labels_are_in_every_part():
    rows = labelled(often=300, seldom=60, rare=40)
    counts = count_split(rows, SplitSettings(validation=0.1, test=40))
    assert counts.by_label == (
        LabelCount("often", 240, 30, 30),
        LabelCount("seldom", 48, 6, 6),
        LabelCount("rare", 32, 4, 4),
    )
    parts = split(rows)
    assert [row.messages[-1].content for row in parts.train[:50]].count("often") < 50


def test_the_last_row_of_a_label_is_learned():
    rows = labelled(often=12, **{f"only{number}": 1 for number in range(4)})
    parts = split(rows, SplitSettings(validation=7))
    assert {row.messages[-1].content for row in parts.validation} == {"often"}


def test_labels_can_be_left_to_chance():
    rows = labelled(often=300, seldom=60, rare=40)
    drawn = [split(rows, SplitSettings(seed=seed, stratify=False)).validation for seed in range(5)]
    assert len({tuple(sorted(Counter(row.answer for row in part).items())) for part in drawn}) > 1


def test_answers_of_conversations_are_no_labels():
    assert count_split(pairs(50), SplitSettings()).by_label == ()
    long = [pair(number, "", "yes " * 100) for number in range(20)]
    assert count_split(long, SplitSettings()).by_label == ()


def test_rows_are_assigned_in_one_pass_over_any_iterable():
    rows = pairs(100)
    parts = assign(iter(rows), SplitSettings(test=7))
    assert parts.dtype == np.int8
    assert np.bincount(parts).tolist() == [83, 10, 7]
    whole = split(rows, SplitSettings(test=7))
    assert {rows[row].id for row in np.flatnonzero(parts == 2)} == {row.id for row in whole.test}


def test_written_and_read(tmp_path: Path):
    parts = split(pairs(12))
    write_split(parts, tmp_path)
    assert read_split(tmp_path) == parts
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train.jsonl", "validation.jsonl"]
    parts = split(pairs(12), SplitSettings(test=2))
    write_split(parts, tmp_path)
    assert read_split(tmp_path) == parts
