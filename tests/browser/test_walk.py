"""The journey in a real browser: through all six tabs to a downloaded zip, with a reload in the middle of training."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from core.runs.curves import curves_of
from core.training.events import EventLog
from tests.helpers.server import ROOT, Server
from tests.helpers.walk import (
    ask,
    export_adapter,
    open_tab,
    plan_quick,
    start_sample,
    start_training,
    upload,
    wait_until_trained,
)

pytestmark = pytest.mark.browser
ALPACA = ROOT / "tests" / "fixtures" / "alpaca_en_200.json"
NEEDED = {
    "adapter_model.safetensors",
    "adapter_config.json",
    "tokenizer.json",
    "chat_template.jinja",
    "README.md",
    "use_it.py",
}


def steps_done(page) -> int:
    """The step in "step 12 of 170"."""
    expect(page.locator("#train-progress")).to_contain_text(re.compile(r"step [\d,]+ of [\d,]+"))
    found = re.search(r"step ([\d,]+) of", page.locator("#train-progress").inner_text())
    return int(found[1].replace(",", ""))


def finish_and_take_home(page, tmp_path, question: str, mark: str = "") -> None:
    wait_until_trained(page)
    page.locator("#train-next").click()
    base, tuned = ask(page, question)
    assert base != tuned
    if mark:
        assert mark not in base
        assert mark in tuned
    page.locator("#compare-next").click()
    package = export_adapter(page, tmp_path)
    with zipfile.ZipFile(package) as archive:
        assert set(archive.namelist()) >= NEEDED
        assert archive.testzip() is None


@pytest.mark.timeout(600)
def test_a_sample_through_all_tabs_with_a_reload_while_it_trains(server, visit, tmp_path):
    page = visit(server.url)
    start_sample(page)
    expect(page.locator("#data-examples")).to_contain_text("Maple Lane")
    plan_quick(page)
    expect(page.locator("#plan-preview")).to_contain_text("<|im_end|>")
    second = visit(server.url)
    start_training(page)
    expect(second.locator("#header-run")).to_be_visible()
    before = steps_done(page)

    page.reload()  # while its run goes, a page opens in Train
    expect(page.locator("#train-stop")).to_be_visible()
    assert steps_done(page) >= before

    finish_and_take_home(page, tmp_path, "Where is my parcel?", "Maple Lane")
    expect(page.locator("#export-download")).to_be_visible()
    page.reload()  # afterwards where the person was, with what was made
    expect(page.locator("#export-adapter-file")).to_be_visible()
    expect(page.locator("#export-own")).to_be_visible()
    open_tab(page, "runs")
    expect(page.locator("#runs-table")).to_contain_text("starter")
    assert page.problems == []
    assert "Traceback" not in server.log


def test_a_click_before_the_page_has_arrived_still_ends_in_a_plan(server, browser):
    page = browser.new_page()
    page.goto(server.url)
    page.locator("#data-journey").click()
    open_tab(page, "plan")
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    page.locator("#plan-preset input[type=radio]").first.check()
    page.locator("#plan-start").click()  # at once: the details of the choice may still be on their way
    expect(page.locator("#train-progress")).to_contain_text(re.compile(r"[1-9]\d* "), timeout=60_000)
    (run,) = (server.workspace / "runs").iterdir()
    assert '"quick"' in (run / "plan.json").read_text(encoding="utf-8")
    page.close()


def test_answers_do_not_move_the_page_and_a_pane_is_followed_only_where_its_end_is_in_sight(server, visit):
    page = visit(server.url)
    start_sample(page)
    plan_quick(page)
    start_training(page)
    wait_until_trained(page)
    page.locator("#train-next").click()
    place = "document.querySelector('#compare-question').getBoundingClientRect().top + scrollY"
    expect(page.locator("#compare-suggestions .chip").first).to_be_visible()
    before = page.evaluate(place)
    for _ in range(4):
        ask(page, "Where is my parcel?")
    assert page.evaluate(place) == before
    pane = page.locator(".block.answers").last
    hidden = "pane => pane.scrollHeight - pane.clientHeight - pane.scrollTop"
    assert pane.evaluate("pane => pane.scrollTop") > 0 and pane.evaluate(hidden) < 24
    page.locator("#compare-clear").click()
    expect(page.locator("#compare-base .bubble")).to_have_count(0)


@pytest.mark.timeout(600)
def test_an_uploaded_alpaca_file_through_all_tabs(server, visit, tmp_path):
    page = visit(server.url)
    upload(page, ALPACA)
    expect(page.locator("#data-summary")).to_contain_text("200")
    expect(page.locator("#data-summary")).to_contain_text("Alpaca")
    plan_quick(page)
    start_training(page)
    before = steps_done(page)

    page.reload()
    open_tab(page, "train")
    assert steps_done(page) >= before

    finish_and_take_home(page, tmp_path, "Give three tips for staying healthy.")
    assert page.problems == []


@pytest.mark.timeout(600)
def test_a_killed_process_is_offered_for_resumption_and_the_curve_goes_on(tmp_path, visit):
    server = Server(tmp_path / "workspace")
    try:
        page = visit(server.url)
        start_sample(page)
        plan_quick(page)
        start_training(page)
        run = next((server.workspace / "runs").iterdir())
        for _ in range(600):
            if any(run.glob("checkpoints/checkpoint-*/trainer_state.json")):
                break
            page.wait_for_timeout(100)
        server.kill()
        before = (run / "events.jsonl").read_text(encoding="utf-8")
        page.context.close()

        server = Server(tmp_path / "workspace")
        page = visit(server.url)
        open_tab(page, "runs")
        page.locator("#runs-table [data-action=resume]").first.click()
        wait_until_trained(page)
        after = (run / "events.jsonl").read_text(encoding="utf-8")
        assert after.startswith(before[: before.rfind("\n")])
        steps = [point.step for point in curves_of(EventLog(run / "events.jsonl").read()[0]).train]
        assert '"resumed"' in after
        assert steps == list(range(1, len(steps) + 1))  # no gap, nothing twice
    finally:
        server.stop()


@pytest.mark.timeout(600)
def test_stop_keeps_what_was_learned(server, visit):
    page = visit(server.url)
    start_sample(page)
    page.locator("#data-next").click()
    expect(page.locator("#plan-start")).to_be_enabled(timeout=60_000)
    start_training(page)
    page.locator("#train-stop").click()
    wait_until_trained(page)
    run = next((server.workspace / "runs").iterdir())
    assert '"stopped"' in (run / "status.json").read_text(encoding="utf-8")
    assert (run / "adapter" / "adapter_model.safetensors").exists()
