import threading
from pathlib import Path
from typing import Any

import pytest
import torch

from core.data.split import read_split
from core.data.store import Dataset
from core.data.tokenize import Tokenization
from core.errors import RunMissing, RunNotResumable, RunStillGoing, StopTokenNotLearned
from core.evaluation.report import read_report
from core.models.catalog import open_base
from core.models.load import load_adapter, load_model, load_tokenizer, open_causal
from core.runs.recorder import Recorder
from core.studio import Studio
from core.training.arguments import steps_per_check
from core.training.batching import Rows, collate
from core.training.loss import summed_loss
from core.training.plan import TrainingPlan
from core.workspace import RunFolder, read_json
from tests.core.runs.steering import at_step, checks, finish, losses
from tests.helpers.plans import tiny_plan
from tests.helpers.trained import Trained, write_planted_overfit


@pytest.fixture
def plan(dataset: Dataset, tiny: Path) -> TrainingPlan:
    """24 steps, checked and saved every 5."""
    return tiny_plan(tiny, dataset.id, epochs=6, early_stopping_patience=0, lora_dropout=0.1)


def held_back_loss(model: Any, base: Path, folder: RunFolder, max_length: int = 64) -> float:
    """Mean loss per learned token, computed without the Trainer."""
    opened = open_base(str(base))
    tokens = Tokenization(load_tokenizer(opened))
    rows = Rows(tokens.rows(read_split(folder.data).validation, max_length))
    batch = collate([rows[number] for number in range(len(rows))], pad_token_id=0)
    with torch.no_grad():
        total, learned = summed_loss(model.eval(), batch)
    return total.item() / learned


def test_a_run_finishes_and_leaves_all_that_was_promised(studio: Studio, plan: TrainingPlan):
    id = studio.start(plan)
    view = studio.wait(id)
    folder = studio.runs.folder(id)
    assert view.status.state == "finished"
    assert view.status.error is None
    assert (view.status.step, view.status.num_steps, view.status.share_done) == (24, 24, 1.0)
    assert view.plan == plan.model_copy(update={"task": "conversation"})
    assert view.has_result
    assert not view.is_resumable
    assert view.status.seconds > 0
    assert view.status.tokens_per_second
    assert view.status.samples_per_second
    assert view.status.memory_gib
    expected = {"plan.json", "status.json", "events.jsonl", "data", "checkpoints", "adapter", "report.json"}
    assert {path.name for path in folder.path.iterdir()} == expected
    assert studio.active_run() is None
    assert studio.interrupted_runs() == ()


def test_every_step_is_on_the_curve_and_the_loss_falls(studio: Studio, plan: TrainingPlan, tiny: Path):
    view = finish(studio, tiny_plan(tiny, plan.dataset, "full", epochs=10, learning_rate=1e-2))
    curve = losses(studio, view.id)
    assert list(curve) == list(range(1, 41))
    assert sum(list(curve.values())[-4:]) < 0.8 * sum(list(curve.values())[:4])
    assert list(checks(studio, view.id)) == [0, *range(5, 41, steps_per_check(40))]
    kinds = {event.kind for event in studio.runs.events(view.id)[0]}
    assert kinds == {"step", "validation", "checkpoint", "state"}


@pytest.mark.parametrize("strategy", ["lora", "full"])
def test_the_best_checkpoint_is_what_is_kept(studio: Studio, trained: Trained, tmp_path: Path, strategy: str):
    """On answers that can only be learned by heart the last weights are not the best."""
    dataset = studio.import_files([write_planted_overfit(tmp_path / "words.jsonl")])
    changes = {"learning_rate": 2e-2, "epochs": 30, "early_stopping_patience": 0}
    view = finish(studio, tiny_plan(trained.base, dataset.id, strategy, **changes))
    status, folder = view.status, studio.runs.folder(view.id)
    measured = checks(studio, view.id)
    best = min(step for step, loss in measured.items() if step and loss == status.best_loss)
    assert status.best_step == best < status.num_steps == max(measured)
    assert status.best_loss == min(loss for step, loss in measured.items() if step) < measured[max(measured)] - 0.01
    base = load_model(open_base(str(trained.base)), torch.float32)
    first = held_back_loss(base, trained.base, folder)
    assert first == pytest.approx(status.first_validation_loss, abs=1e-4) == pytest.approx(measured[0], abs=1e-4)
    kept = load_adapter(base, folder.adapter) if strategy == "lora" else open_causal(folder.adapter, torch.float32)
    assert held_back_loss(kept, trained.base, folder) == pytest.approx(status.best_loss, abs=1e-4)
    assert studio.curves(view.id).kept.step == best


def test_the_report_scores_base_and_kept(studio: Studio, plan: TrainingPlan):
    view = finish(studio, plan)
    scores = {score.name: score for score in read_report(studio.runs.folder(view.id))}
    assert scores["loss"].base == view.status.first_validation_loss
    assert scores["loss"].tuned == view.status.best_loss
    assert scores["loss"].num_rows == 8
    assert scores["perplexity"].tuned == pytest.approx(torch.tensor(view.status.best_loss).exp().item(), rel=1e-4)


