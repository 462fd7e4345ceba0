"""One sitting of a run, from the last checkpoint or from the start: open, train, keep the best, report."""

import shutil
from pathlib import Path
from typing import Any

from core.data.split import read_split
from core.data.tokenize import Tokenization
from core.errors import DiskFull, Diverged
from core.evaluation.report import write_report
from core.hardware import Device
from core.models.catalog import BaseModel, open_base
from core.models.load import load_tokenizer
from core.runs.lineage import opened_with, prepared
from core.runs.recorder import Recorder
from core.strategies import STRATEGIES
from core.strategies.heads import in_float32
from core.training.plan import TrainingPlan
from core.workspace import RunFolder, free_gib, read_json

MOST_SLOWED = 2
SLOWER = 3.0


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


def train(folder: RunFolder, device: Device, recorder: Recorder) -> None:
    """The whole of a run: open, train, keep the best, report. A loss that runs away is taken back, twice at most."""
    while True:
        try:
            with recorder.watch:
                return _sit(folder, device, recorder)
        except Diverged as error:
            if recorder.status.times_slowed >= MOST_SLOWED:
                raise
            step = int(str(error.facts["step"]))
        _go_back(folder, recorder, step)  # outside `except`, whose traceback holds the model


def _sit(folder: RunFolder, device: Device, recorder: Recorder) -> None:
    plan = slowed(TrainingPlan(**read_json(folder.plan)), recorder.status.times_slowed)
    base = open_base(plan.base)
    tokenizer = load_tokenizer(base, needs_template=plan.learns.needs_template)
    narrator = narrator_of(recorder)
    trainer = prepare(folder, plan, device, base=base, tokenizer=tokenizer, narrator=narrator, out=folder.checkpoints)
    if plan.prompts and plan.learns.writes:
        trainer.add_callback(_projector(plan, base, tokenizer, recorder))
    resumed = last_checkpoint(folder)
    if resumed is None:
        _rehearse(trainer, recorder)
        trainer.train()
    else:
        _go_on(folder, trainer, recorder, resumed)
    if trainer.disk_is_full:
        _wait_for_room(folder, recorder)
        return
    unfinished = trainer.state.global_step < trainer.state.max_steps
    asked = recorder.asked() if unfinished else None  # a request that came with the last step changes nothing
    if asked == "pause":
        recorder.state("paused", seconds_left=None)
        return
    _keep(folder, plan, trainer.model, tokenizer)
    recorder.set(stopped_early=asked is None and unfinished, seconds_left=None)
    write_report(folder, plan.learns, recorder.status, num_rows=len(trainer.eval_dataset or ()))
    recorder.state("stopped" if asked == "stop" else "finished")


def slowed(plan: TrainingPlan, times: int) -> TrainingPlan:
    """The plan with a third of its learning rate, so many times over."""
    rate = plan.schedule.learning_rate / SLOWER**times
    return plan.model_copy(update={"schedule": plan.schedule.model_copy(update={"learning_rate": rate})})


def _go_back(folder: RunFolder, recorder: Recorder, step: int) -> None:
    """To the best checkpoint, the last state known to be good, with a lower rate; without one, to the start."""
    good = best_checkpoint(folder)
    for path in folder.checkpoints.glob("checkpoint-*"):
        if path != good:
            shutil.rmtree(path, ignore_errors=True)
    back = _step_of(good) if good else 0
    if good is None:
        recorder.event("resumed", 0, {})
    recorder.note(step, "slowed", back=back)
    recorder.set(times_slowed=recorder.status.times_slowed + 1, step=back)


def best_checkpoint(folder: RunFolder) -> Path | None:
    """The whole checkpoint with the lowest held-out loss; where none was measured, the newest."""
    last = last_checkpoint(folder)
    best = read_json(last / "trainer_state.json")["best_global_step"] if last else None
    chosen = folder.checkpoints / f"checkpoint-{best}" if best else last
    return chosen if chosen is not None and chosen.exists() else last


def _wait_for_room(folder: RunFolder, recorder: Recorder) -> None:
    """Pauses at the last whole checkpoint.

    Raises:
        DiskFull: there is none yet to pause at.
    """
    error = DiskFull(folder=folder.path, found=f"{free_gib(folder.path):.1f}", expected="more")
    if last_checkpoint(folder) is None:
        raise error
    recorder.note(recorder.status.step, "disk_full", folder=str(folder.path))
    recorder.state("paused", seconds_left=None)


