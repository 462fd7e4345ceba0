"""What the Runs tab says."""

from tests.helpers.views import RUN_ID, run
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


def test_no_runs_yet(words, build):
    assert words("runs.empty.text") in runs.table_html(words, [])
    tab = build(runs)
    assert set(runs.list_updates(tab, words, (), "")) <= set(tab.shown)


def test_a_list_drawn_anew_leaves_the_question_before_deleting_alone(words, build):
    tab = build(runs)
    assert not set(runs.list_updates(tab, words, (run("finished"),), RUN_ID)) & set(tab.asked)
