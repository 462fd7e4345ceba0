"""`transformers.Trainer` where it keeps and finds again what a run is: its weights, its optimiser, its checkpoints."""

import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import Trainer, TrainerState

from core.training.faults import is_disk_full
from core.training.plan import TrainingPlan
from core.training.weights import TRAINED, is_prompted, load_trained, quicken, save_trained


class CheckpointingTrainer(Trainer):
    """A Trainer whose checkpoints are whole or not there, and whose optimiser heeds what the strategy wants."""

    def __init__(self, model: Any, plan: TrainingPlan, **parts: Any) -> None:
        self._plan = plan
        self.disk_is_full = False
        super().__init__(model=model, **parts)

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

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        """Loads both; the rates are the plan's, which may have been lowered since the checkpoint."""
        rates = [group["lr"] for group in self.optimizer.param_groups] if checkpoint else []
        rates = [group.get("initial_lr", rate) for group, rate in zip(self.optimizer.param_groups, rates, strict=False)]
        super()._load_optimizer_and_scheduler(checkpoint)
        for index, rate in enumerate(rates):
            now = rate * self.lr_scheduler.lr_lambdas[index](self.lr_scheduler.last_epoch)
            self.lr_scheduler.base_lrs[index] = rate
            self.optimizer.param_groups[index] |= {"initial_lr": rate, "lr": now}

    def restore(self, checkpoint: Path) -> None:
        """Opens what a run ends with whose steps are all done: its best weights, or else its last."""
        self.state = TrainerState.load_from_json(str(checkpoint / "trainer_state.json"))
        best = self.state.best_global_step
        self._load_from_checkpoint(str(checkpoint.with_name(f"checkpoint-{best}") if best else checkpoint))

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """Saves; on a full disk makes room from older checkpoints, and where that is not enough ends the sitting.

        What was half written is removed either way: a checkpoint is whole or not there.
        """
        for _ in range(2):
            try:
                super()._save_checkpoint(model, trial)
                return
            except (OSError, RuntimeError, SafetensorError) as error:
                if not is_disk_full(error):
                    raise
            self._make_room()
        self.disk_is_full = True
        self.control.should_training_stop = True

    def _make_room(self) -> None:
        folder = Path(self.args.output_dir or "")
        kept = {f"checkpoint-{self.state.best_global_step}"} if self.state.best_global_step else set()
        kept -= {f"checkpoint-{self.state.global_step}"}  # the one that failed
        whole = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rsplit("-", 1)[1]))
        older = [path for path in whole if path.name != f"checkpoint-{self.state.global_step}"]
        kept |= {older[-1].name} if older and not kept else set()
        for path in whole:
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

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
