"""The review: presses, keys' buttons, edits, filters."""

import json
from dataclasses import replace

import pytest

from core.data.examples import Message
from core.data.review import ReviewCounts
from core.errors import EditRefused
from ui.tabs import data_review
from ui.tabs.data_review_views import NEW, Place, progress_html, review_html

NOTHING = {"search": "", "check": "", "state": ""}


@pytest.fixture
def calls(bench):
    return data_review.ReviewCalls(bench.tab.review, *bench.common)


@pytest.fixture
def many(studio, tmp_path):
    """The id of 45 rows: three pages."""
    path = tmp_path / "many.csv"
    rows = "".join(f"Where is parcel number {n}?,It left house {n * 7} on day {n}.\n" for n in range(45))
    path.write_text("question,answer\n" + rows, encoding="utf-8")
    return studio.import_files([path]).id


def form(*turns):
    return json.dumps([{"item": "", "role": role, "content": text} for role, text in turns])


def place_of(bench, updates):
    return updates[bench.tab.review.place]


def table_of(bench, updates):
    return updates[bench.tab.review.table]


def states(bench, id):
    return {row.row: row.state for row in bench.studio.review(id, count=100).rows}


def test_a_row_opens_with_its_conversation_and_keys(bench, calls, messy, press):
    updates = calls.act(press("open", "1"), messy, Place(), "", **NOTHING)
    html = table_of(bench, updates)
    assert place_of(bench, updates).row == 1
    assert "Parcel 1 is on its way to you." in html
    for action, key in (("approve", "a"), ("reject", "r"), ("edit", "e"), ("next", "j"), ("previous", "k")):
        assert f'data-action="{action}"' in html and f'data-key="{key}"' in html


def test_a_decision_goes_on_to_the_next_row(bench, calls, messy, press):
    updates = calls.act(press("approve", "1"), messy, Place(row=1), "Anna", **NOTHING)
    assert states(bench, messy)[1] == "approved" and place_of(bench, updates).row == 2
    assert updates[bench.tab.desk.undo_row].visible and updates[bench.tab.desk.changed]
    updates = calls.act(press("reject", "2"), messy, place_of(bench, updates), "Anna", **NOTHING)
    assert states(bench, messy)[2] == "rejected" and place_of(bench, updates).row == 3
    calls.act(press("reopen", "2"), messy, Place(row=2), "Anna", **NOTHING)
    assert states(bench, messy)[2] == ""


def test_who_approved_when_is_said(bench, calls, messy, press):
    calls.act(press("approve", "1"), messy, Place(row=1), "Anna", **NOTHING)
    html = table_of(bench, calls.act(press("open", "1"), messy, Place(), "", **NOTHING))
    assert "Anna" in html and "20" in html


def test_while_only_open_rows_are_shown_the_next_one_moves_up(bench, calls, messy, press):
    asked = {**NOTHING, "state": "open"}
    updates = calls.act(press("approve", "0"), messy, Place(row=0), "Anna", **asked)
    assert place_of(bench, updates).row == 1 and 'id="review-0"' not in table_of(bench, updates)


def test_next_and_previous_cross_pages_and_stop_at_the_ends(bench, calls, many, press):
    forth = calls.act(press("next", "19"), many, Place(row=19), "", **NOTHING)
    assert place_of(bench, forth) == Place(row=20, start=20)
    back = calls.act(press("previous", "20"), many, place_of(bench, forth), "", **NOTHING)
    assert place_of(bench, back) == Place(row=19, start=0)
    end = calls.act(press("next", "44"), many, Place(row=44, start=40), "", **NOTHING)
    assert place_of(bench, end).row == 44
    assert place_of(bench, calls.act(press("next", ""), many, Place(), "", **NOTHING)).row == 0


def test_pages_are_turned(bench, calls, many, press):
    updates = calls.act(press("page", "40"), many, Place(), "", **NOTHING)
    assert 'id="review-44"' in table_of(bench, updates) and 'id="review-39"' not in table_of(bench, updates)
    beyond = calls.show(many, Place(start=400), **NOTHING)
    assert place_of(bench, beyond).start == 0


def test_an_edit_is_written_and_can_be_taken_back(bench, calls, messy, press):
    updates = calls.act(press("edit", "1"), messy, Place(row=1), "", **NOTHING)
    assert "<textarea" in table_of(bench, updates)
    saved = press("save", "", form(("user", "Where is it?"), ("assistant", "At <b>your</b> door.")))
    updates = calls.act(saved, messy, place_of(bench, updates), "Anna", **NOTHING)
    assert states(bench, messy)[1] == "edited" and "&lt;b&gt;your" in table_of(bench, updates)
    assert place_of(bench, updates) == Place(row=1)
    bench.studio.undo(messy)
    assert states(bench, messy)[1] == ""


