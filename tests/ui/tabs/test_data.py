"""What the Data tab says."""

import gradio as gr

from core.data.cleaning import clean
from core.data.examples import Example, Message
from core.data.store import Dataset
from core.data.table import Problem
from ui.session import build_session
from ui.tabs import data
from ui.tabs.data_views import examples_html, finding_html, problems_html, summary_html, with_blanks_seen
from ui.words import words_for


def example(id, question="Where?", answer="Here."):
    return Example(id, (Message("user", question), Message("assistant", answer)))


def dataset(**changes):
    values = {
        "id": "d1",
        "title": "shop",
        "files": ("shop.csv",),
        "format": "question_answer",
        "mapping": {"question": "q", "answer": "a"},
        "columns": ("q", "a", "topic"),
        "fixes": ("whitespace", "empty", "role_order", "duplicates"),
        "rows_read": 4,
        "problems": (),
        "created": "2026-11-24T08:12:30",
    }
    return Dataset(**{**values, **changes})


REPORT = clean([example("1"), example("2", "Who?  "), example("3"), example("4", "Why?", "<b>So</b>")])


def test_the_totals_add_up(words):
    shown = summary_html(words, dataset(), REPORT)
    for name, count in (("read", 4), ("kept", 3), ("dropped", 1), ("changed", 1)):
        assert f"<dt>{words(f'data.{name}')}</dt><dd>{count}</dd>" in shown
    assert "shop.csv" in shown


def test_rows_nobody_could_use_are_named_by_line(words):
    problem = Problem(5, "a row with 'foo'", "one with 'messages'", "b.jsonl")
    shown = problems_html(words, dataset(problems=(problem,)))
    assert words("data.problem.line", line=5) in shown and "messages" in shown
    assert "b.jsonl" in problems_html(words, dataset(files=("a.jsonl", "b.jsonl"), problems=(problem,)))
    assert problems_html(words, dataset()) is None


def test_what_people_wrote_cannot_become_html(words):
    shown = examples_html(words, REPORT)
    assert "&lt;b&gt;So&lt;/b&gt;" in shown and "<b>So" not in shown


def test_a_check_shows_rows_before_and_after(words):
    duplicates = next(finding for finding in REPORT.findings if finding.check == "duplicates")
    assert words("data.left_out") in finding_html(words, duplicates)
    blanks = next(finding for finding in REPORT.findings if finding.check == "whitespace")
    assert "Who?··" in finding_html(words, blanks)


def test_stray_blanks_can_be_seen_and_others_stay():
    seen = with_blanks_seen(example("1", " a b \n  c\n"))
    assert seen.messages[0].content == "·a b·\n  c↵\n"


def test_a_dataset_fills_the_tab(words, build):
    tab = build(data, "/home/anna")
    updates = data.dataset_updates(tab, words, dataset(), REPORT)
    assert set(updates) <= set(tab.shown)
    assert updates[tab.top.next].value == words.count("data.next", 3) and updates[tab.top.next].interactive
    found = {name: updates[check].visible for name, check in tab.checks.items()}
    assert found == {"whitespace": True, "empty": False, "role_order": False, "duplicates": True}


def test_each_part_of_the_format_has_a_dropdown_with_the_columns(words):
    slots = data.slot_updates(words, ("q", "a"), "question_answer", {"question": "q", "answer": "a"})
    assert [slot.value for slot in slots[:2]] == ["q", "a"]
    assert [value for _, value in slots[0].choices] == ["", "q", "a"]
    assert len(slots) == data.NUM_SLOTS and not slots[-1].visible


def test_columns_chosen_by_hand_become_a_mapping():
    chosen = {"slot_0": "q", "slot_1": "a", "slot_2": "", "slot_3": None}
    assert data.mapping_of("question_answer", chosen) == {"question": "q", "answer": "a"}


def test_an_empty_tab_offers_the_journey(words, build):
    tab = build(data, "/home/anna")
    updates = data.empty_updates(tab, words)
    assert updates[tab.welcome].visible and not updates[tab.top.next].interactive


def test_a_refused_file_takes_the_old_data_off_the_page_and_offers_its_columns(studio, tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_text("height,weight\n1,2\n3,4\n", encoding="utf-8")
    with gr.Blocks():
        tab = data.build(words_for("en"), "here")
        calls = data.DataCalls(tab, words_for("en"), studio, build_session())
        cleared, offered = calls.offer_columns([str(path)], "")
        assert list(calls.offer_columns(None, "")) == []
        taken = studio.import_files(
            [path], format="question_answer", mapping={"question": "height", "answer": "weight"}
        )
        assert list(calls.offer_columns([str(path)], taken.id)) == []
    assert cleared[tab.top.next].interactive is False
    assert cleared[tab.examples] == ""
    assert {value for _, value in offered[tab.slots[0]].choices} >= {"height", "weight"}
