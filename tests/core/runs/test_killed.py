"""A real process killed in the middle of a run, and the next start."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from core.data.store import Dataset
from core.errors import RunNotResumable, RunStillGoing
from core.runs.recorder import Recorder
from core.runs.sitting import last_checkpoint
from core.studio import Studio
from core.training.events import EventKind
from core.training.plan import TrainingPlan
from core.workspace import Workspace, write_json
from tests.core.runs.steering import at_step, checks, finish, losses
from tests.helpers.plans import tiny_plan

ROOT = Path(__file__).resolve().parents[3]
KILLED_AT, LAST_SAVED = 13, 10


def train_elsewhere(studio: Studio, plan: TrainingPlan, id: str) -> subprocess.Popen[bytes]:
    """A second process that trains in the same workspace, as far as step KILLED_AT."""
    written = studio.workspace.root / "wanted.json"
    write_json(written, plan.model_dump(mode="json"))
    command = [sys.executable, "-m", "tests.core.runs.train_slowly", str(studio.workspace.root), str(written), id]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"})
    deadline = time.monotonic() + 60
    while not any(step >= KILLED_AT for step in _steps(studio, id)):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return process


def _steps(studio: Studio, id: str) -> list[int]:
    return list(losses(studio, id)) if studio.workspace.run(id).plan.exists() else []


@pytest.fixture
def plan(dataset: Dataset, tiny: Path) -> TrainingPlan:
    """24 steps with a checkpoint every 5, random masks included."""
    return tiny_plan(tiny, dataset.id, epochs=6, early_stopping_patience=0, lora_dropout=0.1)


def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    process = train_elsewhere(studio, plan, "killed")
    waits = studio.start(plan)
    assert studio.run(waits).status.state == "queued"
    studio.delete_run(waits)
    with pytest.raises(RunStillGoing):
        studio.delete_run("killed")
    assert studio.run("killed").status.state == "running"

    process.send_signal(signal.SIGKILL)
    while studio.run("killed").status.is_active:  # the process is dead at once, and buried only by wait()
        time.sleep(0.01)
    assert process.wait() == -signal.SIGKILL

    again = Studio(Workspace(studio.workspace.root))
    (view,) = again.interrupted_runs()
    assert (view.id, view.status.state, view.is_resumable) == ("killed", "interrupted", True)
    folder = again.runs.folder("killed")
    assert last_checkpoint(folder).name == f"checkpoint-{LAST_SAVED}"
    half_written = shutil.copytree(
        folder.checkpoints / f"checkpoint-{LAST_SAVED}", folder.checkpoints / "checkpoint-12"
    )
    (half_written / "trainer_state.json").unlink()
    torn = shutil.copytree(folder.checkpoints / f"checkpoint-{LAST_SAVED}", folder.checkpoints / "checkpoint-13")
    state = (torn / "trainer_state.json").read_text(encoding="utf-8")
    (torn / "trainer_state.json").write_text(state[: len(state) // 2], encoding="utf-8")
    assert last_checkpoint(folder).name == f"checkpoint-{LAST_SAVED}"
    with folder.events.open("ab") as file:
        file.write(b'{"kind": "st')  # it died while writing

    left: list[list[str]] = []
    event = Recorder.event

    def noting(self: Recorder, kind: EventKind, step: int, facts: dict[str, Any]) -> None:
        if kind == "resumed":
            left.append(sorted(path.name for path in self.folder.checkpoints.iterdir()))
        event(self, kind, step, facts)

    monkeypatch.setattr(Recorder, "event", noting)
    again.resume("killed")
    view = again.wait("killed")
    assert view.status.state == "finished"
    assert left == [[f"checkpoint-{LAST_SAVED}", "checkpoint-5"]]
    whole = finish(again, plan)
    assert losses(again, "killed") == pytest.approx(losses(again, whole.id), abs=1e-4)
    assert checks(again, "killed") == pytest.approx(checks(again, whole.id), abs=1e-4)
    assert list(losses(again, "killed")) == list(range(1, 25))
    resumed = [event for event in again.runs.events("killed")[0] if event.kind == "resumed"]
    assert [event.step for event in resumed] == [LAST_SAVED]
    assert view.status.best_step == whole.status.best_step


@pytest.mark.parametrize("steps", [7, 24])
def test_a_run_killed_while_its_result_was_written_only_writes_it(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch, steps: int
):
    """All steps are done and saved; what is missing is the result."""
    short = plan.changed({"max_steps": steps})
    whole = finish(studio, short)
    with monkeypatch.context() as dying:
        dying.setattr("core.runs.sitting._keep", lambda *_: (_ for _ in ()).throw(MemoryError))
        view = finish(studio, short)
    assert view.status.state == "failed"
    assert view.is_resumable
    studio.resume(view.id)
    view = studio.wait(view.id)
    assert (view.status.state, view.status.step, view.has_result) == ("finished", steps, True)
    assert losses(studio, view.id) == losses(studio, whole.id)
    one, other = (studio.runs.folder(id).adapter / "adapter_model.safetensors" for id in (view.id, whole.id))
    assert one.read_bytes() == other.read_bytes()


def test_a_run_without_a_whole_checkpoint_is_not_resumable(studio: Studio, plan: TrainingPlan):
    view = finish(studio, plan.changed({"max_steps": 3}))
    folder = studio.runs.folder(view.id)
    for path in folder.checkpoints.glob("*/trainer_state.json"):
        path.unlink()
    status = folder.status.read_text(encoding="utf-8").replace('"finished"', '"interrupted"')
    folder.status.write_text(status, encoding="utf-8")
    assert not studio.run(view.id).is_resumable
    with pytest.raises(RunNotResumable, match="no whole checkpoint"):
        studio.resume(view.id)


def test_a_moved_run_still_keeps_its_best(studio: Studio, plan: TrainingPlan, tmp_path: Path, monkeypatch):
    at_step(monkeypatch, 12, studio.pause)
    paused = finish(studio, plan.changed({"learning_rate": 1e-2}))
    assert paused.status.best_step == 10
    shutil.move(studio.workspace.root, tmp_path / "moved")
    moved = Studio(Workspace(tmp_path / "moved"))
    at_step(monkeypatch, 14, moved.stop)
    moved.resume(paused.id)
    view = moved.wait(paused.id)
    assert (view.status.state, view.has_result) == ("stopped", True)
    best = view.status.best_step
    kept = moved.runs.folder(view.id).adapter / "adapter_model.safetensors"
    saved = moved.runs.folder(view.id).checkpoints / f"checkpoint-{best}" / "adapter_model.safetensors"
    assert kept.read_bytes() == saved.read_bytes()
