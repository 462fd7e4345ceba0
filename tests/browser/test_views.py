"""What every visitor sees: both languages, light and dark, wide and narrow; empty tabs and bad files are explained."""

import gzip
import json

import pytest
from playwright.sync_api import expect

from tests.helpers.server import Server
from tests.helpers.walk import open_tab, start_sample, upload

pytestmark = pytest.mark.browser
TABS = ("data", "plan", "train", "compare", "export", "runs")
ENGLISH = ("Data", "Plan", "Train", "Compare", "Export", "Runs")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("views") / "workspace")
    yield running
    running.stop()


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_every_tab_fits_a_phone_and_says_what_to_do_when_empty(shared, visit, locale, scheme):
    page = visit(shared.url, locale=locale, width=390, scheme=scheme)
    assert page.url.rstrip("/").endswith("/zh") == (locale == "zh-CN")
    for name in TABS:
        open_tab(page, name)
        page.wait_for_timeout(300)
        assert overflow(page) <= 0, name
        shown = page.locator(f"#tab-{name}").inner_text().strip()
        assert len(shown) > 20, (name, shown)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in shown) == (locale == "zh-CN"), (name, shown)
    assert page.problems == []


def test_the_tabs_are_called_as_the_design_says(shared, visit):
    page = visit(shared.url)
    shown = [page.locator(f"#tab-{name}-button").inner_text().split("\n")[0].strip() for name in TABS]
    assert tuple(shown) == ENGLISH


def test_the_language_switch_is_remembered(shared, visit):
    page = visit(shared.url)
    page.locator("[data-language], #header-language").first.click()
    page.wait_for_url("**/zh*")
    page.goto(shared.url)
    page.wait_for_url("**/zh*")


def test_a_sample_in_chinese_on_a_phone(shared, visit):
    page = visit(shared.url, locale="zh-CN", width=390)
    start_sample(page)
    assert overflow(page) <= 0
    expect(page.locator("#data-examples")).to_contain_text("Maple Lane")


BAD = {
    "empty.jsonl": b"",
    "blank.csv": b"  \n \n",
    "picture.jsonl": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "packed.csv": gzip.compress(b"question,answer\n"),
    "broken.json": b'{"messages": [\n  {"role": "user", "content": "a"},\n  {"role": "assistant" "content": "b"}\n]}',
    "numbers.csv": b"height,weight\n1,2\n3,4\n",
    "settings.json": json.dumps({"theme": "dark", "size": 3}).encode(),
    "one.jsonl": b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n',
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_clear_sentence(shared, visit, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    page = visit(shared.url)
    upload(page, path)
    if name == "one.jsonl":  # readable; that it is too little is said where it matters
        expect(page.locator("#data-next")).to_be_enabled()
        page.locator("#data-next").click()
    expect(page.locator("#notice, #plan-issues").filter(has_text=name).first).to_be_visible()
    shown = page.locator("body").inner_text()
    assert "Traceback" not in shown
    assert "Error" not in page.locator("#notice").inner_text()
    assert page.problems == []
