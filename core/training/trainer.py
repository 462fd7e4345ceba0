"""`transformers.Trainer` with our order, our loss, and our way of going on when something fails."""

import gc
import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from transformers import TrainerCallback, TrainerControl

from core.errors import Diverged, RowTooLargeForMemory
from core.evaluation import FIGURES
from core.hardware import Device
from core.training.arguments import training_arguments
from core.training.batching import BucketOrder, Rows, micro_batches, rounded
from core.training.checkpointing import CheckpointingTrainer
from core.training.faults import Runaway, is_out_of_memory
from core.training.narration import Narrator, Patience
from core.training.plan import TrainingPlan
from core.training.rehearsal import Rehearsal, rehearse
from core.training.weights import is_prompted

if TYPE_CHECKING:
    from core.tasks.base import Measured


class TailorTrainer(CheckpointingTrainer):
    """Trains on what the task learns only, in micro-batches of like length that fit a number of tokens; validates by
    the mean over all of it.

    A batch of the Trainer's is one optimiser step here, so it accumulates nothing by itself. When memory runs out, the
    micro-batches are halved and the step is done again: the effective batch stays, and no step is lost.
    """

    def __init__(self, model: Any, plan: TrainingPlan, device: Device, *, pad_token_id: int, **parts: Any) -> None:
        self.device = device
        self._task = plan.learns
        self._options = plan.chosen_task_options
        self._runaway = Runaway()
        self.most_tokens = plan.schedule.batch_size * plan.schedule.max_length * self._task.sequences
        self.pad_token_id = pad_token_id
        super().__init__(model, plan, **parts)

    # A step ----------------------------------------------------------------------------------------------------

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> torch.Tensor:
        """Gradients of one optimiser step; its mean loss (nats) per learned token, label or pair."""
        model.train()
        loss = self._fitting(inputs, partial(self._gradients, model))
        self._refuse_no_number(loss, self.state.global_step + 1)
        return torch.tensor(loss, device=self.args.device)

    def learn_nothing_from(self, batch: dict[str, Any]) -> None:
        """A whole step, with whatever rate the optimiser has; for measuring."""
        self.model.train()
        self._fitting(batch, partial(self._gradients, self.model))
        self.optimizer.step()

    def _gradients(self, model: Any, inputs: dict[str, Any]) -> float:
        model.zero_grad()
        learned, total = max(1, self._task.count(inputs)), 0.0
        parts = self._parts(inputs, self.most_tokens)
        for number, part in enumerate(parts, start=1):
            apart = nullcontext() if number == len(parts) else self.accelerator.no_sync(model)
            with apart:
                loss = self._loss(model, part).total
                self.accelerator.backward(loss / learned)
            total += loss.item()
        return total / learned

    def _loss(self, model: Any, part: dict[str, Any]) -> "Measured":
        with self._autocast():
            return self._task.loss(self.accelerator.unwrap_model(model), self._prepare_inputs(part), self._options)

    def _parts(self, inputs: dict[str, Any], most_tokens: int) -> list[dict[str, Any]]:
        reading = {"widest": self._plan.schedule.max_length, "pad_token_id": self.pad_token_id}
        return list(micro_batches(inputs, most_tokens, self._task.sequences, **reading))

    def tokens_read(self, length: int) -> int:
        """Tokens that a row of this length is read as, pads included, in all its sequences."""
        sequences = self._task.sequences
        return sequences * rounded(math.ceil(length / sequences), self._plan.schedule.max_length)

    def _fitting(self, inputs: dict[str, Any], work: Callable[[dict[str, Any]], Any]) -> Any:
        """What `work` gives; where memory runs out, once more with micro-batches of half the size.

        Raises:
            RowTooLargeForMemory: a single row is more than fits.
        """
        while True:
            try:
                return work(inputs)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            self._halve(inputs)  # outside `except`, whose traceback holds every tensor of the failed pass

    def _halve(self, inputs: dict[str, Any]) -> None:
        self.model.zero_grad()
        gc.collect()
        if self.device.kind == "cuda":
            torch.cuda.empty_cache()
        largest, smallest = (
            max(part["attention_mask"].numel() for part in self._parts(inputs, most)) for most in (self.most_tokens, 1)
        )
        if largest <= smallest:
            raise RowTooLargeForMemory(step=self.state.global_step + 1, found=smallest, expected=smallest // 2)
        self.most_tokens = largest // 2
        self.narrator.note(self.state, "smaller_batches", {"tokens": self.most_tokens})

    def _refuse_no_number(self, loss: float, step: int) -> None:
        if not math.isfinite(loss) or self._runaway.seen(loss):
            rate = self._plan.schedule.learning_rate
            raise Diverged(step=step, found=f"{loss:.3g}", rate=f"{rate:.1e}", expected=f"{rate / 3:.1e}")

    def rehearse(self) -> Rehearsal:
        """Measures what the run will need; nothing of it stays."""
        return rehearse(self, self.args.max_steps // self.args.eval_steps if self.eval_dataset else 0)

    # Held-out checks -------------------------------------------------------------------------------------------

    def evaluate(
        self, eval_dataset: Any = None, ignore_keys: Any = None, metric_key_prefix: str = "eval"
    ) -> dict[str, float]:
        """Mean loss (nats) over all held-back rows, weighted by what is learned, not by batch; and the task's figures.

        Raises:
            Diverged: the loss is no number.
        """
        found = self._held_back()
        if not math.isfinite(found["loss"]):
            self._refuse_no_number(found["loss"], self.state.global_step)
        if self.state.global_step == 0:
            self._runaway.starts_at(found["loss"])
        metrics = {f"{metric_key_prefix}_{name}": value for name, value in found.items()}
        self.log(metrics)
        self.control: TrainerControl = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    @torch.no_grad()
    def judge(self, batch: dict[str, Any]) -> "list[Measured]":
        """What held-back rows cost and how they are judged, by micro-batch."""
        self.model.eval()
        return self._fitting(batch, self._measured)

    def _measured(self, inputs: dict[str, Any]) -> "list[Measured]":
        # Before the first step the base is measured; virtual tokens that know nothing yet would make it look worse.
        untouched = self.state.global_step == 0 and is_prompted(self.model)
        model = self.model.get_base_model() if untouched else self.model
        return [self._loss(model, part) for part in self._parts(inputs, self.most_tokens)]

    def _held_back(self) -> dict[str, float]:
        """The loss, and each of the task's figures by name."""
        measured = [one for batch in self.get_eval_dataloader() for one in self.judge(batch)]
        self.model.train()
        judged = [row for one in measured if one.judged is not None for row in one.judged.tolist()]
        figures = {name: FIGURES.get(name).of_pairs(judged) for name in self._task.figures}
        total, learned = sum(one.total.item() for one in measured), sum(one.count for one in measured)
        return {"loss": total / max(1, learned), **figures}

    # Order and precision ---------------------------------------------------------------------------------------

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        rows = train_dataset if train_dataset is not None else self.train_dataset
        return BucketOrder(rows.lengths, self._plan.schedule.batch_size, self._plan.schedule.seed)

    def _autocast(self) -> AbstractContextManager[Any]:
        """Our loss calls the inner modules, past the wrapper in which Trainer would autocast."""
        return autocast(self._plan, self.device)


def autocast(plan: TrainingPlan, device: Device) -> AbstractContextManager[Any]:
    """The number format in which a plan computes on a device."""
    half = device.uses_bf16(plan.schedule.precision)
    return torch.autocast(device.kind, dtype=torch.bfloat16, enabled=half)


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
        pad_token_id=pad_token_id,
        args=training_arguments(plan, device, num_rows=len(train), checked=checked, folder=folder),
        train_dataset=train,
        eval_dataset=validation if checked else None,
        data_collator=partial(plan.learns.collate, pad_token_id=pad_token_id),
        callbacks=callbacks,
    )
    trainer.narrator = narrator
    _silence(trainer)
    return trainer


def _silence(trainer: TailorTrainer) -> None:
    """The Trainer prints its logs; ours go to the event log."""
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
