"""The data workshop as a person walks it: wrong columns corrected, a fix, an undo, an edit, an approval, a reload."""

import csv
import json
import re

import pytest
from playwright.sync_api import expect

from tests.core.data.build import workbook
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


def jsonl(path, *rows):
    """A file of rows."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def talk(number, names):
    """A conversation of two, in ShareGPT's way."""
    said = (
        f"Where is parcel {number}?",
        f"Parcel {number} is on its way.",
        "And when is it here?",
        f"On day {number}.",
    )
    turns = zip([*names, *names], said, strict=True)
    return {"conversations": [{"from": name, "value": text} for name, text in turns]}


def first_turns(page):
    """Who says what in the first two turns of the first conversation."""
    bubbles = page.locator("#data-examples .conversation").first.locator(".bubble")
    return bubbles.nth(0), bubbles.nth(1)


def test_swapped_roles_are_corrected_on_the_page(server, visit, tmp_path):
    page = visit(server.url)
    upload(page, jsonl(tmp_path / "swapped.jsonl", *(talk(number, ("gpt", "human")) for number in range(12))))
    expect(first_turns(page)[0]).to_contain_text("Parcel 0 is on its way")  # the question before it had no asker
    page.locator("#data-correct button").first.click()
    expect(page.locator("#data-role-0 input")).to_have_value("the model, which answers")
    choose(page, "data-role-0", "the person who asks")
    choose(page, "data-role-1", "the model, which answers")
    page.locator("#data-apply").click()
    expect(first_turns(page)[0]).to_contain_text("Where is parcel 0?")
    expect(first_turns(page)[0]).to_have_class(re.compile("user"))
    expect(first_turns(page)[1]).to_have_class(re.compile("assistant"))
    page.locator("#data-undo").click()
    expect(first_turns(page)[0]).to_contain_text("Parcel 0 is on its way")
    assert page.problems == []


def test_names_nobody_knows_are_offered_to_be_checked(server, visit, tmp_path):
    page = visit(server.url)
    upload(page, jsonl(tmp_path / "kunden.jsonl", *(talk(number, ("Kunde", "Berater")) for number in range(12))))
    expect(first_turns(page)[0]).to_have_class(re.compile("user"))
    expect(page.locator("#data-summary")).to_contain_text("Kunde")
    expect(page.locator("#data-role-1 input")).to_have_value("the model, which answers")  # open by itself
    expect(page.locator("#data-role-1")).to_contain_text("Berater")


def test_a_sheet_of_a_workbook_is_chosen(server, visit, tmp_path):
    large = [["question", "answer"], *([f"Where is item {number}?", f"On shelf {number}."] for number in range(9))]
    small = [["prompt", "completion"], *([f"Who is {number}?", f"Number {number}, a guest."] for number in range(4))]
    page = visit(server.url)
    upload(page, workbook(tmp_path / "book.xlsx", large, small))
    ready = page.locator("#data-next")
    expect(ready).to_contain_text("9")
    page.locator("#data-correct button").first.click()
    choose(page, "data-table", "book.xlsx[Sheet1], 4 rows")
    expect(ready).to_contain_text("4")
    expect(first_turns(page)[0]).to_contain_text("Who is 0?")
    assert page.problems == []


def test_a_file_of_mixed_shapes_says_which(server, visit, tmp_path):
    pairs = ({"question": f"Where is item {number}?", "answer": f"On shelf {number}."} for number in range(5))
    chats = (talk(number, ("human", "gpt")) for number in range(7))
    page = visit(server.url)
    upload(page, jsonl(tmp_path / "mixed.jsonl", *pairs, *chats))
    expect(page.locator("#data-next")).to_contain_text("12")
    shapes = page.locator("#data-summary details.shapes")
    shapes.locator("summary").click()
    expect(shapes.locator("li")).to_have_count(2)
    expect(shapes).to_contain_text("7")
    expect(shapes).to_contain_text("5")


def test_a_second_file_only_checks(server, visit, tmp_path):
    own = jsonl(tmp_path / "own.jsonl", *(talk(number, ("human", "gpt")) for number in range(12)))
    checks = jsonl(tmp_path / "checks.jsonl", *(talk(number, ("human", "gpt")) for number in range(50, 53)))
    page = visit(server.url)
    upload(page, own)
    expect(page.locator("#data-next")).to_contain_text("12")
    page.locator("#data-validation-box button").first.click()
    page.locator("#data-validation input[type=file]").set_input_files(str(checks))
    expect(page.locator("#data-next")).to_contain_text("15")
    open_part(page, "split")
    rows = page.locator("#data-split-counts tbody tr")
    expect(rows.nth(0)).to_contain_text("12")
    expect(rows.nth(1)).to_contain_text("3")


def test_a_file_of_labels_has_a_picture_of_them(server, visit, tmp_path):
    labels = ("late", "lost", "damaged")
    rows = ({"text": f"Parcel {number} did not come in time", "label": labels[number % 3]} for number in range(30))
    page = visit(server.url)
    upload(page, jsonl(tmp_path / "labels.jsonl", *rows))
    expect(page.locator("#data-next")).to_be_enabled()
    open_part(page, "pictures")
    picture = page.locator("#data-picture-labels")
    expect(picture).to_be_visible()
    for label in labels:
        expect(picture).to_contain_text(label)
    assert page.problems == []


def test_another_file_takes_the_place_of_a_refused_one(server, visit, tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_text("height,weight\n1,2\n3,4\n", encoding="utf-8")
    page = visit(server.url)
    upload(page, path)
    expect(page.locator("#notice")).to_contain_text("sizes.csv")
    upload(page, write_shop(tmp_path / "shop.csv"))
    expect(page.locator("#data-summary")).to_contain_text("shop.csv")
    expect(page.locator("#data-summary")).not_to_contain_text("sizes.csv")


def test_a_long_import_can_be_cancelled_at_once(server, visit, tmp_path):
    path = tmp_path / "long.csv"
    rows = (
        f"Where is item number {number}?,You find item {number} on shelf {number % 97}.\n" for number in range(90_000)
    )
    path.write_text("question,answer\n" + "".join(rows), encoding="utf-8")
    page = visit(server.url)
    with page.expect_response(lambda response: "/upload" in response.url and response.request.method == "POST"):
        upload(page, path)
    page.locator("#data-cancel").click(timeout=1_500)
    expect(page.locator("#data-cancel")).to_be_hidden()
    expect(page.locator("#data-welcome, .welcome").first).to_be_visible()
    expect(page.locator("#data-next")).to_be_disabled()


def test_a_reload_opens_the_part_where_the_person_was(server, visit):
    page = visit(server.url)
    start_sample(page)
    open_part(page, "review")
    expect(page.locator("#review-0")).to_be_visible()
    page.wait_for_timeout(500)  # the browser writes what it remembers
    page.reload()
    expect(page.locator("#data-part-review-button")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#review-0")).to_be_visible()


def test_on_a_phone_the_fixed_button_covers_nothing_that_is_pressed(server, visit):
    page = visit(server.url, width=390)
    start_sample(page)
    open_part(page, "review")
    page.locator("#review-3").click()
    button = page.locator("#review-approve")
    expect(button).to_be_focused()
    fixed = page.locator("#data-next").bounding_box()
    place = button.bounding_box()
    assert place["y"] + place["height"] <= fixed["y"]
