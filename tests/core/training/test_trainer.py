from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import Trainer

from core.hardware import Device
from core.models.catalog import open_base
from core.models.load import load_model
from core.strategies import STRATEGIES
from core.training.arguments import CHECKS_PER_RUN, steps_per_check, training_arguments
from core.training.batching import BucketOrder, Rows, collate
from core.training.loss import summed_loss
from core.training.narration import Narrator
from core.training.plan import Schedule, TrainingPlan
from core.training.preflight import split_for
from core.training.trainer import TailorTrainer, make_trainer
from tests.helpers.plans import tiny_plan
from tests.helpers.rows import learned_rows, write_pairs

CPU = Device("cpu", "CPU", 8.0, has_bf16=False, num_threads=1)
LENGTHS = (30, 12, 9, 21, 5, 17, 26, 8)  # unequal, so that a mean of means is not the mean


def trainer_of(plan: TrainingPlan, rows: Rows, folder: Path, validation: Rows | None = None) -> TailorTrainer:
    torch.manual_seed(0)
    model = load_model(open_base(plan.base), torch.float32)
    return make_trainer(
        STRATEGIES.get(plan.strategy).prepare(model, plan.strategy_options),
        plan,
        CPU,
        train=rows,
        validation=validation or Rows(()),
        folder=str(folder),
        pad_token_id=0,
        narrator=Narrator(lambda *_: None, lambda: None),
    )


@dataclass
class Stepped:
    loss: float
    gradients: dict[str, torch.Tensor]


def one_step(plan: TrainingPlan, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Stepped:
    """The logged loss and the clipped gradients of the only step, over all eight rows."""
    trainer = trainer_of(plan.changed({"max_steps": 1}), learned_rows(*LENGTHS), folder)
    gradients: dict[str, torch.Tensor] = {}

    def on_pre_optimizer_step(*_: Any, **__: Any) -> None:
        named = trainer.model.named_parameters()
        gradients.update({name: weight.grad.clone() for name, weight in named if weight.grad is not None})

    monkeypatch.setattr(trainer.callback_handler.callbacks[-1], "on_pre_optimizer_step", on_pre_optimizer_step)
    trainer.train()
    return Stepped(trainer.state.log_history[0]["loss"], gradients)


@pytest.mark.parametrize("strategy", ["lora", "full"])
@pytest.mark.parametrize(("batch", "groups"), [(4, 2), (2, 4), (1, 8)])
def test_groups_give_the_gradients_of_one_batch(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strategy: str, batch: int, groups: int
):
    plan = tiny_plan(tiny, strategy=strategy)
    whole = one_step(plan.changed({"batch_size": 8}), tmp_path, monkeypatch)
    parts = one_step(plan.changed({"batch_size": batch, "gradient_accumulation": groups}), tmp_path, monkeypatch)
    assert whole.gradients
    assert whole.gradients.keys() == parts.gradients.keys()
    for name, gradient in whole.gradients.items():
        torch.testing.assert_close(parts.gradients[name], gradient, atol=1e-5, rtol=1e-4)
    assert parts.loss == pytest.approx(whole.loss, abs=1e-5)


def test_the_logged_loss_is_the_mean_over_learned_tokens(tiny: Path, tmp_path: Path, monkeypatch):
    plan, rows = tiny_plan(tiny, batch_size=8), learned_rows(*LENGTHS)
    model = load_model(open_base(str(tiny)), torch.float32)
    total, learned = summed_loss(model, collate([rows[number] for number in range(8)], pad_token_id=0))
    assert one_step(plan, tmp_path, monkeypatch).loss == pytest.approx(total.item() / learned, abs=1e-5)


def test_the_held_back_loss_is_weighed_by_token_not_by_batch(tiny: Path, tmp_path: Path, monkeypatch):
    rows = learned_rows(*LENGTHS)
    trainer = trainer_of(tiny_plan(tiny, batch_size=3), rows, tmp_path, validation=rows)
    total, learned = summed_loss(trainer.model.eval(), collate([rows[number] for number in range(8)], pad_token_id=0))
    assert trainer.evaluate()["eval_loss"] == pytest.approx(total.item() / learned, abs=1e-5)


def test_every_epoch_sees_every_row_once_in_another_order(tiny: Path, tmp_path: Path):
    rows = learned_rows(*range(5, 29))
    trainer = trainer_of(tiny_plan(tiny, epochs=3, batch_size=4), rows, tmp_path)
    seen: list[int] = []

    def noting(batch: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        seen.extend(len(row["input_ids"]) for row in batch)
        return collate(batch, pad_token_id=0)

    trainer.data_collator = noting
    trainer.train()
    epochs = [seen[start : start + 24] for start in range(0, 72, 24)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(5, 29))] * 3
    assert len({tuple(epoch) for epoch in epochs}) == 3


class PlainTrainer(Trainer):
    """transformers' own loss on whole padded batches, in our order of rows."""

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        return BucketOrder(self.train_dataset.lengths, 4, 42)


@pytest.mark.parametrize("strategy", ["lora", "full", "dora", "ia3"])
@pytest.mark.parametrize("groups", [1, 2])
def test_the_losses_are_those_of_the_plain_trainer(tiny: Path, tmp_path: Path, strategy: str, groups: int):
    rows = learned_rows(*(5 + 7 * number % 29 for number in range(32)))
    plan = tiny_plan(tiny, strategy=strategy, epochs=2, batch_size=4, gradient_accumulation=groups, max_length=64)
    ours = trainer_of(plan, rows, tmp_path / "ours")
    ours.train()
    torch.manual_seed(0)
    model = STRATEGIES.get(strategy).prepare(load_model(open_base(str(tiny)), torch.float32), plan.strategy_options)
    arguments = training_arguments(plan, CPU, num_rows=len(rows), checked=False, folder=str(tmp_path / "plain"))
    arguments.per_device_train_batch_size, arguments.gradient_accumulation_steps = 4, groups
    plain = PlainTrainer(model, arguments, partial(collate, pad_token_id=0), train_dataset=rows)
    plain.train()
    losses = [[entry["loss"] for entry in made.state.log_history if "loss" in entry] for made in (ours, plain)]
    assert len(losses[0]) == 16 // groups
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)


