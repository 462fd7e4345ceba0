"""What is said about a dataset as a whole."""

from dataclasses import replace

import pytest

from core.data.cleaning import CleaningReport
from core.data.intake import ShapeUse, Understanding
from core.data.mix import MixRow
from core.data.quality import QualityCard, Reason
from core.data.settings import Settings
from core.data.shapes import Choice
from core.data.spool import TableInfo
from core.data.store import Dataset
from core.data.table import Problem
from ui.tabs.data_views import (
    examples_html,
    format_name,
    problems_html,
    quality_html,
    seen_text,
    shapes_html,
    source_text,
    summary_html,
)

KNOWN = Understanding(
    "question_answer", {"question": "q", "answer": "a"}, 1.0, None, "conversation", (), 0, ("q", "a"), num_examples=4
)


def dataset(settings=None, files=("shop.csv",), **understood):
    known = replace(KNOWN, **understood)
    return Dataset("d1", "shop", files, (), known, settings or Settings(), "2026-11-24T08:12:30+00:00")


def test_the_totals_are_there(words):
    shown = summary_html(words, dataset(), CleaningReport(4, 3, 1, ()), 3)
    for name, count in (("read", 4), ("kept", 3), ("dropped", 1), ("changed", 1)):
        assert f"<dt>{words(f'data.{name}')}</dt><dd>{count}</dd>" in shown
    assert "shop.csv" in shown


@pytest.mark.parametrize(("score", "key"), [(1.0, "sure"), (0.7, "fairly"), (0.3, "unsure")])
def test_how_sure_a_format_is_and_what_else_it_could_be(words, score, key):
    said = source_text(words, dataset(score=score, runner_up="alpaca"))
    assert words(f"data.sure.{key}") in said and format_name(words, "alpaca") in said


def test_what_a_person_chose_is_not_guessed(words):
    chosen = dataset(Settings(choice=Choice(format="question_answer")), runner_up="alpaca")
    assert source_text(words, chosen) == words(
        "data.source.chosen", files="shop.csv", format=format_name(words, "question_answer")
    )


def test_rows_of_several_shapes_are_listed(words):
    uses = (
        ShapeUse("question_answer", ("q", "a"), {"question": "q", "answer": "a"}, 90),
        ShapeUse("", ("<x>",), {}, 1),
    )
    shown = shapes_html(words, dataset(shapes=uses))
    assert words("data.shape.none") in shown and "90" in shown and "<x>" not in shown
    assert shapes_html(words, dataset(shapes=uses[:1])) is None


def test_rows_nobody_could_use_are_named_by_line(words):
    problem = Problem(5, "a row with 'foo'", "one with 'messages'", "b.jsonl")
    shown = problems_html(words, dataset(problems=(problem,), num_problems=1))
    assert words("data.problem.line", line=5) in shown and "messages" in shown
    both = dataset(files=("a.jsonl", "b.jsonl"), problems=(problem,), num_problems=300)
    assert "b.jsonl" in problems_html(words, both) and "280" in problems_html(words, both)
    assert problems_html(words, dataset()) is None


def test_the_card_gives_score_reasons_size_and_one_thing_to_do(words):
    card = QualityCard(
        71,
        (Reason("check", {"check": "html", "count": 3}, 9), Reason("few", {"count": 60, "expected": 100}, 16)),
        "start",
        "check",
        "html",
    )
    shown = quality_html(words, card)
    assert ">71<" in shown and "−9" in shown and "−16" in shown
    assert words("quality.size.start") in shown
    assert 'data-action="check"' in shown and 'data-value="html"' in shown


def test_where_nothing_stands_in_the_way_the_card_has_no_button(words):
    assert "data-action" not in quality_html(words, QualityCard(100, (), "sure", "train"))


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("unusable", {"count": 1, "total": 9}),
        ("few", {"count": 9, "expected": 100}),
        ("rare_labels", {"count": 2, "expected": 5, "total": 4}),
        ("imbalance", {"most": "a", "num_most": 90, "least": "b", "num_least": 2}),
        ("one_label", {"label": "a", "count": 9}),
    ],
)
@pytest.mark.parametrize("first", ["read", "add", "review", "balance", "train"])
def test_every_reason_and_every_first_step_can_be_said(words, code, facts, first):
    assert "{" not in quality_html(words, QualityCard(50, (Reason(code, facts, 5),), "more", first))


def test_a_mix_says_how_often_each_is_seen(words):
    assert "2.5" in seen_text(words, MixRow("d1", "shop", 100, 100, 2.5))
    once = seen_text(words, MixRow("d1", "shop", 100, 40, 1.0))
    assert "40" in once and "100" in once and "shop" in once


def test_what_people_wrote_cannot_become_html(words, messy, studio):
    rows = [row.example for row in studio.review(messy).rows]
    shown = examples_html(words, [replace(rows[0], rejected="<b>So</b>")], 1)
    assert "&lt;b&gt;So&lt;/b&gt;" in shown and "<b>So" not in shown and words("role.rejected") in shown


def test_rows_that_repeat_are_said_and_none_is_nothing(words):
    table = TableInfo("shop.csv", "", "csv", "", ("q", "a"), 4, 0, 2)
    shown = summary_html(words, replace(dataset(), tables=(table,)), CleaningReport(4, 3, 1, ()), 3)
    assert words.count("data.repeated", 2) in shown
    unique = summary_html(
        words, replace(dataset(), tables=(replace(table, num_repeated=0),)), CleaningReport(4, 4, 0, ()), 4
    )
    assert words.count("data.repeated", 0) not in unique
