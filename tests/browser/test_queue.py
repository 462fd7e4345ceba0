"""Runs that wait, in a real browser: a second start while one goes, its place, moving and taking out."""

import re

import pytest
from playwright.sync_api import expect

from tests.helpers.walk import open_tab, start_sample, start_training

pytestmark = pytest.mark.browser


@pytest.mark.timeout(600)
def test_a_second_start_waits_can_be_moved_and_taken_out_and_begins_by_itself(server, visit):
    page = visit(server.url)
    start_sample(page)
    page.locator("#data-next").click()
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    page.locator("#plan-preset input[type=radio]").last.check()
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    start_training(page)
    for place in (1, 2):
        open_tab(page, "plan")
        page.wait_for_timeout(1_000)  # opening checks the plan, and Start waits for that
        expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
        page.locator("#plan-start").click()
        expect(page.locator("#train-progress")).to_contain_text(f"place {place}", timeout=60_000)
    expect(page.locator("#train-sentence")).to_contain_text("It waits for the device: place 2")

    open_tab(page, "runs")
    rows = page.locator("#runs-table tbody tr")
    expect(rows).to_have_count(3)
    second = rows.nth(1).get_attribute("data-run")
    rows.nth(1).locator("[data-action=up]").click()
    expect(rows.nth(0)).to_have_attribute("data-run", second)
    expect(rows.nth(0)).to_contain_text("place 1")
    rows.nth(1).locator("[data-action=cancel]").click()
    expect(page.locator("#runs-table")).to_contain_text("taken out")
    expect(page.locator("#runs-table [data-action=up]")).to_have_count(1)

    page.locator("#runs-table tr", has_text="running").locator("[data-action=open]").click()
    page.locator("#train-stop").click()
    open_tab(page, "runs")
    began = page.locator(f"#runs-table tr[data-run='{second}']")
    expect(began).to_contain_text(re.compile("starting|running|finished"), timeout=120_000)
    assert page.problems == []
    assert "Traceback" not in server.log
