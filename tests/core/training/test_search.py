"""What a search proposes, and what its events say."""

from pathlib import Path

import pytest

from core.errors import OptionRefused
from core.training.events import Event
from core.training.plan import TrainingPlan
from core.training.search import best_of, most_epochs, open_study, proposed, start_of, trials_of
from tests.helpers.views import plan as a_plan


@pytest.fixture
def plan() -> TrainingPlan:
    return a_plan(options={"r": 16, "lora_alpha": 48}).changed({"learning_rate": 1e-3, "epochs": 3})


def proposals(path: Path, plan: TrainingPlan, count: int) -> list[dict]:
    """With a loss that is lower the nearer the rate is to 3e-3."""
    study, made = open_study(path, plan), []
    for _ in range(count):
        trial = study.ask()
        made.append(proposed(trial, plan))
        study.tell(trial, abs(made[-1]["learning_rate"] - 3e-3))
    return made


def test_the_first_trial_is_the_plan_and_the_others_stay_within_their_limits(tmp_path: Path, plan: TrainingPlan):
    first, *others = proposals(tmp_path / "study.jsonl", plan, 20)
    assert first == {"learning_rate": 1e-3, "epochs": 3, "r": 16, "lora_alpha": 48}
    assert all(1e-4 <= made["learning_rate"] <= 1e-2 and 1 <= made["epochs"] <= 6 for made in others)
    assert {made["r"] for made in others} <= {4, 8, 16, 32, 64} and len({made["r"] for made in others}) > 1
    assert all(made["lora_alpha"] == 3 * made["r"] for made in others)
    assert all(plan.changed(made).options["r"] == made["r"] for made in others)


def test_the_same_seed_proposes_the_same(tmp_path: Path, plan: TrainingPlan):
    one, other = (proposals(tmp_path / f"{name}.jsonl", plan, 12) for name in "ab")
    assert one == other
    assert proposals(tmp_path / "c.jsonl", plan.changed({"seed": 7}), 12) != one


def test_a_rank_that_an_earlier_run_fixed_is_not_looked_for(tmp_path: Path, plan: TrainingPlan):
    continued = plan.model_copy(update={"continue_from": "r0"})
    assert all(set(made) == {"learning_rate", "epochs"} for made in proposals(tmp_path / "s.jsonl", continued, 3))
    full = a_plan(strategy="full")
    assert set(start_of(full)) == {"learning_rate", "epochs"} and most_epochs(full) == 6


def test_trials_that_were_left_count_as_failed_and_the_study_goes_on(tmp_path: Path, plan: TrainingPlan):
    from optuna.trial import TrialState

    path = tmp_path / "study.jsonl"
    study = open_study(path, plan)
    proposed(study.ask(), plan)
    again = open_study(path, plan)
    assert [trial.state for trial in again.get_trials()] == [TrialState.FAIL]
    assert again.ask().number == 1


def test_what_is_worse_than_the_others_at_the_same_check_is_stopped(tmp_path: Path, plan: TrainingPlan):
    study = open_study(tmp_path / "study.jsonl", plan)
    for loss in (1.0, 1.1, 1.2):
        trial = study.ask()
        proposed(trial, plan)
        for check in range(1, 5):
            trial.report(loss, check)
        study.tell(trial, loss)
    worse, better = study.ask(), study.ask()
    for trial, loss in ((worse, 2.0), (better, 0.5)):
        trial.report(loss, 1)
        assert not trial.should_prune()
        trial.report(loss, 3)
    assert worse.should_prune() and not better.should_prune()


def told(number, **facts):
    return Event("trial", number, 0.0, {"number": number, "params": {"r": number}, **facts})


def test_trials_are_read_from_events_and_the_best_came_to_its_end():
    trials = trials_of(
        [
            told(0, share=0.5, loss=2.0),
            told(0, share=1.0, loss=2.2),
            told(0, state="done"),
            told(1, share=0.5, loss=0.1),
            told(1, state="cut"),
            told(2, share=0.5, loss=1.5),
            told(2, state="done"),
            told(3, state="failed"),
            told(4, share=0.1, loss=3.0),
        ]
    )
    assert [(trial.state, trial.loss) for trial in trials] == [
        ("done", 2.0),
        ("cut", 0.1),
        ("done", 1.5),
        ("failed", None),
        ("going", 3.0),
    ]
    assert trials[0].points == ((0.5, 2.0), (1.0, 2.2)) and trials[0].params == {"r": 0}
    assert best_of(trials) == trials[2]
    assert best_of(trials[3:]) is None


def test_a_search_needs_time_and_something_held_back(plan: TrainingPlan):
    assert plan.searching(5).search_minutes == 5
    for minutes in (0, -1, 1e9):
        with pytest.raises(OptionRefused, match="minutes"):
            plan.searching(minutes)
    with pytest.raises(OptionRefused, match="validation_fraction"):
        plan.changed({"validation_fraction": 0}).searching(5)