def rehearsed(folder: RunFolder, plan: TrainingPlan, device: Device) -> Any:
    """A few steps of a plan on the data of a folder, for what they tell (`core.training.rehearsal.Rehearsal`)."""
    from core.training.narration import Narrator

    base = open_base(plan.base)
    tokenizer = load_tokenizer(base, needs_template=plan.learns.needs_template)
    silent = Narrator(lambda *_: None, lambda: None)
    trainer = prepare(
        folder, plan, device, base=base, tokenizer=tokenizer, narrator=silent, out=folder.path / "checkpoints"
    )
    return trainer.rehearse()


def _rehearse(trainer: Any, recorder: Recorder) -> None:
    """What the run will need is measured before its first step, and said."""
    measured = trainer.rehearse()
    recorder.set(expected_seconds=measured.seconds, expected_memory_gib=measured.memory_gib)


def _go_on(folder: RunFolder, trainer: Any, recorder: Recorder, checkpoint: Path) -> None:
    """Trains from a checkpoint to the end; where every step was done already, only its weights are opened."""
    _forget_younger(folder, checkpoint)
    recorder.event("resumed", _step_of(checkpoint), {})
    if _step_of(checkpoint) >= trainer.args.max_steps:
        trainer.restore(checkpoint)
        return
    trainer.args.eval_on_start = False  # the base model was measured before the first step
    trainer.train(resume_from_checkpoint=str(checkpoint))


def narrator_of(recorder: Recorder) -> Any:
    """What tells a recorder all that the trainer does, and the trainer what is asked of it."""
    from core.training.narration import Narrator

    return Narrator(recorder.tell, recorder.asked)


def _projector(plan: TrainingPlan, base: BaseModel, tokenizer: Any, recorder: Recorder) -> Any:
    from core.training.projector import Projector

    tokens = Tokenization(tokenizer, base.path)
    return Projector(tokens, plan.prompts, recorder.tell, context_tokens=base.context_tokens)


def prepare(
    folder: RunFolder, plan: TrainingPlan, device: Device, *, base: BaseModel, tokenizer: Any, narrator: Any, out: Path
) -> Any:
    """The trainer of a plan on the data of a run's folder; its checkpoints go to `out`."""
    import torch
    from transformers import set_seed

    from core.training.batching import Rows
    from core.training.trainer import autocast, make_trainer

    strategy, task = STRATEGIES.get(plan.strategy), plan.learns
    half = device.uses_bf16(plan.schedule.precision) and strategy.saves == "adapter"
    set_seed(plan.schedule.seed)
    tokens, parts = Tokenization(tokenizer, base.path), read_split(folder.data)
    labels, pad = task.labels(parts.train), tokenizer.pad_token_id
    dtype = torch.bfloat16 if half else torch.float32
    packed = strategy.quantization(plan.strategy_options)
    source = opened_with(folder, plan, base)
    model = task.open(source, dtype, device.kind, labels=labels, pad_token_id=pad, packed=packed)
    tuned = in_float32(prepared(folder, plan, model)).eval()
    rows = [task.rows(tokens, part, plan.schedule.max_length, labels) for part in (parts.train, parts.validation)]
    with autocast(plan, device):  # the reference of pairs is what the run begins with, an earlier run's result included
        train, validation = (task.studied(tuned, part, pad, plan.schedule.batch_size) for part in rows)
    return make_trainer(
        tuned,
        plan,
        device,
        train=Rows(train),
        validation=Rows(validation),
        folder=str(out),
        pad_token_id=tokenizer.pad_token_id,
        narrator=narrator,
    )


def _keep(folder: RunFolder, plan: TrainingPlan, model: Any, tokenizer: Any) -> None:
    """Writes the result beside its place and renames it in, so that it is there whole or not at all."""
    draft = folder.path / ".adapter-draft"
    shutil.rmtree(draft, ignore_errors=True)
    STRATEGIES.get(plan.strategy).save(model, draft)
    if not plan.learns.writes:
        model.config.save_pretrained(draft)  # an adapter's file says nothing of the names of its labels
    tokenizer.save_pretrained(draft)
    shutil.rmtree(folder.adapter, ignore_errors=True)
    draft.rename(folder.adapter)


def _forget_younger(folder: RunFolder, checkpoint: Path) -> None:
    """Removes what a killed process left half-written behind the checkpoint that is continued from."""
    for path in folder.checkpoints.glob("checkpoint-*"):
        if path != checkpoint and not _is_whole(path):
            shutil.rmtree(path)
