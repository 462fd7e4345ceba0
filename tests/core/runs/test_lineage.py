"""A run that goes on from what an earlier one learned."""

import shutil
from pathlib import Path

import pytest

from core.data.store import Dataset
from core.errors import OptionRefused, RunMissing, RunNotFinished
from core.runs.lineage import continued, parent_of
from core.strategies import STRATEGIES
from core.studio import Studio
from core.training.plan import TrainingPlan
from core.workspace import read_json
from tests.core.runs.steering import checks, finish
from tests.helpers.plans import tiny_plan
from tests.helpers.rows import write_pairs

RATES = {"adapter": 5e-3, "model": 1e-2}  # by what a strategy saves


@pytest.fixture
def plan(dataset: Dataset, tiny: Path) -> TrainingPlan:
    return tiny_plan(tiny, dataset.id, epochs=6, r=4)


@pytest.mark.parametrize("strategy", [way.name for way in STRATEGIES if way.continues and way.base_bits is None])
def test_the_first_held_back_loss_is_the_parents_last_and_it_learns_on(
    studio: Studio, dataset: Dataset, tiny: Path, strategy: str
):
    rate = RATES[STRATEGIES.get(strategy).saves]
    plan = tiny_plan(tiny, dataset.id, strategy, epochs=6, learning_rate=rate)
    parent = finish(studio, plan)
    fresh = checks(studio, parent.id)[0]
    child = finish(studio, plan.model_copy(update={"continue_from": parent.id}))
    assert child.status.state == "finished"
    first = checks(studio, child.id)[0]
    assert first == pytest.approx(parent.status.best_loss, abs=1e-4)
    assert child.status.best_loss < first < fresh
    assert read_json(studio.runs.folder(child.id).plan)["continue_from"] == parent.id


@pytest.mark.parametrize("strategy", [way.name for way in STRATEGIES if not way.continues])
def test_what_cannot_be_learned_on_is_said(studio: Studio, dataset: Dataset, tiny: Path, strategy: str):
    plan = tiny_plan(tiny, dataset.id, strategy, max_steps=2, max_length=60, num_virtual_tokens=4)
    parent = finish(studio, plan)
    with pytest.raises(OptionRefused, match="lora"):
        studio.start(plan.model_copy(update={"continue_from": parent.id}))


def test_base_strategy_and_options_are_the_parents_and_the_data_are_free(
    studio: Studio, plan: TrainingPlan, tiny: Path, tmp_path: Path
):
    parent = finish(studio, plan.changed({"max_steps": 4}))
    other = studio.import_files([write_pairs(tmp_path / "o.jsonl", [(f"Word {n}?", f"It is {n}.") for n in range(24)])])
    drafted = studio.draft(other.id, "starter", strategy="full", goal="skill", preset="quick", continue_from=parent.id)
    assert (drafted.base, drafted.strategy, drafted.dataset) == (str(tiny), "lora", other.id)
    assert (drafted.options["r"], drafted.continue_from) == (4, parent.id)
    wrong = tiny_plan(tiny, other.id, r=8, max_steps=2).model_copy(update={"continue_from": parent.id})
    child = finish(studio, wrong)
    assert (child.status.state, child.plan.options["r"]) == ("finished", 4)


def test_the_parent_may_be_deleted_and_a_pause_changes_nothing(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    from tests.core.runs.steering import at_step

    parent = finish(studio, plan.changed({"max_steps": 4}))
    whole = finish(studio, plan.model_copy(update={"continue_from": parent.id}))
    at_step(monkeypatch, 7, studio.pause)
    paused = finish(studio, plan.model_copy(update={"continue_from": parent.id}))
    studio.delete_run(parent.id)
    studio.resume(paused.id)
    view = studio.wait(paused.id)
    assert view.status.state == "finished"
    assert checks(studio, view.id) == pytest.approx(checks(studio, whole.id), abs=1e-4)


def test_only_a_run_with_a_result_can_be_continued(studio: Studio, plan: TrainingPlan):
    with pytest.raises(RunMissing):
        studio.start(plan.model_copy(update={"continue_from": "none"}))
    done = finish(studio, plan.changed({"max_steps": 2}))
    shutil.rmtree(studio.runs.folder(done.id).adapter)
    with pytest.raises(RunNotFinished):
        studio.start(plan.model_copy(update={"continue_from": done.id}))
    assert [run.id for run in studio.runs.list()] == [done.id]


def test_a_parent_is_found_by_its_folder_too(studio: Studio, plan: TrainingPlan, tmp_path: Path):
    done = finish(studio, plan.changed({"max_steps": 2}))
    elsewhere = shutil.copytree(studio.runs.folder(done.id).path, tmp_path / "elsewhere")
    assert parent_of(studio.runs, str(elsewhere)).path == elsewhere
    assert continued(plan, parent_of(studio.runs, done.id), done.id).continue_from == done.id
