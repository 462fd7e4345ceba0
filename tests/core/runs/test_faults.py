"""What fails on the way is put right: memory, a loss that runs away, a disk without room. Faults are planted, for a
machine that really runs out of memory or disk cannot be had in a test; all else is real."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from core.data.store import Dataset
from core.runs.sitting import last_checkpoint
from core.runs.store import RunView
from core.studio import Studio
from core.training.plan import TrainingPlan
from core.training.trainer import TailorTrainer
from tests.core.runs.steering import checks, finish, losses
from tests.helpers.plans import tiny_plan


@pytest.fixture
def plan(dataset: Dataset, tiny: Path) -> TrainingPlan:
    """24 steps, checked and saved every 5."""
    return tiny_plan(tiny, dataset.id, epochs=6, early_stopping_patience=0)


def notes(view: RunView) -> dict[str, dict[str, Any]]:
    return {note["code"]: note for note in view.status.notes}


# Memory -----------------------------------------------------------------------------------------------------


def short_of_memory(monkeypatch: pytest.MonkeyPatch, fits: int, error: type[RuntimeError] | None = None) -> list[int]:
    """A device with room for so many tokens; what was tried."""
    loss, tried = TailorTrainer._loss, list[int]()

    def tight(self: TailorTrainer, model: Any, part: dict[str, Any]) -> Any:
        tried.append(part["attention_mask"].numel())
        if tried[-1] > fits:
            if error is None:
                raise torch.OutOfMemoryError("CUDA out of memory.")
            raise error("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")
        return loss(self, model, part)

    monkeypatch.setattr(TailorTrainer, "_loss", tight)
    return tried


@pytest.mark.parametrize("error", [None, RuntimeError], ids=["cuda", "cpu"])
def test_without_memory_fewer_rows_are_read_at_a_time_and_the_result_is_the_same(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch, error: type[RuntimeError] | None
):
    whole = finish(studio, plan)
    tried = short_of_memory(monkeypatch, 70, error)
    view = finish(studio, plan)
    assert max(tried) > 70
    assert view.status.state == "finished"
    assert losses(studio, view.id) == pytest.approx(losses(studio, whole.id), abs=1e-4)
    assert checks(studio, view.id) == pytest.approx(checks(studio, whole.id), abs=1e-4)
    assert notes(view)["smaller_batches"]["tokens"] <= 70
    assert notes(whole) == {}


def test_a_single_row_that_does_not_fit_is_said(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    short_of_memory(monkeypatch, 5)
    view = finish(studio, plan)
    assert view.status.state == "failed"
    assert view.status.error is not None
    assert view.status.error["code"] == "row_too_large_for_memory"
    assert view.status.error["facts"]["found"] > 5


def test_another_error_is_not_taken_for_one_of_memory(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    def wrong(*_: Any) -> Any:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(TailorTrainer, "_loss", wrong)
    view = finish(studio, plan)
    assert view.status.error is not None
    assert view.status.error["code"] == "unexpected"


# A loss that runs away --------------------------------------------------------------------------------------


def losing_its_way(monkeypatch: pytest.MonkeyPatch, at: int, found: float, times: int) -> None:
    """The loss of this step is `found`, so many times."""
    gradients, done = TailorTrainer._gradients, list[int]()

    def wild(self: TailorTrainer, model: Any, inputs: dict[str, Any]) -> float:
        loss = gradients(self, model, inputs)
        if self.state.global_step + 1 == at and len(done) < times:
            done.append(at)
            return found
        return loss

    monkeypatch.setattr(TailorTrainer, "_gradients", wild)


@pytest.mark.parametrize("found", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_takes_the_run_back_with_a_lower_rate(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch, found: float
):
    whole = finish(studio, plan)
    losing_its_way(monkeypatch, at=13, found=found, times=1)
    view = finish(studio, plan)
    assert view.status.state == "finished"
    assert view.status.times_slowed == 1
    assert notes(view)["slowed"] | {"step": 13, "back": 10} == notes(view)["slowed"]
    before, after = losses(studio, whole.id), losses(studio, view.id)
    assert list(after) == list(range(1, 25))
    assert [after[step] for step in range(1, 11)] == pytest.approx([before[step] for step in range(1, 11)], abs=1e-6)
    rates = {
        event.step: event.facts["learning_rate"] for event in studio.runs.events(view.id)[0] if event.kind == "step"
    }
    usual = {
        event.step: event.facts["learning_rate"] for event in studio.runs.events(whole.id)[0] if event.kind == "step"
    }
    assert [rates[step] for step in range(12, 24)] == pytest.approx([usual[step] / 3 for step in range(12, 24)])


def test_before_the_first_checkpoint_it_begins_anew(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    losing_its_way(monkeypatch, at=3, found=float("nan"), times=1)
    view = finish(studio, plan)
    assert view.status.state == "finished"
    assert notes(view)["slowed"] | {"step": 3, "back": 0} == notes(view)["slowed"]
    assert list(losses(studio, view.id)) == list(range(1, 25))


def test_after_two_tries_it_stops_with_a_sentence(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    losing_its_way(monkeypatch, at=13, found=float("nan"), times=3)
    view = finish(studio, plan)
    assert view.status.state == "failed"
    assert view.status.times_slowed == 2
    assert view.status.error is not None
    assert view.status.error["code"] == "diverged"


# The disk ---------------------------------------------------------------------------------------------------


def without_room(monkeypatch: pytest.MonkeyPatch, fails: Callable[[int, int], bool]) -> None:
    """Writing the optimiser of a checkpoint fails half-way where `fails(step, attempt)` says so."""
    save, attempts = TailorTrainer._save_optimizer_and_scheduler, dict[int, int]()

    def full(self: TailorTrainer, output_dir: str) -> None:
        step = self.state.global_step
        attempts[step] = attempts.get(step, 0) + 1
        if fails(step, attempts[step]):
            Path(output_dir, "optimizer.pt").write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        save(self, output_dir)

    monkeypatch.setattr(TailorTrainer, "_save_optimizer_and_scheduler", full)


def test_on_a_full_disk_older_checkpoints_make_room(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    whole = finish(studio, plan)
    without_room(monkeypatch, lambda step, attempt: step == 15 and attempt == 1)
    view = finish(studio, plan)
    assert view.status.state == "finished"
    assert losses(studio, view.id) == pytest.approx(losses(studio, whole.id), abs=1e-6)
    assert notes(view) == {}


def test_where_there_is_no_room_at_all_the_run_waits_and_goes_on_later(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    whole = finish(studio, plan)
    with monkeypatch.context() as patch:
        without_room(patch, lambda step, _: step >= 15)
        view = finish(studio, plan)
    folder = studio.runs.folder(view.id)
    assert view.status.state == "paused"
    assert "disk_full" in notes(view)
    assert [path.name for path in folder.checkpoints.iterdir()] == ["checkpoint-10"]
    kept = last_checkpoint(folder)
    assert kept is not None
    studio.resume(view.id)
    assert studio.wait(view.id).status.state == "finished"
    assert losses(studio, view.id) == pytest.approx(losses(studio, whole.id), abs=1e-4)


def test_a_disk_that_is_full_from_the_start_is_said(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    without_room(monkeypatch, lambda *_: True)
    view = finish(studio, plan)
    assert view.status.state == "failed"
    assert view.status.error is not None
    assert view.status.error["code"] == "disk_full"


# What is measured beforehand --------------------------------------------------------------------------------


def test_the_rehearsal_leaves_no_trace(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    dropped = plan.changed({"lora_dropout": 0.2})
    rehearsed = finish(studio, dropped)
    monkeypatch.setattr("core.runs.sitting._rehearse", lambda *_: None)
    plain = finish(studio, dropped)
    assert losses(studio, rehearsed.id) == losses(studio, plain.id)
    assert checks(studio, rehearsed.id) == checks(studio, plain.id)
    assert plain.status.expected_seconds is None
    assert rehearsed.status.expected_seconds is not None
    assert rehearsed.status.expected_memory_gib is not None
