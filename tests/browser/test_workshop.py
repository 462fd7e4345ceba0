"""The data workshop as a person walks it: wrong columns corrected, a fix, an undo, an edit, an approval, a reload."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.helpers.walk import open_part, start_sample, upload

pytestmark = pytest.mark.browser

NUM_GOOD = 12


def write_shop(path):
    """A table whose columns nobody can tell by their names: what is learned stands in the first of three texts."""
    rows = [
        (f"You find item {number} on shelf {number}, beside the door.", f"Where is item {number}?", f"note {number}")
        for number in range(NUM_GOOD)
    ]
    rows.append(("Write to anna.smith@gmail.com and we will help.", "Who helps me?", "note"))
    rows.append(rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text_a", "text_b", "text_c"), *rows])
    return path


def choose(page, elem_id, option):
    """Picks an option of a dropdown by its text."""
    page.locator(f"#{elem_id} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(page.get_by_role("option")).to_have_count(0)


def correct_columns(page):
    """Says which column is the question and which the answer."""
    if not page.locator("#data-format").is_visible():
        page.locator("#data-correct button").first.click()
    choose(page, "data-slot-0", "text_b")
    choose(page, "data-slot-1", "text_a")
    page.locator("#data-apply").click()
    first = page.locator("#data-examples .conversation").first
    expect(first.locator(".bubble.user")).to_contain_text("Where is item 0?")
    expect(first.locator(".bubble.assistant")).to_contain_text("on shelf 0")


def act(page, check, action):
    """Chooses what is done about the finds of a check."""
    page.locator(f"#fix-{check} label").filter(has=page.locator(f"#fix-{check}-{action}")).click()
    expect(page.locator(f"#fix-{check}-{action}")).to_be_checked()


def test_the_workshop_from_wrong_columns_to_a_reload(server, visit, tmp_path):
    page = visit(server.url)
    upload(page, write_shop(tmp_path / "shop.csv"))
    expect(page.locator("#data-correct")).to_be_visible()
    correct_columns(page)
    ready = page.locator("#data-next")
    expect(ready).to_contain_text(str(NUM_GOOD + 1))

    open_part(page, "check")
    expect(page.locator("#fix-personal_data-fix")).to_be_checked()
    page.locator("#rows-personal_data").click()
    expect(page.locator("#check-personal_data ins")).to_contain_text("[EMAIL]")
    act(page, "duplicates", "keep")
    expect(ready).to_contain_text(str(NUM_GOOD + 2))
    page.locator("#data-undo").click()
    expect(ready).to_contain_text(str(NUM_GOOD + 1))
    expect(page.locator("#fix-duplicates-drop")).to_be_checked()

    open_part(page, "review")
    page.locator("#data-who input, #data-who textarea").fill("Anna")
    page.locator("#data-who input, #data-who textarea").blur()
    page.locator("#review-1").click()
    expect(page.locator("#review-approve")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#review-1 .state-approved")).to_be_visible()
    expect(page.locator("#review-2")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("e")
    field = page.locator("#data-review textarea").last
    expect(field).to_have_value(re.compile("shelf 2"))
    field.fill("Ask us about it.")
    page.locator("#review-save").click()
    expect(page.locator("#review-2 .state-edited")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#review-3")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("r")
    expect(page.locator("#review-3 .state-rejected")).to_be_visible()
    expect(ready).to_contain_text(str(NUM_GOOD))

    page.reload()
    expect(ready).to_contain_text(str(NUM_GOOD))
    open_part(page, "review")
    expect(page.locator("#data-review-progress")).to_contain_text("3")
    expect(page.locator("#review-2")).to_contain_text("Ask us about it.")
    page.locator("#review-1").click()
    expect(page.locator("#data-review .opened")).to_contain_text("Anna")
    assert page.problems == []


def test_only_what_is_approved_can_be_asked_for(server, visit):
    page = visit(server.url)
    start_sample(page)
    open_part(page, "review")
    expect(page.locator("#review-0")).to_be_visible()
    page.locator("#data-approved-only input").check()
    expect(page.locator("#data-next")).to_be_disabled()
    page.locator("#data-approve-all").click()
    expect(page.locator("#data-next")).to_be_enabled()
    expect(page.locator("#data-next")).to_contain_text("148")


def test_letters_typed_into_a_field_are_no_keys(server, visit):
    page = visit(server.url)
    start_sample(page)
    open_part(page, "review")
    page.locator("#review-0").click()
    expect(page.locator("#review-approve")).to_be_visible()
    page.locator("#data-search input, #data-search textarea").click()
    page.keyboard.type("area")
    page.wait_for_timeout(500)
    expect(page.locator("#review-0 .badge")).to_have_count(0)


def test_a_refused_file_offers_its_columns(server, visit, tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_text("height,weight\n1,2\n3,4\n", encoding="utf-8")
    page = visit(server.url)
    upload(page, path)
    expect(page.locator("#notice")).to_contain_text("sizes.csv")
    expect(page.locator("#data-slot-0")).to_be_visible()
    expect(page.locator("#data-next")).to_be_disabled()