def test_full_tuning_keeps_a_whole_model_that_answers_quickly(studio: Studio, plan: TrainingPlan, tiny: Path):
    view = finish(studio, tiny_plan(tiny, plan.dataset, "full", epochs=3))
    folder = studio.runs.folder(view.id)
    kept = open_causal(folder.adapter, torch.float32)
    assert kept.config.use_cache
    assert held_back_loss(kept, tiny, folder) == pytest.approx(view.status.best_loss, abs=1e-4)
    assert view.status.best_loss < view.status.first_validation_loss


def test_without_a_held_back_part_the_last_weights_are_kept(studio: Studio, plan: TrainingPlan):
    view = finish(studio, plan.changed({"validation_fraction": 0, "max_steps": 7, "early_stopping_patience": 3}))
    assert view.status.state == "finished"
    assert view.status.validation_loss is view.status.best_loss is None
    assert view.has_result
    assert checks(studio, view.id) == {}
    assert read_report(studio.runs.folder(view.id)) == ()


def test_rows_for_the_very_end_stay_with_the_run_and_are_never_learned(studio: Studio, plan: TrainingPlan):
    view = finish(studio, plan.changed({"test_fraction": 3, "validation_fraction": 5, "max_steps": 2}))
    parts = read_split(studio.runs.folder(view.id).data)
    assert (len(parts.validation), len(parts.test)) == (5, 3)
    assert {row.id for row in parts.test}.isdisjoint(row.id for row in (*parts.train, *parts.validation))


def test_the_same_seed_gives_the_same_run(studio: Studio, plan: TrainingPlan):
    one, other = finish(studio, plan), finish(studio, plan)
    assert losses(studio, one.id) == losses(studio, other.id)
    assert losses(studio, finish(studio, plan.changed({"seed": 7})).id) != losses(studio, one.id)


def test_stop_keeps_what_was_learned(studio: Studio, plan: TrainingPlan, tiny: Path, monkeypatch: pytest.MonkeyPatch):
    at_step(monkeypatch, 7, studio.stop)
    view = finish(studio, plan)
    status, folder = view.status, studio.runs.folder(view.id)
    assert status.state == "stopped"
    assert status.step == 8
    assert not status.stopped_early
    assert view.has_result
    assert 8 in checks(studio, view.id)
    kept = load_adapter(load_model(open_base(str(tiny)), torch.float32), folder.adapter)
    assert held_back_loss(kept, tiny, folder) == pytest.approx(status.best_loss, abs=1e-4)
    assert read_report(folder)


