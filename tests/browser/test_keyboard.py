"""Without a mouse: every choice and every step is within reach, and the focus is never lost between tabs."""

import pytest
from playwright.sync_api import expect

from tests.helpers.walk import start_sample

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
    assert press_until(page, "#plan-start") == 1
    page.locator("#tab-runs-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#runs-next")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "tab-runs-button"
