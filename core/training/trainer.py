"""`transformers.Trainer` with our order, our loss, and our way of going on when something fails."""

import gc
import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl

from core.data.tokenize import IGNORED
from core.errors import Diverged, RowTooLargeForMemory
from core.hardware import Device
from core.training.arguments import training_arguments
from core.training.batching import BucketOrder, Rows, collate, micro_batches
from core.training.checkpointing import CheckpointingTrainer
from core.training.faults import Runaway, is_out_of_memory
from core.training.loss import summed_loss
from core.training.narration import Narrator, Patience
from core.training.plan import TrainingPlan
from core.training.rehearsal import Rehearsal, rehearse


class TailorTrainer(CheckpointingTrainer):
    """Trains on learned positions only, in micro-batches of like length that fit a number of tokens; validates by the
    mean over learned tokens.

    A batch of the Trainer's is one optimiser step here, so it accumulates nothing by itself. When memory runs out, the
    micro-batches are halved and the step is done again: the effective batch stays, and no step is lost.
    """

    def __init__(self, model: Any, plan: TrainingPlan, device: Device, **parts: Any) -> None:
        self.device = device
        self._runaway = Runaway()
        self.most_tokens = plan.schedule.batch_size * plan.schedule.max_length
        super().__init__(model, plan, **parts)

    # A step ----------------------------------------------------------------------------------------------------

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> torch.Tensor:
        """Gradients of one optimiser step; its mean loss (nats) per learned token."""
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
        learned = self._learned(inputs)
        parts, total = list(micro_batches(inputs, self.most_tokens)), 0.0
        for number, part in enumerate(parts, start=1):
            apart = nullcontext() if number == len(parts) else self.accelerator.no_sync(model)
            with apart:
                loss, _ = self._loss(model, part)
                self.accelerator.backward(loss / learned)
            total += loss.item()
        return total / learned

    @staticmethod
    def _learned(inputs: dict[str, Any]) -> int:
        """Tokens that are learned: the first of a row has nothing before it to be predicted from."""
        return max(1, int((inputs["labels"][:, 1:] != IGNORED).sum()))

    def _loss(self, model: Any, part: dict[str, Any]) -> tuple[Any, int]:
        with self._autocast():
            return summed_loss(self.accelerator.unwrap_model(model), self._prepare_inputs(part))

    def _fitting(self, inputs: dict[str, Any], work: Callable[[dict[str, Any]], Any]) -> Any:
        """What `work` gives; where memory runs out, once more with micro-batches of half the size.

        Raises:
            RowTooLargeForMemory: a single row is more than fits.
        """
        while True:
            try:
                return work(inputs)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
            self._halve(inputs)  # outside `except`, whose traceback holds every tensor of the failed pass

    def _halve(self, inputs: dict[str, Any]) -> None:
        self.model.zero_grad()
        gc.collect()
        if self.device.kind == "cuda":
            torch.cuda.empty_cache()
        largest, smallest = (
            max(part["attention_mask"].numel() for part in micro_batches(inputs, most))
            for most in (self.most_tokens, 1)
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
        """Mean loss (nats) per learned token over all held-back rows, weighted by token, not by batch.

        Raises:
            Diverged: it is no number.
        """
        loss = self._held_back_loss()
        if not math.isfinite(loss):
            self._refuse_no_number(loss, self.state.global_step)
        if self.state.global_step == 0:
            self._runaway.starts_at(loss)
        metrics = {f"{metric_key_prefix}_loss": loss}
        self.log(metrics)
        self.control: TrainerControl = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    @torch.no_grad()
    def judge(self, batch: dict[str, Any]) -> tuple[float, int]:
        """The summed loss (nats) of held-back rows, and of how many tokens."""
        return self._fitting(batch, self._summed)

    @torch.no_grad()
    def _held_back_loss(self) -> float:
        self.model.eval()
        total, learned = 0.0, 0
        for batch in self.get_eval_dataloader():
            loss, count = self.judge(batch)
            total, learned = total + loss, learned + count
        self.model.train()
        return total / max(1, learned)

    def _summed(self, inputs: dict[str, Any]) -> tuple[float, int]:
        pairs = [self._loss(self.model, part) for part in micro_batches(inputs, self.most_tokens)]
        return sum(loss.item() for loss, _ in pairs), sum(count for _, count in pairs)

    # Order and precision ---------------------------------------------------------------------------------------

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        rows = train_dataset if train_dataset is not None else self.train_dataset
        return BucketOrder(rows.lengths, self._plan.schedule.batch_size, self._plan.schedule.seed)

    def _autocast(self) -> AbstractContextManager[Any]:
        """Our loss calls the inner modules, past the wrapper in which Trainer would autocast."""
        half = self.device.uses_bf16(self._plan.schedule.precision)
        return torch.autocast(self.device.kind, dtype=torch.bfloat16, enabled=half)


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
        args=training_arguments(plan, device, num_rows=len(train), checked=checked, folder=folder),
        train_dataset=train,
        eval_dataset=validation if checked else None,
        data_collator=partial(collate, pad_token_id=pad_token_id),
        callbacks=callbacks,
    )
    trainer.narrator = narrator
    _silence(trainer)
    return trainer


def _silence(trainer: TailorTrainer) -> None:
    """The Trainer prints its logs; ours go to the event log."""
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
