"""`transformers.Trainer` with our order, our loss and our way of telling what happens."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import (
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from core.errors import Diverged
from core.hardware import Device
from core.training.batching import BucketOrder, Rows, collate
from core.training.loss import summed_loss
from core.training.plan import TrainingPlan
from core.training.weights import TRAINED, is_prompted, load_trained, quicken, save_trained

CHECKS_PER_RUN = 12  # held-out checks, each with a checkpoint; fewer would notice memorising late
MIN_STEPS_PER_CHECK = 5


class TailorTrainer(Trainer):
    """Trains on learned positions only, in buckets of like length; validates by the mean over learned tokens."""

    def __init__(self, model: Any, plan: TrainingPlan, device: Device, **parts: Any) -> None:
        self._plan = plan
        self._device = device
        super().__init__(model=model, **parts)
        # Our loss is already a sum over learned tokens divided by their number in the whole accumulated batch.
        self.model_accepts_loss_kwargs = True

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Mean loss (nats) per learned token of the accumulated batch."""
        with self._autocast():
            total, learned = summed_loss(self.accelerator.unwrap_model(model), inputs)
        self._refuse_no_number(total.item(), self.state.global_step + 1)
        return total / (learned if num_items_in_batch is None else num_items_in_batch)

    def evaluate(
        self, eval_dataset: Any = None, ignore_keys: Any = None, metric_key_prefix: str = "eval"
    ) -> dict[str, float]:
        """Mean loss (nats) per learned token over all held-back rows, weighted by token, not by batch."""
        metrics = {f"{metric_key_prefix}_loss": self._held_back_loss()}
        self.log(metrics)
        self.control: TrainerControl = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    @torch.no_grad()
    def _held_back_loss(self) -> float:
        self.model.eval()
        # Before the first step the base is measured; virtual tokens that know nothing yet would make it look worse.
        untouched = self.state.global_step == 0 and is_prompted(self.model)
        model = self.model.get_base_model() if untouched else self.model
        total, learned = 0.0, 0
        for batch in self.get_eval_dataloader():
            with self._autocast():
                loss, count = summed_loss(model, self._prepare_inputs(batch))
            total, learned = total + loss.item(), learned + count
        self.model.train()
        self._refuse_no_number(total, self.state.global_step)
        return total / max(1, learned)

    def _refuse_no_number(self, loss: float, step: int) -> None:
        if not math.isfinite(loss):
            rate = self._plan.schedule.learning_rate
            raise Diverged(step=step, found=str(loss), rate=f"{rate:.1e}", expected=f"{rate / 3:.1e}")

    def restore(self, checkpoint: Path) -> None:
        """Opens what a run ends with whose steps are all done: its best weights, or else its last."""
        self.state = TrainerState.load_from_json(str(checkpoint / "trainer_state.json"))
        best = self.state.best_global_step
        self._load_from_checkpoint(str(checkpoint.with_name(f"checkpoint-{best}") if best else checkpoint))

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """The optimizer, with groups of their own for weights that the strategy wants to learn faster."""
        is_new = self.optimizer is None
        optimizer = super().create_optimizer(model)
        if is_new:
            quicken(optimizer, self.model, self._plan)
        return optimizer

    def get_decay_parameter_names(self, model: Any) -> list[str]:
        """Matrices only: a vector of scales or angles must not be pulled to zero."""
        shapes = {
            name: weight.shape for name, weight in model.named_parameters(remove_duplicate=False)
        }  # tied ones too
        return [name for name in super().get_decay_parameter_names(model) if min(shapes[name], default=1) > 1]

    def _save(self, output_dir: str | None = None, state_dict: dict[str, Any] | None = None) -> None:
        super()._save(output_dir, state_dict)
        if is_prompted(self.model):
            save_trained(self.model, Path(output_dir or self.args.output_dir or "") / TRAINED)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        trained = Path(resume_from_checkpoint) / TRAINED
        if trained.exists():
            load_trained(self.model, trained)
        else:
            super()._load_from_checkpoint(resume_from_checkpoint, model)

    def _load_best_model(self) -> None:
        if is_prompted(self.model):
            self._load_from_checkpoint(self.state.best_model_checkpoint or "")
        else:
            super()._load_best_model()

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        rows = train_dataset if train_dataset is not None else self.train_dataset
        return BucketOrder(rows.lengths, self.args.per_device_train_batch_size, self._plan.schedule.seed)

    def _autocast(self) -> AbstractContextManager[Any]:
        """Our loss calls the inner modules, past the wrapper in which Trainer would autocast."""
        half = self._device.uses_bf16(self._plan.schedule.precision)
        return torch.autocast(self._device.kind, dtype=torch.bfloat16, enabled=half)


