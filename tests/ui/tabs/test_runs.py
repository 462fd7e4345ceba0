"""What the Runs tab says."""

from dataclasses import replace

import gradio as gr

from tests.helpers.views import RUN_ID, run
from ui.guard import Guard
from ui.session import build_session
from ui.tabs import runs


def test_a_run_is_a_row_with_what_can_be_done(words):
    shown = runs.table_html(words, [run("finished", step=100, has_result=True, best_loss=0.8432)], RUN_ID)
    for part in (words("state.finished"), "customer_service", "starter", "0.84", "2026-11-24 08:12", 'class="watched"'):
        assert part in shown
    assert [f'data-action="{name}"' in shown for name in ("open", "compare", "resume", "delete")] == [
        True,
        True,
        False,
        True,
    ]


def test_a_run_that_goes_cannot_be_deleted(words):
    assert 'data-action="delete"' not in runs.table_html(words, [run("running")])


def test_an_interrupted_run_can_go_on(words):
    assert 'data-action="resume"' in runs.table_html(words, [run("interrupted", has_checkpoint=True)])


def test_runs_that_wait_stand_first_in_their_order_and_can_be_moved_and_taken_out(words):
    finished = replace(run("finished"), id="20261124-090000-z")
    later = replace(run("queued", turn=2.0), id="20261124-080000-later")
    sooner = replace(run("queued", turn=1.0), id="20261124-070000-sooner")
    shown = runs.table_html(words, [finished, later, sooner])
    order = [shown.index(f'data-run="{view.id}"') for view in (sooner, later, finished)]
    assert order == sorted(order)
    assert words("state.queued.place", place=1) in shown and words("state.queued.place", place=2) in shown
    for action in ("up", "down", "cancel"):
        assert shown.count(f'data-action="{action}"') == 2
    assert shown.count('data-action="delete"') == 1


def test_a_run_says_which_it_builds_on_and_offers_to_be_built_on(words):
    parent = replace(run("finished", has_result=True, title="manners"), id="20261124-070000-manners")
    child = run("finished", has_result=True)
    child = replace(child, plan=child.plan.model_copy(update={"continue_from": parent.id}))
    shown = runs.table_html(words, [child, parent])
    assert words("runs.parent", title="manners", when="2026-11-24 07:00") in shown
    assert shown.count('data-action="continue"') == 2
    assert words("runs.parent.gone", id=parent.id) in runs.table_html(words, [child])
    assert 'data-action="continue"' not in runs.table_html(words, [run("running", has_result=True)])


def test_moving_and_taking_out_ask_the_studio(words, build, studio, monkeypatch):
    asked = []
    monkeypatch.setattr(type(studio), "move", lambda self, run, direction: asked.append((run, direction)))
    monkeypatch.setattr(type(studio), "stop", lambda self, run: asked.append((run, "stop")))
    with gr.Blocks():
        tab, session = runs.build(words), build_session()
        calls = runs.wire(tab, Guard(words, gr.HTML()), studio, session)
    for action in ("up", "down", "cancel"):
        assert set(calls.act(action, "r1", "")) == set(tab.shown)
    assert asked == [("r1", "up"), ("r1", "down"), ("r1", "stop")]


def test_no_runs_yet(words, build):
    assert words("runs.empty.text") in runs.table_html(words, [])
    tab = build(runs)
    assert set(runs.list_updates(tab, words, (), "")) <= set(tab.shown)


def test_a_list_drawn_anew_leaves_the_question_before_deleting_alone(words, build):
    tab = build(runs)
    assert not set(runs.list_updates(tab, words, (run("finished"),), RUN_ID)) & set(tab.asked)
