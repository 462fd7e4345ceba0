"""Work behind the page, and undo."""

import re
from pathlib import Path

import pytest

from core.data.cleaners import CLEANERS
from core.errors import EmptyFile
from core.progress import nobody_watches
from core.work import JobView
from ui.tabs.data_desk import DeskCalls, change_name, job_html, undo_updates


def view(**changes):
    values = {"id": "import-1", "kind": "import", "stage": "reading", "done": 25_000, "seconds": 2.0, **changes}
    return JobView(**values)


def follow(bench, job, dataset=""):
    return bench.tab.desk.follow(bench.words, job, dataset, bench.session)


def test_work_says_what_it_does_how_far_it_is_and_how_fast(words):
    shown = job_html(words, view(total=100_000))
    assert words("data.stage.reading") in shown and "25,000" in shown and "12,500" in shown
    assert "25 %" in shown and 'role="status"' in shown


def stages():
    """Every word that core says where work stands."""
    for module in Path("core/data").rglob("*.py"):
        yield from re.findall(r'(?:progress|Counted)\("(\w+)"', module.read_text(encoding="utf-8"))


@pytest.mark.parametrize("stage", sorted({"", *stages()}))
def test_every_stage_has_a_name_also_where_the_whole_is_not_known(words, stage):
    assert "%" not in job_html(words, view(stage=stage, done=0, total=0, seconds=0.0))


def test_work_that_goes_on_is_watched(bench):
    updates = follow(bench, view())
    assert updates[bench.tab.desk.job] == "import-1" and updates[bench.tab.desk.timer].active
    assert 'class="work"' in updates[bench.tab.desk.progress]  # the line is there while it says something


def test_work_that_is_done_is_shown(bench):
    assert follow(bench, view(state="done", result="d2"), "d1")[bench.session.dataset] == "d2"
    same = follow(bench, view(state="done", result="d1"), "d1")
    assert bench.session.dataset not in same and same[bench.tab.desk.changed]


def test_work_that_was_cancelled_leaves_everything_as_it_was(bench):
    updates = follow(bench, view(state="cancelled"), "d1")
    assert updates[bench.tab.desk.job] == "" and not updates[bench.tab.desk.progress]
    assert bench.session.dataset not in updates and bench.tab.desk.changed not in updates


def test_work_that_failed_says_why(bench):
    with pytest.raises(EmptyFile):
        follow(bench, view(state="failed", error=EmptyFile(file="a.csv")))


def test_a_page_that_opens_finds_its_work_again(bench):
    calls = DeskCalls(bench.tab.desk, bench.words, bench.studio, bench.session)
    assert calls.arrive("", "")[bench.tab.desk.job] == ""
    assert calls.arrive("", "import-of-another-time")[bench.tab.desk.job] == ""
    job = bench.studio._work.start("import", lambda progress: nobody_watches("", 0, 0) or "d7")
    assert calls.arrive("", job.id)[bench.session.dataset] == "d7"
    calls.stop("import-of-another-time")  # nothing to stop is no error


def test_what_undo_takes_back_has_a_name(words):
    assert change_name(words, "edit") == words("data.change.edit")
    html = words.core("cleaner.html.label", CLEANERS.get("html").label)
    assert html in change_name(words, "html duplicates")


def test_undo_is_offered_only_after_a_change(bench):
    assert not undo_updates(bench.tab.desk, bench.words, "")[bench.tab.desk.undo_row].visible
    assert undo_updates(bench.tab.desk, bench.words, "split")[bench.tab.desk.undo_row].visible


def test_undo_brings_an_action_back(bench, messy):
    bench.studio.set_actions(messy, {"duplicates": "keep"})
    calls = DeskCalls(bench.tab.desk, bench.words, bench.studio, bench.session)
    assert bench.tab.desk.changed in calls.undo(messy)
    assert bench.studio.dataset(messy).actions["duplicates"] == "drop"