def test_a_paused_run_goes_on_as_if_it_had_never_paused(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    never = finish(studio, plan)
    at_step(monkeypatch, 7, studio.pause)
    paused = finish(studio, plan)
    assert (paused.status.state, paused.status.step) == ("paused", 8)
    assert paused.is_resumable
    assert not paused.has_result
    seconds = paused.status.seconds
    studio.resume(paused.id)
    view = studio.wait(paused.id)
    assert view.status.state == "finished"
    assert losses(studio, view.id) == pytest.approx(losses(studio, never.id), abs=1e-4)
    assert checks(studio, view.id) == pytest.approx(checks(studio, never.id), abs=1e-4)
    assert (view.status.best_step, view.status.stopped_early) == (never.status.best_step, False)
    assert view.status.best_loss == pytest.approx(never.status.best_loss, abs=1e-4)
    assert view.status.first_validation_loss == pytest.approx(never.status.first_validation_loss, abs=1e-4)
    assert view.status.seconds > seconds


@pytest.fixture
def by_heart(studio: Studio, trained: Trained, tmp_path: Path) -> TrainingPlan:
    dataset = studio.import_files([write_planted_overfit(tmp_path / "words.jsonl")])
    changes = {"learning_rate": 2e-2, "epochs": 25, "early_stopping_patience": 3}
    return tiny_plan(trained.base, dataset.id, "full", **changes)


def test_early_stopping_ends_a_run_that_only_learns_by_heart(studio: Studio, by_heart: TrainingPlan):
    view = finish(studio, by_heart)
    status = view.status
    assert status.state == "finished"
    assert status.stopped_early
    assert status.step < status.num_steps == 100
    assert status.best_loss < status.validation_loss
    assert view.has_result
    behind = [step for step in checks(studio, view.id) if step > status.best_step]
    assert len(behind) == 3


def test_early_stopping_counts_on_across_a_pause(
    studio: Studio, by_heart: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    never = finish(studio, by_heart)
    at_step(monkeypatch, never.status.step - 3, studio.pause)
    paused = finish(studio, by_heart)
    assert paused.status.state == "paused"
    studio.resume(paused.id)
    view = studio.wait(paused.id)
    assert (view.status.stopped_early, view.status.step) == (True, never.status.step)


@pytest.mark.parametrize("what", ["stop", "pause"])
def test_a_request_that_comes_with_the_last_step_changes_nothing(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch, what: str
):
    short = plan.changed({"max_steps": 6})
    at_step(monkeypatch, 5, getattr(studio, what))
    view = finish(studio, short)
    assert (view.status.state, view.status.step) == ("finished", 6)
    assert view.has_result


def test_a_rate_that_derails_is_recorded_with_code_and_facts(
    studio: Studio, plan: TrainingPlan, tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("core.runs.sitting.MOST_SLOWED", 0)  # going back is tested with faults; it often helps
    died: list[object] = []
    threading.excepthook, before = died.append, threading.excepthook
    try:
        view = finish(studio, tiny_plan(tiny, plan.dataset, "full", learning_rate=1.0, epochs=100))
    finally:
        threading.excepthook = before
    assert died == []
    error = view.status.error
    assert view.status.state == "failed"
    assert error["code"] == "diverged"
    assert error["facts"]["rate"] == "1.0e+00"
    assert error["facts"]["step"] >= 1
    assert "Lower the learning rate" in error["message"]
    text = studio.runs.folder(view.id).status.read_text(encoding="utf-8")
    assert "NaN" not in text
    assert "Infinity" not in text
    assert studio.active_run() is None


def test_whatever_goes_wrong_inside_is_recorded_and_the_device_is_free(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    def break_down(id: str) -> None:
        raise ZeroDivisionError(f"in {id}")

    at_step(monkeypatch, 3, break_down)
    view = finish(studio, plan)
    assert view.status.state == "failed"
    assert view.status.error["code"] == "unexpected"
    assert "ZeroDivisionError" in view.status.error["message"]
    assert "break_down" in studio.runs.folder(view.id).log.read_text(encoding="utf-8")
    assert finish(studio, plan.changed({"max_steps": 2})).status.state == "finished"


def test_one_run_at_a_time(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    reached, go_on = threading.Event(), threading.Event()

    def hold(_: str) -> None:
        reached.set()
        assert go_on.wait(30)

    at_step(monkeypatch, 3, hold)
    id = studio.start(plan)
    assert reached.wait(30)
    try:
        assert studio.active_run().id == id
        with pytest.raises(RunStillGoing):
            studio.delete_run(id)
        with pytest.raises(RunStillGoing):
            studio.resume(id)
        assert len(studio.runs.list()) == 1
    finally:
        go_on.set()
    assert studio.wait(id).status.state == "finished"
    studio.delete_run(id)
    assert studio.runs.list() == ()


def test_start_returns_at_once_with_the_plan_on_disk(studio: Studio, plan: TrainingPlan, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr("core.runs.run.train", lambda *_: go_on.wait(30))
    id = studio.start(plan)
    assert studio.run(id).status.state == "starting"
    assert TrainingPlan(**read_json(studio.runs.folder(id).plan)) == plan.model_copy(update={"task": "conversation"})
    go_on.set()
    studio.wait(id)


def test_a_plan_with_issues_is_not_started(studio: Studio, plan: TrainingPlan):
    with pytest.raises(StopTokenNotLearned):
        studio.start(plan.changed({"max_length": 40}))
    assert studio.runs.list() == ()


def test_a_run_that_is_over_is_not_resumed(studio: Studio, plan: TrainingPlan):
    view = finish(studio, plan.changed({"max_steps": 2}))
    with pytest.raises(RunNotResumable, match="it is finished"):
        studio.resume(view.id)
    with pytest.raises(RunMissing):
        studio.resume("none")


def test_a_stopped_run_can_go_on(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    at_step(monkeypatch, 7, studio.stop)
    view = finish(studio, plan)
    assert view.is_resumable
    studio.resume(view.id)
    view = studio.wait(view.id)
    assert (view.status.state, view.status.step) == ("finished", 24)


def test_a_request_to_a_run_that_does_not_go_is_no_request(studio: Studio, plan: TrainingPlan):
    view = finish(studio, plan.changed({"max_steps": 2}))
    studio.stop(view.id)
    assert not studio.runs.folder(view.id).command.exists()


def test_the_status_of_a_resumed_run_starts_where_its_checkpoint_is(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    at_step(monkeypatch, 7, studio.pause)
    view = finish(studio, plan)
    seen: list[tuple[int, float | None, int | None]] = []
    set_ = Recorder.set

    def setting(self: Recorder, **changes: Any) -> None:
        set_(self, **changes)
        if changes.get("state") == "running":
            seen.append((self.status.step, self.status.best_loss, self.status.best_step))

    monkeypatch.setattr(Recorder, "set", setting)
    studio.resume(view.id)
    studio.wait(view.id)
    assert seen == [(8, view.status.best_loss, 5)]
