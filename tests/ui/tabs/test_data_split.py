"""Splitting and mixing on the page."""

import json

import pytest

from core.data.mix import BALANCED, PROPORTIONAL
from core.data.split import LabelCount, SplitCounts
from core.errors import OptionRefused
from ui.tabs import data_split
from ui.tabs.data_split_views import Choosable, mix_choice_html, split_html

KNOBS = {"validation_fraction": 0.25, "test_fraction": 0.0, "stratify": True, "seed": 7}


@pytest.fixture
def calls(bench):
    return data_split.SplitCalls(bench.tab.split, *bench.common)


def items(**chosen):
    return json.dumps([{"item": id, "on": on, "weight": weight} for id, (on, weight) in chosen.items()])


def test_a_split_says_what_it_gives(words):
    counts = SplitCounts(80, 15, 5, 90, 2, (LabelCount("<b>", 80, 15, 5),), is_compared=True)
    html = split_html(words, counts)
    assert "80 %" in html and "15 %" in html and "5.0 %" in html
    assert words.count("data.split.leaked", 2) in html and "&lt;b&gt;" in html
    assert words("data.split.not_compared") in split_html(words, SplitCounts(0, 0, 0, 0, 0, (), is_compared=False))


def test_another_split_is_kept_and_can_be_undone(bench, calls, messy):
    updates = calls.split(messy, "Anna", **KNOBS)
    assert bench.studio.dataset(messy).split.seed == 7
    assert updates[bench.tab.desk.undo_row].visible
    shown = calls.show(messy)
    assert shown[bench.tab.split.knobs["seed"]] == 7
    assert shown[bench.tab.split.knobs["validation_fraction"]] == 0.25


def test_a_number_out_of_its_limits_is_refused(calls, messy):
    with pytest.raises(OptionRefused):
        calls.split(messy, "", **{**KNOBS, "validation_fraction": -1})
    with pytest.raises(OptionRefused):
        calls.split(messy, "", **{**KNOBS, "seed": None})


def test_one_dataset_cannot_be_mixed(words):
    one = Choosable("d1", "shop", "today", 9, on=True)
    assert words("data.mix.none") in mix_choice_html(words, (one,), (), by_hand=False)


def test_what_is_ticked_is_mixed_and_says_how_often_it_is_seen(bench, calls, messy, dataset, press):
    offered = calls.show(messy)[bench.tab.split.offered]
    assert [one.dataset for one in offered] == [messy, dataset.id] and offered[0].on
    chosen = press("mix", "", items(**{messy: (True, "1"), dataset.id: (True, "1")}))
    updates = calls.weigh(chosen, BALANCED, 4.0, offered)
    html = updates[bench.tab.split.choice]
    assert html.count('class="note"') == 2 and "24" in html
    assert 'type="number"' not in html
    by_hand = calls.weigh_anew("by_hand", 4.0, updates[bench.tab.split.offered])
    assert by_hand[bench.tab.split.choice].count('type="number"') == 2


def test_a_mix_becomes_a_dataset(bench, calls, messy, dataset, press):
    offered = calls.show(messy)[bench.tab.split.offered]
    chosen = press("mix", "", items(**{messy: (True, "1"), dataset.id: (True, "1")}))
    offered = calls.weigh(chosen, PROPORTIONAL, 4.0, offered)[bench.tab.split.offered]
    id = bench.after(calls.mix(messy, PROPORTIONAL, 4.0, "", offered))
    made = bench.studio.dataset(id)
    assert {part.dataset for part in made.mix} == {messy, dataset.id} and "messy" in made.title
    assert len(bench.studio.mix_table(id)) == 2


def test_a_mix_of_one_is_refused_in_a_sentence(calls, messy, dataset):
    offered = (Choosable(messy, "messy", "today", 12, on=True), Choosable(dataset.id, "parcels", "today", 24))
    with pytest.raises(OptionRefused):
        calls.mix(messy, PROPORTIONAL, 4.0, "", offered)


def test_weights_that_are_no_numbers_yet_are_no_error(bench, calls, messy, dataset, press):
    offered = calls.show(messy)[bench.tab.split.offered]
    chosen = press("mix", "", items(**{messy: (True, ""), dataset.id: (True, "x")}))
    assert bench.tab.split.choice in calls.weigh(chosen, "by_hand", 4.0, offered)


def test_a_part_that_is_not_open_is_not_counted(calls, messy):
    assert calls.show(messy, "overview") == {} and calls.show("") == {}
