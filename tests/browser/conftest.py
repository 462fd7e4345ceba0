"""A browser, and pages with a workspace of their own."""

import os

import pytest

from tests.helpers.find_browser import FLAGS, find_browser
from tests.helpers.server import Server


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    path = find_browser()
    if path is None:
        message = "no Chromium found; run python -m tests.helpers.find_browser"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    expect.set_options(timeout=30_000)  # torch loads behind the page; a first click may wait for it
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path / "workspace")
    yield running
    running.stop()


@pytest.fixture
def visit(browser):
    """Opens a page as a visitor with a language, a width and a colour scheme of their own; notes every page error."""
    contexts = []

    def open_page(url: str, *, locale: str = "en-US", width: int = 1280, scheme: str = "light"):
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.set_default_timeout(30_000)
        page.goto(url)
        page.locator("#tab-data-button, #data-upload").first.wait_for()
        page.locator("#header-device").filter(has_text="GiB").wait_for(timeout=90_000)  # the page has arrived
        return page

    yield open_page
    for context in contexts:
        context.close()