@pytest.mark.parametrize("steps", [1, 3, 5, 6, 24, 60, 200, 1000])
def test_a_run_is_checked_often_enough_and_not_too_often(steps: int):
    every = steps_per_check(steps)
    assert 1 <= every <= steps
    assert steps // every <= CHECKS_PER_RUN
    assert every <= max(5, steps / 8)


# What is shown reaches the trainer -------------------------------------------------------------------------------

CHANGED = {
    "epochs": 5,
    "learning_rate": 1e-3,
    "max_length": 128,
    "batch_size": 8,
    "gradient_accumulation": 2,
    "max_steps": 3,
    "warmup_ratio": 0.5,
    "weight_decay": 0.5,
    "validation_fraction": 0.5,
    "test_fraction": 0.25,
    "stratify": False,
    "early_stopping_patience": 7,
    "seed": 7,
    "precision": "bf16",
}


def reached(studio: Any, plan: TrainingPlan, folder: Path) -> tuple[dict[str, Any], str]:
    """The Trainer's arguments, and in words all else that the schedule decides."""
    parts = split_for(studio.datasets, plan)
    trainer = trainer_of(plan, learned_rows(*LENGTHS), folder, validation=learned_rows(9))
    patience = [getattr(callback, "early_stopping_patience", None) for callback in trainer.callback_handler.callbacks]
    with trainer._autocast():
        half = torch.is_autocast_enabled("cpu")
    rest = [len(parts.validation), [example.id for example in parts.train], patience, half]
    rest += [studio.check(plan).stats.num_cut, list(trainer._get_train_sampler())]
    arguments = {name: value for name, value in trainer.args.to_dict().items() if name != "logging_dir"}
    return arguments, repr(rest)


def test_the_table_above_is_complete():
    assert set(CHANGED) == set(Schedule.model_fields)


@pytest.mark.parametrize("name", CHANGED)
def test_each_option_of_the_schedule_reaches_the_trainer(studio, dataset, tiny: Path, tmp_path: Path, name: str):
    if name == "stratify":  # makes a difference only where answers are labels
        pairs = [(f"Is parcel {number} here?", "rarely" if number % 5 == 2 else "often") for number in range(72)]
        dataset = studio.import_files([write_pairs(tmp_path / "labels.jsonl", pairs)])
    plan = tiny_plan(tiny, dataset.id, max_length=40)
    before, after = reached(studio, plan, tmp_path), reached(studio, plan.changed({name: CHANGED[name]}), tmp_path)
    assert before == reached(studio, plan, tmp_path)
    assert before != after
    if name in ("learning_rate", "max_steps", "seed"):
        assert after[0][name] == CHANGED[name]
    if name in ("batch_size", "gradient_accumulation"):
        assert after[0]["per_device_train_batch_size"] == plan.changed({name: CHANGED[name]}).schedule.effective_batch
