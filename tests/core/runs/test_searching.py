"""A search as a run: in its time, stopped and gone on with, and what it becomes."""

from pathlib import Path
from typing import Any

import pytest

from core.data.store import Dataset
from core.runs.recorder import Recorder
from core.studio import Studio
from core.training.plan import TrainingPlan
from core.training.search import best_of
from tests.helpers.plans import tiny_plan


@pytest.fixture
def plan(dataset: Dataset, tiny: Path) -> TrainingPlan:
    """A rate far too small: nearly every other is better."""
    return tiny_plan(tiny, dataset.id, epochs=2, r=4, learning_rate=1e-4)


def after_trials(monkeypatch: pytest.MonkeyPatch, count: int, act: Any) -> None:
    """Calls `act` with the run's id when so many trials have ended."""
    event, ended = Recorder.event, list[int]()

    def telling(self: Recorder, kind: Any, step: int, facts: dict[str, Any]) -> None:
        event(self, kind, step, facts)
        if kind == "trial" and "state" in facts:
            ended.append(step)
            if len(ended) == count:
                act(self.folder.id)

    monkeypatch.setattr(Recorder, "event", telling)


def out_of_time(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The time of a search is over when so many trials have ended, however fast the machine."""
    after_trials(monkeypatch, count, lambda _: monkeypatch.setattr("core.runs.searching.MINUTE_S", 1e-9))


def test_the_best_settings_become_a_run_of_their_own(studio: Studio, plan: TrainingPlan, monkeypatch):
    out_of_time(monkeypatch, 6)
    id = studio.search(plan, 10)
    view = studio.wait(id)
    assert view.status.state == "finished", view.status.error
    trials = studio.trials(id)
    assert [trial.number for trial in trials] == list(range(6))
    assert trials[0].params["learning_rate"] == 1e-4 and trials[0].state == "done"
    best = best_of(trials)
    assert best.loss == view.status.best_loss < trials[0].loss
    assert not studio.runs.folder(id).trials.exists() or not any(studio.runs.folder(id).trials.iterdir())
    assert not view.has_result
    became = studio.wait(view.status.became)
    assert became.status.state == "finished" and became.has_result
    assert became.plan.search_minutes == 0
    assert became.plan.schedule.learning_rate == best.params["learning_rate"]
    assert became.plan.options["r"] == best.params["r"]
    assert became.status.best_loss == pytest.approx(best.loss, abs=1e-4)
    assert len(studio.runs.list()) == 2


def test_a_search_that_is_stopped_keeps_what_it_found_and_can_go_on(studio: Studio, plan: TrainingPlan, monkeypatch):
    with monkeypatch.context() as stopping:
        after_trials(stopping, 2, studio.stop)
        id = studio.search(plan, 10)
        view = studio.wait(id)
    assert (view.status.state, view.is_resumable, view.status.became) == ("stopped", True, "")
    found = studio.trials(id)
    assert (
        len(found) == 2 and studio.runs.best_plan(id).schedule.learning_rate == best_of(found).params["learning_rate"]
    )
    assert len(studio.runs.list()) == 1
    out_of_time(monkeypatch, 2)
    studio.resume(id)
    again = studio.wait(id)
    assert again.status.state == "finished"
    assert [trial.number for trial in studio.trials(id)] == [0, 1, 2, 3]
    assert again.status.seconds > view.status.seconds
    studio.wait(again.status.became)


def test_without_time_for_one_trial_it_says_how_long_it_needs(studio: Studio, plan: TrainingPlan):
    view = studio.wait(studio.search(plan.changed({"epochs": 50}), 0.001))
    assert view.status.state == "failed"
    assert view.status.error["code"] == "search_too_short"
    assert studio.active_run() is None


def test_a_rate_that_derails_is_a_failed_trial_and_no_failed_search(studio: Studio, plan: TrainingPlan, monkeypatch):
    from core.errors import Diverged
    from core.training.trainer import TailorTrainer

    train, calls = TailorTrainer.train, list[int]()

    def derail(self: TailorTrainer, *args: Any, **values: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise Diverged(step=1, found="nan", rate="1", expected="0.1")
        return train(self, *args, **values)

    monkeypatch.setattr(TailorTrainer, "train", derail)
    out_of_time(monkeypatch, 3)
    view = studio.wait(studio.search(plan, 10))
    assert [trial.state for trial in studio.trials(view.id)][:2] == ["done", "failed"]
    assert view.status.state == "finished"
    studio.wait(view.status.became)
