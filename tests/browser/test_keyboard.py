"""Without a mouse: every choice and every step is within reach, and the focus is never lost between tabs."""

import pytest
from playwright.sync_api import expect

from tests.helpers.walk import open_tab, plan_quick, start_sample, start_training, wait_until_trained

pytestmark = pytest.mark.browser
HEADING_HAS_FOCUS = "tab => document.activeElement === document.querySelector(`#tab-${tab} h2`)"


def press_until(page, selector: str, key: str = "Tab") -> int:
    """Presses a key until a part of the page has the focus; how often."""
    here = "wanted => !!document.activeElement.closest(wanted)"
    for pressed in range(40):
        if page.evaluate(here, selector):
            return pressed
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {selector}")


def test_the_cards_of_a_choice_are_one_stop_and_the_arrows_choose(server, visit):
    page = visit(server.url)
    start_sample(page)
    page.locator("#data-next").click()
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    press_until(page, "#plan-preset")
    expect(page.get_by_role("radiogroup", name="How thoroughly?")).to_be_visible()
    assert page.evaluate("document.activeElement.value") == "balanced"
    before = page.locator("#plan-costs").inner_text()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.value") == "quick"
    expect(page.locator("#plan-preset label.selected")).to_contain_text("Quick look")
    expect(page.locator("#plan-costs")).not_to_have_text(before)
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('#plan-preset')")
    assert page.problems == []


def test_a_button_that_leads_to_another_tab_hands_the_focus_to_its_heading_at_the_top(server, visit):
    page = visit(server.url, width=390)
    start_sample(page)
    page.locator("#data-next").focus()
    page.evaluate("window.scrollTo(0, 600)")
    page.keyboard.press("Enter")
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    page.wait_for_function(HEADING_HAS_FOCUS, arg="plan")
    assert page.evaluate("scrollY") == 0
    expect(page.locator("#tab-plan .busy, [id=tab-plan] .pulse")).to_have_count(0)  # opening the tab checks once more
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    assert press_until(page, "#plan-start") == 1
    page.locator("#tab-runs-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#runs-next")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "tab-runs-button"


@pytest.mark.timeout(300)
def test_the_question_before_a_run_is_deleted_gets_the_focus_each_time_and_only_when_asked(server, visit):
    page = visit(server.url, width=390)
    start_sample(page)
    plan_quick(page)
    start_training(page)
    page.locator("#train-stop").click()
    wait_until_trained(page)
    for _ in range(2):
        open_tab(page, "runs")
        page.locator("#runs-table [data-action=delete]").focus()
        assert page.evaluate("document.activeElement.dataset.action") == "delete"
        page.keyboard.press("Enter")
        expect(page.locator("#runs-delete-no")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#runs-confirm")).to_be_hidden()
    assert page.problems == []


@pytest.mark.timeout(300)
def test_on_a_phone_the_curve_and_the_question_come_first_and_an_answer_moves_neither(server, visit):
    page = visit(server.url, width=390, locale="zh-CN")
    start_sample(page)
    plan_quick(page)
    start_training(page)
    top = "wanted => document.querySelector(wanted).getBoundingClientRect().top + scrollY"
    assert page.evaluate(top, "#train-chart") < page.evaluate(top, "#train-figures")
    page.locator("#train-stop").click()
    wait_until_trained(page)
    page.locator("#train-next").click()
    page.locator("#compare-suggestions .chip").first.wait_for()
    assert page.evaluate(top, "#compare-question") < page.evaluate(top, "#compare-base")
    assert page.evaluate(top, "#compare-tuned") < page.evaluate(top, "#compare-run")
    before = page.evaluate(top, "#compare-base")
    page.locator("#compare-suggestions .chip").first.click()
    page.locator("#compare-stop").wait_for()
    assert page.evaluate(top, "#compare-base") == before