def test_turns_are_added_and_removed_before_saving(bench, calls, messy, press):
    two = form(("user", "A?"), ("assistant", "B."))
    more = place_of(bench, calls.act(press("turn-add", "", two), messy, Place(row=1), "", **NOTHING))
    assert [turn.role for turn in more.draft] == ["user", "assistant", "user"]
    three = form(("user", "A?"), ("assistant", "B."), ("user", "C?"))
    fewer = place_of(bench, calls.act(press("turn-remove", "2", three), messy, Place(row=1), "", **NOTHING))
    assert fewer.draft == (Message("user", "A?"), Message("assistant", "B."))
    cancelled = place_of(bench, calls.act(press("cancel", "", two), messy, fewer, "", **NOTHING))
    assert cancelled == Place(row=1) and states(bench, messy)[1] == ""


def test_what_a_turn_calls_is_kept_in_an_edit():
    turns = data_review.turns_of(json.dumps([{"item": '{"tool_calls": []}', "role": "assistant", "content": ""}]))
    assert turns == (Message("assistant", "", '{"tool_calls": []}'),)


def test_an_example_of_ones_own_comes_first(bench, calls, messy, press):
    place = place_of(bench, calls.add(messy, Place(), **NOTHING))
    assert place.row == NEW and len(place.draft) == 2
    saved = press("save", "", form(("user", "New?"), ("assistant", "Yes.")))
    updates = calls.act(saved, messy, place, "Anna", **NOTHING)
    assert states(bench, messy)[-1] == "added" and "New?" in table_of(bench, updates)


def test_an_empty_example_is_refused_and_stays_on_the_page(calls, messy, press):
    with pytest.raises(EditRefused):
        calls.act(press("save", "", form(("user", "New?"))), messy, Place(row=NEW), "", **NOTHING)


def test_search_and_filters_narrow_the_table(bench, calls, messy):
    html = table_of(bench, calls.look(messy, Place(start=20), **{**NOTHING, "search": "warranty"}))
    assert html.count("<li") == 2
    updates = calls.look(messy, Place(), **{**NOTHING, "check": "contradictions"})
    assert updates[bench.tab.review.check].value == "contradictions"
    none = table_of(bench, calls.look(messy, Place(), **{**NOTHING, "search": "no such words"}))
    assert bench.words("data.review.none") in none


def test_only_checks_that_found_something_are_offered(bench, calls, messy):
    choices = calls.filter_of(messy, "html")
    found = {one.check for one in bench.studio.report(messy).findings if one.count}
    assert {value for _, value in choices.choices} == {"", *found} and choices.value == ""


def test_all_that_pass_the_checks_are_approved_at_once(bench, calls, messy):
    calls.approve_all(messy, Place(), "Anna", **NOTHING)
    by_row = states(bench, messy)
    contradicting = [row.row for row in bench.studio.review(messy, count=99).rows if "contradictions" in row.checks]
    assert contradicting and all(by_row[row] == "" for row in contradicting)
    assert by_row[0] == "approved"


def test_train_on_approved_only_is_a_switch(bench, calls, messy):
    updates = calls.switch(messy, Place(), True, "Anna", **NOTHING)
    assert bench.studio.dataset(messy).approved_only and updates[bench.tab.desk.changed]


def test_the_switch_shows_what_holds_but_never_undoes_a_press(bench, calls, messy):
    box = bench.tab.review.approved_only
    assert not calls.part.approved_only.interactive  # before anything is known of it
    shown = calls.tell_approved_only(messy)[box]
    assert shown.interactive and shown.value is False
    assert box not in calls.show(messy, Place(), **NOTHING)
    bench.studio.set_approved_only(messy, True)
    assert calls.tell_approved_only(messy, False)[box].value is True  # somebody undid it
    assert calls.tell_approved_only(messy, True) == {}


def test_another_dataset_begins_at_the_top(bench, calls, messy):
    assert calls.arrive(messy, "overview", **NOTHING) == {bench.tab.review.place: Place()}
    assert calls.show(messy, Place(), "check", **NOTHING) == {}


def test_the_browser_remembers_who_reviews(bench, calls):
    assert calls.sign(" Anna ") == {bench.tab.desk.who: "Anna"}


def test_progress_counts_what_was_looked_at(words):
    counts = ReviewCounts(num_rows=40, num_approved=8, num_rejected=2, num_learned=38)
    html = progress_html(words, counts, False)
    assert "25 %" in html and "38" in html
    assert progress_html(words, counts, True) != html
    assert "0 %" in progress_html(words, ReviewCounts(0, 0, 0, 0), False)


def test_what_people_wrote_cannot_become_html(words, studio, messy):
    page = studio.review(messy)
    evil = replace(page.rows[0].example, messages=(Message("user", "<script>"), Message("assistant", "</textarea><i>")))
    rows = (replace(page.rows[0], example=evil), *page.rows[1:])
    for draft in ((), evil.messages):
        html = review_html(words, replace(page, rows=rows), Place(row=rows[0].row, draft=draft))
        assert "<script>" not in html and "</textarea><i>" not in html
