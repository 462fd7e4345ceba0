from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.examples import Example
from core.data.split import read_split, split, write_split
from core.errors import TooFewExamples
from tests.core.data.build import pair


def pairs(count: int) -> list[Example]:
    return [pair(number) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("num_rows", "fraction", "held_back"),
    [(4, 0.1, 2), (10, 0.1, 5), (30, 0.1, 8), (200, 0.1, 20), (200, 0.9, 100), (9000, 0.1, 500), (30, 0, 0)],
)
def test_how_many_are_held_back(num_rows: int, fraction: float, held_back: int):
    parts = split(pairs(num_rows), fraction)
    assert (len(parts.train), len(parts.validation)) == (num_rows - held_back, held_back)
    assert parts.test == ()


def test_seed_decides():
    rows = pairs(40)
    assert split(rows, seed=1) == split(rows, seed=1)
    assert split(rows, seed=1) != split(rows, seed=2)
    assert split(rows).train != tuple(row for row in rows if row in split(rows).train)


def test_too_few():
    with pytest.raises(TooFewExamples, match=r"f: 3 usable.*at least 4"):
        split(pairs(3))
    with pytest.raises(TooFewExamples, match="the data: 0"):
        split([])
    with pytest.raises(TooFewExamples, match="1 different"):
        split([pair(number, "a", "b") for number in range(9)])


def test_one_question_with_many_answers_is_split_by_answer():
    parts = split([pair(number, "a poem") for number in range(20)])
    assert len(parts.validation) == 8


@settings(deadline=None)
@given(questions=st.lists(st.integers(0, 12), min_size=4, max_size=60), seed=st.integers(0, 9))
def test_no_question_on_both_sides(questions: list[int], seed: int):
    rows = [pair(line, f"Q {question} ", f"a{line % 3}") for line, question in enumerate(questions)]
    if len({row.key for row in rows}) < 2:
        return
    parts = split(rows, seed=seed)
    assert sorted(row.id for row in (*parts.train, *parts.validation)) == sorted(row.id for row in rows)
    assert 0 < len(parts.validation) <= len(rows) // 2
    assert {row.key for row in parts.train}.isdisjoint(row.key for row in parts.validation)


def test_written_and_read(tmp_path: Path):
    parts = split(pairs(12))
    write_split(parts, tmp_path)
    assert read_split(tmp_path) == parts
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train.jsonl", "validation.jsonl"]
