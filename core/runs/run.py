"""A run, in a thread of its own. The only file that knows of its thread, and the only one that records a failure."""

import shutil
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.data.split import read_split, write_split
from core.data.store import DatasetStore
from core.data.tokenize import Tokenization
from core.errors import DeviceBusy, RunNotResumable, RunStillGoing, TailorError
from core.evaluation.report import write_report
from core.hardware import Device, DeviceLease
from core.models.catalog import open_base
from core.models.load import load_model, load_tokenizer
from core.runs.recorder import Recorder
from core.runs.status import RESUMABLE, write_status
from core.runs.store import RunStore, RunView, view_of
from core.strategies import STRATEGIES
from core.training.plan import TrainingPlan
from core.training.preflight import check_plan, split_for
from core.workspace import RunFolder, Workspace, new_id, read_json, write_json

POLL_S = 0.2


class RunDesk:
    """Starts, stops and resumes runs; one at a time holds the device."""

    def __init__(
        self, workspace: Workspace, datasets: DatasetStore, runs: RunStore, device: Device, lease: DeviceLease
    ) -> None:
        self._workspace = workspace
        self._datasets = datasets
        self._runs = runs
        self._device = device
        self._lease = lease
        self._threads: dict[str, threading.Thread] = {}
        self._starting = threading.Lock()

    def start(self, plan: TrainingPlan, id: str | None = None) -> str:
        """Begins a run in the background and returns its id, a new one unless given.

        Raises:
            DeviceBusy: another run is going.
            TailorError: the first of the plan's issues.
        """
        with self._starting:
            self._refuse_if_busy()
            check = check_plan(self._datasets, plan, self._device, self._workspace.root)
            if check.issues:
                raise check.issues[0]
            folder = self._workspace.run(id or new_id(plan.title))
            write_split(split_for(self._datasets, plan), folder.data)
            write_status(folder.status, Recorder(folder, self._device).status)
            write_json(folder.plan, plan.model_dump(mode="json"))
            self._launch(folder)
        return folder.id

    def resume(self, id: str) -> None:
        """Goes on from the last whole checkpoint.

        Raises:
            RunStillGoing, DeviceBusy, RunNotResumable: it cannot.
        """
        with self._starting:
            folder = self._runs.folder(id)
            view = view_of(folder)
            if view.status.is_active:
                raise RunStillGoing(id=id)
            self._refuse_if_busy()
            if view.status.state not in RESUMABLE:
                raise RunNotResumable(id=id, reason=f"it is {view.status.state}")
            if last_checkpoint(folder) is None:
                raise RunNotResumable(id=id, reason="it has no whole checkpoint")
            folder.command.unlink(missing_ok=True)
            self._launch(folder)

    def ask(self, id: str, what: str) -> None:
        """Leaves a request that the trainer reads after its current step."""
        folder = self._runs.folder(id)
        if view_of(folder).status.is_active:
            write_json(folder.command, {"ask": what})

    def wait(self, id: str, watch: Callable[[RunView], None] | None = None) -> RunView:
        """Blocks until a run of this process ends; `watch` is shown its state now and then."""
        thread = self._threads.get(id)
        while thread is not None and thread.is_alive():
            thread.join(POLL_S)
            if watch:
                watch(self._runs.get(id))
        return self._runs.get(id)

    def _refuse_if_busy(self) -> None:
        going = next((run for run in self._runs.list() if run.status.is_active), None)
        if going is not None:
            raise DeviceBusy(holder=f"the run {going.id}")

    def _launch(self, folder: RunFolder) -> None:
        write_status(folder.status, Recorder(folder, self._device).status)
        thread = threading.Thread(target=self._work, args=(folder,), name=f"run {folder.id}", daemon=True)
        self._threads[folder.id] = thread
        thread.start()

    def _work(self, folder: RunFolder) -> None:
        recorder = Recorder(folder, self._device)
        try:
            with self._lease.held_by(f"the run {folder.id}", wait=True):
                _train(folder, self._device, recorder)
        except TailorError as error:
            _record_failure(recorder, {"code": error.code, "facts": _plain(error.facts), "message": str(error)})
        except Exception as error:  # noqa: BLE001 - the thread's last resort: whatever went wrong must reach the page
            folder.log.write_text(traceback.format_exc(), encoding="utf-8")
            message = f"{type(error).__name__}: {error}"
            _record_failure(recorder, {"code": "unexpected", "facts": {"reason": message}, "message": message})


