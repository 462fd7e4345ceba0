"""The Data tab as a whole: the way on, undo, and from part to part."""

from core.data.review import Query
from ui.tabs import data, data_doctor, data_review
from ui.tabs.data_desk import PARTS


def calls_of(bench):
    review = data_review.ReviewCalls(bench.tab.review, *bench.common)
    doctor = data_doctor.DoctorCalls(bench.tab.doctor, *bench.common)
    return data.DataCalls(bench.tab, bench.words, bench.studio, review, doctor)


def test_an_empty_tab_offers_the_journey_and_hides_the_parts(words, build):
    tab = build(data, "/home/anna")
    updates = data.empty_updates(tab, words)
    assert updates[tab.welcome].visible and not updates[tab.box].visible
    assert not updates[tab.top.next].interactive
    assert set(updates) <= set(tab.shown)


def test_a_dataset_opens_the_parts_and_the_way_on(bench, messy):
    updates = calls_of(bench).show(messy)
    assert updates[bench.tab.box].visible and not updates[bench.tab.welcome].visible
    learned = bench.studio.review(messy).counts.num_learned
    assert updates[bench.tab.top.next].value == bench.words.count("data.next", learned)
    assert not updates[bench.tab.desk.undo_row].visible


def test_where_only_approved_rows_count_the_way_on_waits_for_approvals(bench, messy):
    bench.studio.set_approved_only(messy, True)
    updates = calls_of(bench).show(messy)
    assert updates[bench.tab.top.next].value == bench.words("data.next.approve")
    assert not updates[bench.tab.top.next].interactive
    assert bench.words("data.change.approved_only") in updates[bench.tab.desk.undo_text]


def test_every_part_has_a_tab_in_the_order_of_the_work(bench):
    assert tuple(bench.tab.tabs) == PARTS


def test_from_a_check_to_its_rows_in_the_review(bench, messy, press):
    updates = calls_of(bench).to_review(press("review", "contradictions"), messy)
    assert updates[bench.tab.review.check].value == "contradictions"
    assert updates[bench.tab.parts].selected == "review"
    assert bench.studio.review(messy, Query(check="contradictions")).total > 0
    assert calls_of(bench).to_review(press("rows", "contradictions"), messy) == {}


def test_the_card_leads_to_what_comes_first(bench, messy, press):
    calls = calls_of(bench)
    updates = calls.lead(press("check", "duplicates"), messy)
    assert updates[bench.tab.parts].selected == "check" and "row-change" in updates[bench.tab.doctor.checks]
    assert calls.lead(press("add"), messy)[bench.tab.parts].selected == "review"
    assert calls.lead(press("correct"), messy)[bench.tab.files.correct.box].open
