"""What Train shows of a search."""

import json
from dataclasses import replace

from core.training.search import TrialView
from tests.helpers.views import curves, run
from ui.figures import trials_figure
from ui.tabs import plan, train
from ui.tabs.train_search import search_updates, trials_html

TRIALS = (
    TrialView(0, {"learning_rate": 1e-4, "r": 16}, "done", ((0.5, 2.5), (1.0, 2.4))),
    TrialView(1, {"learning_rate": 2e-3, "r": 8}, "done", ((0.5, 1.9), (1.0, 1.2))),
    TrialView(2, {"learning_rate": 9e-3, "r": 4}, "going", ((0.5, 1.1),)),
    TrialView(3, {"learning_rate": 1.0, "r": 4}, "failed"),
)


def search(state="running", **status):
    view = run(state, **status)
    return replace(view, plan=view.plan.model_copy(update={"search_minutes": 5.0}))


def updates(words, tab, view):
    return search_updates(tab, words, view, TRIALS, train.run_updates(tab, words, view, curves()))


def test_the_best_that_came_to_its_end_stands_first_and_every_trial_has_its_settings(words):
    shown = trials_html(words, TRIALS)
    order = [
        shown.index(f"learning_rate = {trial.params['learning_rate']}") for trial in (TRIALS[1], TRIALS[0], TRIALS[2])
    ]
    assert order == sorted(order)
    assert shown.count('class="watched"') == 1 and words("train.trial.failed") in shown
    assert words("train.trials.none") in trials_html(words, ())


def test_each_trial_is_a_curve_and_the_best_is_drawn_last(words):
    figure = json.loads(trials_figure(words, TRIALS))
    assert len(figure["data"]) == 4
    assert figure["data"][-1]["y"] == [1.9, 1.2] and figure["data"][-1]["opacity"] == 1.0
    assert words("chart.trials.empty") in trials_figure(words, TRIALS[3:])


def test_a_search_counts_no_steps_and_opens_no_comparison(words, build):
    tab = build(train)
    shown = updates(words, tab, search())
    assert words("train.step_of", step="50", steps="100") not in shown[tab.progress]
    assert not shown[tab.top.next].interactive and "1.20" in shown[tab.sentence]
    assert set(shown) <= set(tab.shown)
    assert shown[tab.stop].visible and shown[tab.pause].visible
    for state in ("finished", "stopped", "paused", "interrupted", "queued", "starting", "cancelled", "failed"):
        assert "{" not in updates(words, tab, search(state))[tab.sentence]


def test_a_search_is_begun_around_the_plan_of_the_form(studio, build, words, monkeypatch):
    from ui.session import build_session

    begun = []
    monkeypatch.setattr(type(studio), "search", lambda self, plan, minutes: begun.append((plan, minutes)) or "s1")
    calls = plan.PlanCalls(build(plan), words, studio, build_session())
    dataset = studio.import_sample("python_style").id
    raw = {name: part.value for name, part in calls.tab.reads.items()}
    raw["drafted"] = plan.Choice.of(raw).mark(dataset)
    assert calls.look(dataset, 3, **{**raw, "epochs": 4}) == {calls.session.run: "s1"}
    ((made, minutes),) = begun
    assert (made.schedule.epochs, minutes) == (4, 3.0)