def last_checkpoint(folder: RunFolder) -> Path | None:
    """The newest checkpoint that was written whole (its state is written last)."""
    whole = [path for path in folder.checkpoints.glob("checkpoint-*") if _is_whole(path)]
    return max(whole, key=_step_of, default=None)


def _step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.rsplit("-", 1)[1])


def _is_whole(checkpoint: Path) -> bool:
    try:
        return bool(read_json(checkpoint / "trainer_state.json"))
    except ValueError:
        return False


def _train(folder: RunFolder, device: Device, recorder: Recorder) -> None:
    """The whole of a run: open, train, keep the best, report."""
    plan = TrainingPlan(**read_json(folder.plan))
    base = open_base(plan.base)
    tokenizer = load_tokenizer(base)
    trainer = _prepare(folder, plan, device, recorder, base=base, tokenizer=tokenizer)
    resumed = last_checkpoint(folder)
    if resumed is None:
        trainer.train()
    else:
        _go_on(folder, trainer, recorder, resumed)
    unfinished = trainer.state.global_step < trainer.state.max_steps
    asked = recorder.asked() if unfinished else None  # a request that came with the last step changes nothing
    if asked == "pause":
        recorder.state("paused", seconds_left=None)
        return
    _keep(folder, trainer.model, tokenizer)
    recorder.set(stopped_early=asked is None and unfinished, seconds_left=None)
    write_report(folder, recorder.status, num_rows=len(trainer.eval_dataset or ()))
    recorder.state("stopped" if asked == "stop" else "finished")


def _go_on(folder: RunFolder, trainer: Any, recorder: Recorder, checkpoint: Path) -> None:
    """Trains from a checkpoint to the end; where every step was done already, only its weights are opened."""
    _forget_younger(folder, checkpoint)
    recorder.event("resumed", _step_of(checkpoint), {})
    if _step_of(checkpoint) >= trainer.args.max_steps:
        trainer.restore(checkpoint)
        return
    trainer.args.eval_on_start = False  # the base model was measured before the first step
    trainer.train(resume_from_checkpoint=str(checkpoint))


def _prepare(
    folder: RunFolder, plan: TrainingPlan, device: Device, recorder: Recorder, *, base: Any, tokenizer: Any
) -> Any:
    import torch
    from transformers import set_seed

    from core.training.batching import Rows
    from core.training.trainer import Narrator, make_trainer

    strategy = STRATEGIES.get(plan.strategy)
    half = device.uses_bf16(plan.schedule.precision) and strategy.saves == "adapter"
    set_seed(plan.schedule.seed)
    model = strategy.prepare(
        load_model(base, torch.bfloat16 if half else torch.float32, device.kind), plan.strategy_options
    )
    tokens, parts = Tokenization(tokenizer, base.path), read_split(folder.data)
    made: list[Any] = []

    def tell(kind: str, state: Any, facts: dict[str, Any]) -> None:
        recorder.tell(
            kind,
            state.global_step,
            facts,
            num_steps=state.max_steps,
            num_tokens=made[0].num_tokens if made else 0,
            effective_batch=plan.schedule.effective_batch,
        )

    made.append(
        make_trainer(
            model,
            plan,
            device,
            train=Rows(tokens.rows(parts.train, plan.schedule.max_length)),
            validation=Rows(tokens.rows(parts.validation, plan.schedule.max_length)),
            folder=str(folder.checkpoints),
            pad_token_id=tokenizer.pad_token_id,
            narrator=Narrator(tell, recorder.asked),
        )
    )
    return made[0]


def _keep(folder: RunFolder, model: Any, tokenizer: Any) -> None:
    """Writes the result beside its place and renames it in, so that it is there whole or not at all."""
    draft = folder.path / ".adapter-draft"
    shutil.rmtree(draft, ignore_errors=True)
    model.save_pretrained(draft)
    tokenizer.save_pretrained(draft)
    shutil.rmtree(folder.adapter, ignore_errors=True)
    draft.rename(folder.adapter)


def _forget_younger(folder: RunFolder, checkpoint: Path) -> None:
    """Removes what a killed process left half-written behind the checkpoint that is continued from."""
    for path in folder.checkpoints.glob("checkpoint-*"):
        if path != checkpoint and not _is_whole(path):
            shutil.rmtree(path)


def _record_failure(recorder: Recorder, error: dict[str, Any]) -> None:
    recorder.state("failed", error=error, seconds_left=None)


def _plain(facts: dict[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float | str) else str(value) for name, value in facts.items()}