class Narrator(TrainerCallback):
    """Tells a listener what happens, and asks it after each step whether to go on."""

    def __init__(
        self, tell: Callable[[str, TrainerState, dict[str, Any]], None], asked: Callable[[], str | None]
    ) -> None:
        self._tell = tell
        self._asked = asked

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """The number of steps is known now, and where a resumed run stands."""
        if state.best_global_step:  # the run's folder may have been moved since
            state.best_model_checkpoint = str(Path(args.output_dir or "") / f"checkpoint-{state.best_global_step}")
        self._tell("begin", state, {"best_loss": state.best_metric, "best_step": state.best_global_step})

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """A step or a held-out check was measured."""
        if logs and "loss" in logs:
            self._tell(
                "step",
                state,
                {"loss": logs["loss"], "learning_rate": logs["learning_rate"], "epoch": logs["epoch"]},
            )
        elif logs and "eval_loss" in logs:
            self._tell("validation", state, {"loss": logs["eval_loss"]})

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """A checkpoint is on disk."""
        best = state.best_global_step == state.global_step
        self._tell("checkpoint", state, {"best": best})

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Stops when asked to, with a checkpoint; a stop also has its last weights checked."""
        asked = self._asked()
        if asked:
            control.should_training_stop = True
            control.should_save = True
            control.should_evaluate = asked == "stop" and args.eval_strategy != "no"
        return control


class Patience(EarlyStoppingCallback):
    """Early stopping that goes on counting where a resumed run left off."""

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Takes the count from the checkpoint, if there is one."""
        super().on_train_begin(args, state, control)
        if state.global_step:
            saved = state.stateful_callbacks[type(self).__name__]
            self.early_stopping_patience_counter = saved["attributes"]["early_stopping_patience_counter"]


def make_trainer(
    model: Any,
    plan: TrainingPlan,
    device: Device,
    *,
    train: Rows,
    validation: Rows,
    folder: str,
    pad_token_id: int,
    narrator: Narrator,
) -> TailorTrainer:
    """A trainer that keeps the best checkpoint and stops early, as the plan says."""
    checked = len(validation) > 0
    callbacks: list[TrainerCallback] = [narrator]
    if checked and plan.schedule.early_stopping_patience:
        callbacks.append(Patience(plan.schedule.early_stopping_patience))
    trainer = TailorTrainer(
        model,
        plan,
        device,
        args=_arguments(plan, device, num_rows=len(train), checked=checked, folder=folder),
        train_dataset=train,
        eval_dataset=validation if checked else None,
        data_collator=partial(collate, pad_token_id=pad_token_id),
        callbacks=callbacks,
    )
    _silence(trainer)
    return trainer


def steps_per_check(num_steps: int) -> int:
    """Optimiser steps between two held-out checks."""
    return max(min(MIN_STEPS_PER_CHECK, num_steps), math.ceil(num_steps / CHECKS_PER_RUN))


def _arguments(plan: TrainingPlan, device: Device, *, num_rows: int, checked: bool, folder: str) -> TrainingArguments:
    schedule = plan.schedule
    num_steps = plan.num_steps(num_rows)
    every = steps_per_check(num_steps)
    arguments = TrainingArguments(
        output_dir=folder,
        max_steps=num_steps,
        per_device_train_batch_size=schedule.batch_size,
        per_device_eval_batch_size=schedule.batch_size,
        gradient_accumulation_steps=schedule.gradient_accumulation,
        learning_rate=schedule.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(num_steps * schedule.warmup_ratio),
        weight_decay=schedule.weight_decay,
        max_grad_norm=1.0,
        seed=schedule.seed,
        data_seed=schedule.seed,
        use_cpu=device.kind == "cpu",
        use_cache=True,  # else it is switched off in the model's config, and what is kept would answer slowly
        logging_steps=1,
        logging_nan_inf_filter=False,
        eval_strategy="steps" if checked else "no",
        eval_on_start=checked,
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        load_best_model_at_end=checked,
        metric_for_best_model="eval_loss" if checked else None,
        greater_is_better=False if checked else None,
        dataloader_pin_memory=device.kind == "cuda",
        remove_unused_columns=False,
        include_num_input_tokens_seen="non_padding",
        disable_tqdm=True,
        report_to=[],
    )
    arguments._n_gpu = min(1, arguments.n_gpu)  # one device a run: more would multiply the batch behind the plan's back
    return arguments


def _silence(trainer: TailorTrainer) -> None:
    """The Trainer prints its logs; ours go to the event log."""
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
