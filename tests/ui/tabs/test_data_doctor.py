"""The data doctor: what it says, and what its presses do."""

import pytest

from core.data.cleaners import CLEANERS
from core.data.rules import MEDICAL, Rule
from core.errors import OptionRefused
from ui.tabs import data_doctor
from ui.tabs.data_doctor_views import action_name, check_html, checks_html, rules_html
from ui.words import words_for


@pytest.fixture
def calls(bench):
    return data_doctor.DoctorCalls(bench.tab.doctor, *bench.common)


def shown(bench, updates):
    return updates[bench.tab.doctor.checks]


def test_what_is_to_decide_stands_before_what_is_settled(bench, calls, messy):
    html = shown(bench, calls.show(messy, {}))
    look, settled = bench.words("data.group.look"), bench.words("data.group.settled")
    assert 0 < html.index(look) < html.index('id="check-contradictions"') < html.index(settled)
    assert html.index(settled) < html.index('id="check-duplicates"')


def test_a_check_offers_only_its_own_actions(words, messy, studio):
    report = studio.report(messy)
    for finding in (one for one in report.findings if one.count):
        html = check_html(words, finding, ())
        offered = [action for action in ("fix", "drop", "keep") if f'"fix-{finding.check}-{action}"' in html]
        assert set(offered) == set(CLEANERS.get(finding.check).actions)
        assert html.count(" checked") == 1


def test_masking_is_called_masking(english):
    assert action_name(english, "personal_data", "fix") == "Mask"
    assert action_name(english, "html", "fix") == "Put right"


def test_every_check_and_every_action_can_be_named(words):
    for cleaner in CLEANERS:
        assert all(action_name(words, cleaner.name, action) for action in cleaner.actions)


def test_rows_are_shown_on_demand_and_hidden_again(bench, calls, messy, press):
    opened = calls.act(press("rows", "personal_data"), messy, {}, "")
    assert opened[bench.tab.doctor.opened] == {"personal_data": data_doctor.FIRST_ROWS}
    assert "<del>anna.berger@gmail.com</del>" in shown(bench, opened)
    assert "<ins>[EMAIL]</ins>" in shown(bench, opened)
    hidden = calls.act(press("hide", "personal_data"), messy, opened[bench.tab.doctor.opened], "")
    assert "<del>" not in shown(bench, hidden)


def test_more_rows_come_on_demand(bench, calls, studio, tmp_path, press):
    path = tmp_path / "same.csv"
    path.write_text("question,answer\n" + "Where?,Here.\n" * 30 + "Who?,I.\n", encoding="utf-8")
    id = studio.import_files([path]).id
    first = calls.act(press("rows", "duplicates"), id, {}, "")
    more = calls.act(press("more", "duplicates"), id, first[bench.tab.doctor.opened], "")
    assert shown(bench, more).count("row-change") > shown(bench, first).count("row-change")


def test_an_example_that_repeats_another_stands_beside_it(bench, calls, messy, press):
    html = shown(bench, calls.act(press("rows", "duplicates"), messy, {}, ""))
    assert bench.words("data.other_row.duplicates") in html and bench.words("data.left_out") in html


def test_an_action_is_set_and_the_parts_are_told(bench, calls, messy, press):
    updates = calls.act(press("act", "duplicates keep"), messy, {}, "Anna")
    assert bench.studio.dataset(messy).actions["duplicates"] == "keep"
    assert updates[bench.tab.desk.changed]


def test_a_part_that_is_not_open_is_not_drawn(calls, messy):
    assert calls.show(messy, {}, "overview") == {} and calls.show("", {}) == {}


def test_where_nothing_was_found_it_says_so(words, studio, dataset):
    report = studio.report(dataset.id)
    quiet = [one for one in report.findings if not one.count]
    html = checks_html(words, type(report)(24, 24, 0, tuple(quiet)), {})
    assert words("data.check.none") in html


def test_rules_are_added_shown_and_taken_back(bench, calls, messy, press):
    calls.add_rule(messy, "Anna", "contains", "on its way", False)
    calls.add_preset("medical", messy, "Anna")
    assert bench.studio.dataset(messy).rules == (Rule("contains", "on its way"), *MEDICAL)
    assert bench.studio.report(messy).finding("rules").count > 0
    calls.forget(press("forget", "preset medical"), messy, "Anna")
    calls.forget(press("forget", "rule 0"), messy, "Anna")
    assert bench.studio.dataset(messy).rules == ()


def test_a_broken_rule_is_refused_in_a_sentence(calls, messy):
    with pytest.raises(OptionRefused):
        calls.add_rule(messy, "", "contains", "(", True)
    with pytest.raises(OptionRefused):
        calls.add_rule(messy, "", "contains", "  ", False)


def test_a_preset_is_one_line_and_own_rules_are_sentences(words):
    html = rules_html(words, (*MEDICAL, Rule("not_contains", "<b>cheap</b>\nbargain")))
    assert html.count("<li>") == 2
    assert words.core("rule_preset.medical.label", "Medical answers") in html
    assert words("data.rule.not_contains") in html and "&lt;b&gt;cheap" in html
    assert words("data.rules.none") in rules_html(words, ())


def test_chinese_and_english_differ(studio, messy):
    report = studio.report(messy)
    assert checks_html(words_for("en"), report, {}) != checks_html(words_for("zh"), report, {})
