"""The page as a whole: the same in every language, private, and wired without lists of values."""

import ast
import json
from pathlib import Path

import pytest

from tests.helpers.views import run
from ui import header
from ui.page import build_page, glance
from ui.words import LANGUAGES

NEEDED = {
    "data-upload",
    "data-journey",
    "data-next",
    "data-format",
    "data-correct",
    "data-apply",
    *("data-validation", "data-table", "data-earlier", "data-cancel", "data-undo", "data-quality", "data-checks"),
    *("data-rules", "data-review", "data-search", "data-approved-only", "data-split-counts", "data-mix", "data-save"),
    "sample-customer_service",
    "sample-python_style",
    "sample-medical_qa",
    "plan-goal",
    "plan-preset",
    "plan-base",
    "plan-strategy",
    "plan-strategy-other",
    "plan-way",
    "plan-details",
    "plan-start",
    "plan-costs",
    "plan-preview",
    "plan-issues",
    "train-chart",
    "train-stop",
    "train-pause",
    "train-resume",
    "train-next",
    "train-progress",
    "train-sentence",
    "compare-run",
    "compare-system",
    "compare-question",
    "compare-send",
    "compare-stop",
    "compare-retry",
    "compare-clear",
    "compare-base",
    "compare-tuned",
    "export-adapter-make",
    "export-adapter-file",
    "export-merged-make",
    "export-merged-file",
    "runs-table",
    "runs-delete-yes",
    "header-run",
    "header-device",
    "notice",
    "tab-data",
    "tab-plan",
    "tab-train",
    "tab-compare",
    "tab-export",
    "tab-runs",
}


@pytest.fixture
def config(studio):
    return build_page(studio).get_config_file()


def components(config, path):
    wanted = set(config["page"][path]["components"])
    return [part for part in config["components"] if part["id"] in wanted]


def test_every_language_has_a_page_of_its_own_with_the_same_ids(config):
    paths = ["", *LANGUAGES[1:]]
    assert list(config["page"]) == paths
    ids = [sorted(part["props"].get("elem_id") or "" for part in components(config, path)) for path in paths]
    assert ids[0] == ids[1]
    assert set(ids[0]) >= NEEDED


def test_the_tabs_stand_in_the_order_of_the_journey(config):
    tabs = [part["props"] for part in components(config, "") if part["type"] == "tabitem"]
    labels = [tab["label"] for tab in tabs if tab["elem_id"].startswith("tab-")]
    assert labels == ["Data", "Plan", "Train", "Compare", "Export", "Runs"]
    parts = [tab["label"] for tab in tabs if tab["elem_id"].startswith("data-part-")]
    assert parts == ["Overview", "Check", "Review", "Split and mix", "Pictures"]


def test_no_event_is_public(config):
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}


@pytest.mark.parametrize(("pressed", "event"), [("plan-start", "click"), ("runs-table", "select")])
def test_a_run_that_is_begun_or_opened_is_shown_in_train_by_the_same_answer(config, pressed, event):
    ids = {part["props"].get("elem_id"): part["id"] for part in components(config, "")}
    (filled,) = (
        set(found["outputs"]) for found in config["dependencies"] if [*found["targets"][0]] == [ids[pressed], event]
    )
    assert filled >= {ids["train-progress"], ids["train-stop"], ids["train-chart"]}


def test_no_event_covers_what_is_read_with_a_spinner(config):
    assert {event["show_progress"] for event in config["dependencies"] if event["backend_fn"]} == {"hidden"}


def test_callbacks_are_bound_in_one_place():
    """`guard.bind` alone speaks to Gradio's events: no positional lists, no event that is public by mistake."""
    for module in Path("ui").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and module.name != "guard.py":
                keywords = {keyword.arg for keyword in node.keywords}
                assert not keywords & {"inputs", "outputs", "inputs_kwargs", "api_visibility"}, (
                    f"{module}:{node.lineno}"
                )


def test_the_page_imports_no_heavy_library():
    import subprocess
    import sys

    heavy = "{'torch', 'transformers', 'peft', 'datasets'}"
    code = f"import sys, ui.page; print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def steps(words, dataset, view=None, num_runs=0):
    found = json.loads(header.steps_json(words, header.Journey(dataset, view, num_runs)))
    return {tab: step["state"] for tab, step in found.items()}, {tab: step["hint"] for tab, step in found.items()}


def test_steps_say_what_is_missing(words):
    states, hints = steps(words, "d1")
    assert states == {
        "data": "done",
        "plan": "ready",
        **dict.fromkeys(("train", "compare", "export", "runs"), "missing"),
    }
    assert hints["train"] == words("train.missing")


def test_a_first_visit_begins_with_data_and_nothing_else_is_ready(words):
    states, hints = steps(words, "")
    assert states == {"data": "ready", **dict.fromkeys(("plan", "train", "compare", "export", "runs"), "missing")}
    assert hints["data"] == words("step.begin")


FINISHED = {"has_result": True, "first_validation_loss": 3.0, "best_loss": 1.0}


def test_a_finished_run_of_these_data_is_done(words):
    states, hints = steps(words, "d1", run("finished", **FINISHED), 2)
    assert [states[tab] for tab in ("data", "plan", "train", "compare", "export")] == ["done"] * 3 + ["ready"] * 2
    assert hints["runs"] == words.count("step.runs", 2)


def test_new_data_begin_a_new_journey_and_the_earlier_run_stays_in_reach(words):
    states, hints = steps(words, "d2", run("finished", **FINISHED), 1)
    assert [states[tab] for tab in ("data", "plan", "train", "compare")] == ["done", "ready", "ready", "ready"]
    assert hints["train"] == hints["compare"] == hints["export"] == words("step.earlier")


def test_train_says_what_its_run_does_and_is_not_done_when_little_was_learned(words):
    assert steps(words, "d1", run("running"), 1)[1]["train"] == words("state.running")
    assert steps(words, "d1", run("interrupted"), 1)[1]["train"] == words("state.interrupted")
    states, hints = steps(words, "d1", run("finished", **{**FINISHED, "best_loss": 2.95}), 1)
    assert (states["train"], hints["train"]) == ("ready", words("step.little"))


def test_the_header_shows_the_run_that_goes(english):
    assert header.run_update(english, run()).value == "customer_service: 50 %, 30 seconds left"
    assert header.run_update(english, None).visible is False


def test_a_tick_sees_nothing_new_where_nothing_is(studio):
    assert glance(studio, "") == glance(studio, "")
    assert glance(studio, "").all == "|"
