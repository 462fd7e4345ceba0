"""The steps a person takes on the page, by the ids of what they press."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

TRAIN_LIMIT_MS = 240_000
ANSWER_LIMIT_MS = 60_000
EXPORT_LIMIT_MS = 180_000


def open_tab(page: Page, name: str) -> None:
    """Presses a tab."""
    page.locator(f"#tab-{name}-button").click()


def upload(page: Page, *files: Path) -> None:
    """Chooses files in Data."""
    page.locator("#data-upload input[type=file]").set_input_files([str(file) for file in files])


def start_sample(page: Page) -> None:
    """Presses the one card of a first visit."""
    page.locator("#data-journey").click()
    expect(page.locator("#data-next")).to_be_enabled()


def plan_quick(page: Page) -> None:
    """From Data to Plan, with the quickest preset."""
    page.locator("#data-next").click()
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    page.locator("#plan-preset input[type=radio]").first.check()
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    expect(page.locator("#plan-costs")).to_contain_text(re.compile(r"\d"))


def start_training(page: Page) -> None:
    """Presses Start and waits for the first measured step."""
    page.locator("#plan-start").click()
    expect(page.locator("#train-progress")).to_contain_text(re.compile(r"[1-9]\d* "), timeout=60_000)


def wait_until_trained(page: Page) -> None:
    """Until the way to Compare is open."""
    expect(page.locator("#train-next")).to_be_enabled(timeout=TRAIN_LIMIT_MS)


def ask(page: Page, question: str) -> tuple[str, str]:
    """Asks both models and returns what they said."""
    page.locator("#compare-question textarea").fill(question)
    page.locator("#compare-send").click()
    expect(page.locator("#compare-base")).to_contain_text(question)
    expect(page.locator("#compare-stop")).to_be_hidden(timeout=ANSWER_LIMIT_MS)
    expect(page.locator("#compare-send")).to_be_enabled(timeout=ANSWER_LIMIT_MS)
    return page.locator("#compare-base").inner_text(), page.locator("#compare-tuned").inner_text()


def export_adapter(page: Page, to: Path) -> Path:
    """Makes the zip, waits for its check, and downloads it."""
    page.locator("#export-adapter-make").click()
    button = page.locator("#export-adapter-file")
    expect(button).to_be_visible(timeout=EXPORT_LIMIT_MS)
    with page.expect_download() as download:
        button.click()
    path = to / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_part(page: Page, name: str) -> None:
    """Presses an inner tab of Data."""
    page.locator(f"#data-part-{name}-button").click()
