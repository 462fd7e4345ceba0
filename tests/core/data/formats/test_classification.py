"""Texts with labels, under names that say so and names that say nothing."""

import pytest

from core.data.formats import FORMATS
from tests.core.data.build import said, table

ENTRY = FORMATS.get("classification")
LONG = "a text that is long enough, number"
BESIDE = [{"query": "where is it?", "intent": "track", "response": "It is on its way."}] * 3


def test_two_texts_are_judged_together():
    rows = [{"premise": "It rains.", "hypothesis": "It is wet.", "label": "entailment"}] * 3
    found = table(*rows)
    assert ENTRY.score(found) > 0.9
    assert said(ENTRY.convert(found.rows[0], ENTRY.mapping(found)).messages) == [
        ("u", "It rains.\nIt is wet."),
        ("a", "entailment"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        BESIDE,
        [{"category": "billing", "title": "Bill", "question": "How much?", "answer": "Ten euros."}] * 3,
        [{"topic": 3, "question_title": "Sky", "question_content": "Why blue?", "best_answer": "Scattering."}] * 3,
    ],
)
def test_a_category_beside_question_and_answer_is_no_label(rows: list[dict[str, object]]):
    found = table(*rows)
    assert 0 < ENTRY.score(found) < FORMATS.get("question_answer").score(found)


def test_two_columns_whose_names_say_nothing():
    rows = [{"v1": ("ham", "spam")[n % 2], "v2": f"{LONG} {n}"} for n in range(40)]
    found = table(*rows, kind="csv")
    assert ENTRY.mapping(found) == {"label": "v1", "text": "v2"}
    assert 0.2 < ENTRY.score(found) < 0.5


@pytest.mark.parametrize(
    "rows",
    [
        [{"v1": str(n % 2), "v2": f"{LONG} {n}"} for n in range(40)],
        [{"v1": f"word {n}", "v2": f"{LONG} {n}"} for n in range(40)],
        [{"v1": "one", "v2": f"{LONG} {n}"} for n in range(40)],
        [{"v1": ("ham", "spam")[n % 2], "v2": "short"} for n in range(40)],
        [{"v1": ("ham", None)[n % 2], "v2": f"{LONG} {n}"} for n in range(40)],
        [{"v1": ("ham", "spam")[n % 2], "v2": f"{LONG} {n}"} for n in range(5)],
    ],
)
def test_two_columns_that_are_something_else(rows: list[dict[str, object]]):
    assert ENTRY.score(table(*rows, kind="csv")) == 0
