"""One sitting of a run, from the last checkpoint or from the start: open, train, keep the best, report."""

import shutil
from pathlib import Path
from typing import Any

from core.data.split import read_split
from core.data.tokenize import Tokenization
from core.evaluation.report import write_report
from core.hardware import Device, forget_peak
from core.models.catalog import BaseModel, open_base
from core.models.load import load_model, load_tokenizer
from core.runs.lineage import opened_with, prepared
from core.runs.recorder import Recorder
from core.strategies import STRATEGIES
from core.training.plan import TrainingPlan
from core.workspace import RunFolder, read_json


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
    """The whole of a run: open, train, keep the best, report."""
    plan = TrainingPlan(**read_json(folder.plan))
    base = open_base(plan.base)
    tokenizer = load_tokenizer(base)
    forget_peak(device)
    narrator = narrator_of(recorder)
    trainer = prepare(folder, plan, device, base=base, tokenizer=tokenizer, narrator=narrator, out=folder.checkpoints)
    if plan.prompts:
        trainer.add_callback(_projector(plan, base, tokenizer, recorder))
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


def narrator_of(recorder: Recorder) -> Any:
    """What tells a recorder all that the trainer does, and the trainer what is asked of it."""
    from core.training.trainer import Narrator

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
    from core.training.trainer import make_trainer

    strategy = STRATEGIES.get(plan.strategy)
    half = device.uses_bf16(plan.schedule.precision) and strategy.saves == "adapter"
    set_seed(plan.schedule.seed)
    source = opened_with(folder, plan, base)
    model = prepared(folder, plan, load_model(source, torch.bfloat16 if half else torch.float32, device.kind))
    tokens, parts = Tokenization(tokenizer, base.path), read_split(folder.data)
    return make_trainer(
        model,
        plan,
        device,
        train=Rows(tokens.rows(parts.train, plan.schedule.max_length)),
        validation=Rows(tokens.rows(parts.validation, plan.schedule.max_length)),
        folder=str(out),
        pad_token_id=tokenizer.pad_token_id,
        narrator=narrator,
    )


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
