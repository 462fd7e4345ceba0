"""Texts with labels in a real browser: what is learned is offered, trained, and asked in Compare."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.helpers.rows_of_tasks import write_labels
from tests.helpers.walk import ask, plan_quick, start_training, upload, wait_until_trained

pytestmark = pytest.mark.browser


@pytest.mark.timeout(600)
def test_labels_are_offered_learned_and_asked(server, visit, tmp_path):
    page = visit(server.url)
    upload(page, write_labels(tmp_path / "labels.jsonl"))
    expect(page.locator("#data-next")).to_be_enabled(timeout=60_000)
    plan_quick(page)
    choice = page.locator("#plan-task input[type=radio]")
    expect(choice).to_have_count(2)
    expect(choice.first).to_be_checked()
    shot(page, "plan")
    choice.last.check()  # as a conversation, and back
    expect(page.locator("#plan-preview")).to_contain_text("assistant", timeout=60_000)
    choice.first.check()
    expect(page.locator("#plan-preview .learned").last).to_have_text(re.compile("^(praise|complaint)$"), timeout=60_000)
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    start_training(page)
    wait_until_trained(page)
    expect(page.locator("#train-figures")).to_contain_text("Right labels")
    shot(page, "train")
    page.locator("#train-next").click()
    base, tuned = ask(page, "the box was good today")
    assert "%" in tuned and ("praise" in tuned or "complaint" in tuned)
    assert "never had your labels" in base
    shot(page, "compare")
    assert not page.problems


def shot(page, name: str) -> None:
    """A picture, where a folder for them is named."""
    folder = os.environ.get("TAILOR_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"labels-{name}.png", full_page=True)
