"""What the Train tab says about a run."""

import pytest

from core.evaluation import FIGURES
from core.runs.curves import Curves
from tests.helpers.views import curves, run
from ui.tabs import train

NOTHING = Curves((), (), None)


@pytest.mark.parametrize(
    ("status", "losses", "says"),
    [
        ({"state": "starting"}, (), "starting"),
        ({"state": "queued"}, (), "queued"),
        ({"state": "cancelled"}, (), "cancelled"),
        ({"state": "running"}, (3.0, 2.0), "begun"),
        ({"state": "running"}, (3.0, 2.5, 2.0, 1.8), "going_well"),
        ({"state": "running"}, (3.0, 2.001, 2.0005, 2.0), "levelling"),
        ({"state": "running"}, (3.0, 2.0, 2.2, 2.5), "by_heart"),
        ({"state": "finished"}, (3.0,), "finished"),
        ({"state": "finished", "first_validation_loss": 3.0, "best_loss": 2.95}, (3.0,), "little"),
        ({"state": "finished", "stopped_early": True}, (3.0,), "stopped_early"),
        ({"state": "stopped"}, (3.0,), "stopped"),
        ({"state": "paused"}, (3.0,), "paused"),
        ({"state": "interrupted"}, (3.0,), "interrupted"),
        ({"state": "failed"}, (3.0,), "failed"),
    ],
)
def test_one_plain_sentence_says_how_it_goes(words, status, losses, says):
    view, made = run(**status), curves(*losses)
    assert train.sentence_key(view.status, made) == f"train.says.{says}"
    assert "{" not in train.sentence_html(words, view, made)


def test_a_loss_is_told_with_its_meaning(english):
    view = run(first_validation_loss=1.92, best_loss=0.84)
    shown = train.figures_html(english, view.status, curves(1.92, 0.84))
    assert "1.92 → 0.84" in shown and "2.9 times as easily" in shown


def test_before_the_first_point_nothing_is_claimed(words):
    assert words("train.loss.none") in train.figures_html(words, run().status, NOTHING)


def test_a_failure_is_told_in_the_readers_language(words):
    error = {
        "code": "diverged",
        "facts": {"step": 7, "found": "nan", "rate": 0.1, "expected": 0.05},
        "message": "At step 7",
    }
    shown = train.sentence_html(words, run("failed", error=error), NOTHING)
    assert ("第 7 步" in shown) == (words.language == "zh")
    assert ("At step 7" in shown) == (words.language == "en")


@pytest.mark.parametrize(
    ("view", "buttons"),
    [
        (run("running"), {"stop": True, "pause": True, "resume": False}),
        (run("queued", step=0), {"stop": True, "pause": False, "resume": False}),
        (run("cancelled", step=0), {"stop": False, "pause": False, "resume": True}),
        (run("paused", has_checkpoint=True), {"stop": False, "pause": False, "resume": True}),
        (run("interrupted", has_checkpoint=True), {"stop": False, "pause": False, "resume": True}),
        (run("finished", step=100, has_result=True), {"stop": False, "pause": False, "resume": False}),
    ],
)
def test_only_what_can_be_done_now_is_offered(words, build, view, buttons):
    tab = build(train)
    updates = train.run_updates(tab, words, view, curves(3.0, 2.0))
    assert {name: updates[getattr(tab, name)].visible for name in buttons} == buttons
    assert set(updates) <= set(tab.shown)


def test_a_run_that_waits_says_its_place_and_can_leave(words, build):
    tab, view = build(train), run("queued", step=0, num_steps=0)
    updates = train.run_updates(tab, words, view, NOTHING, place=2)
    place = words("state.queued.place", place=2)
    assert place in updates[tab.progress] and "2" in updates[tab.sentence]
    assert updates[tab.top.next].value == words("train.next.queued", place=2) and not updates[tab.top.next].interactive
    assert updates[tab.stop].value == words("train.cancel")


def test_compare_opens_when_something_was_learned(words, build):
    tab = build(train)
    going = train.run_updates(tab, words, run("running", has_result=True), NOTHING)
    done = train.run_updates(tab, words, run("finished", has_result=True), NOTHING)
    assert (going[tab.top.next].interactive, done[tab.top.next].interactive) == (False, True)


def test_progress_counts_steps_and_time(english):
    shown = train.progress_html(english, run())
    assert "step 50 of 100" in shown and "30 seconds left" in shown and 'aria-valuenow="50"' in shown


def test_a_run_that_ended_early_is_done(words):
    assert 'aria-valuenow="100"' in train.progress_html(words, run("finished", stopped_early=True))


def test_a_paused_run_is_to_be_gone_on_with_and_steps_that_are_not_counted_yet_are_not_told(words):
    assert train.next_label(words, run("paused", has_checkpoint=True)) == words("train.next.resume")
    assert train.next_label(words, run("failed", step=0)) == words("train.next.waiting")
    unknown = words("train.step_of", step="0", steps="0")
    assert unknown not in train.progress_html(words, run("starting", step=0, num_steps=0))


def test_what_a_task_measures_is_shown_by_its_plain_name(words):
    status = run(
        "running", figures={"accuracy": 0.9, "reward_margin": 0.25}, first_validation_loss=0.7, best_loss=0.2
    ).status
    shown = train.figures_html(words, status, curves())
    for name, value in (("accuracy", "90 %"), ("reward_margin", "0.25")):
        assert words.core(f"figure.{name}.label", FIGURES.get(name).label) in shown and value in shown
    assert words("train.loss.easier", times="1.6") not in shown
