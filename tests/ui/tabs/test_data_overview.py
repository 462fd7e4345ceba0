"""Overview, and taking the cleaned examples along."""

import json

import pytest

from core.data.writers import WRITERS
from core.errors import EmptyFile
from core.work import JobView
from ui.tabs import data_overview


@pytest.fixture
def calls(bench):
    return data_overview.OverviewCalls(bench.tab.overview, *bench.common)


def test_a_dataset_fills_the_part(bench, calls, messy):
    updates = calls.show(messy)
    assert set(updates) <= set(bench.tab.overview.shown)
    assert "messy.csv" in updates[bench.tab.overview.summary]
    assert updates[bench.tab.overview.examples].count("<article") == 5
    assert updates[bench.tab.overview.mix] == ""


def test_without_data_it_is_blank(bench, calls):
    assert calls.show("")[bench.tab.overview.summary] == ""


def test_only_files_that_hold_these_data_are_offered(bench, calls, messy):
    offered = {name for _, name in calls.show(messy)[bench.tab.overview.writer].choices}
    assert offered == {writer.name for writer in WRITERS if "conversation" in writer.tasks}


def test_the_cleaned_examples_can_be_taken_along(bench, calls, messy):
    file = calls.save(messy, "messages")[bench.tab.overview.file]
    assert file.visible and file.value["orig_name"] == "messy.jsonl"
    (path,) = (bench.studio.workspace.exports / messy).iterdir()
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == bench.studio.review(messy).counts.num_learned


def test_a_long_save_is_watched_and_a_failed_one_says_why(bench, calls):
    going = calls._saved(JobView("save-1", "save"))
    assert going[bench.tab.overview.timer].active and going[bench.tab.overview.save_job] == "save-1"
    (forgotten,) = calls.tick("save-of-another-time")
    assert not forgotten[bench.tab.overview.timer].active
    with pytest.raises(EmptyFile):
        calls._saved(JobView("save-1", "save", state="failed", error=EmptyFile(file="a")))
