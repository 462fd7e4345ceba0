"""What the Trainer says on its way, told to whoever listens; and early stopping that survives a pause."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import EarlyStoppingCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

HELD_BACK = "eval_"  # what the Trainer puts before the names of what it measures on held-back rows


class Narrator(TrainerCallback):
    """Tells a listener what happens, and asks it after each step whether to go on."""

    def __init__(
        self, tell: Callable[[str, TrainerState, dict[str, Any]], None], asked: Callable[[], str | None]
    ) -> None:
        self._tell = tell
        self._asked = asked

    def note(self, state: TrainerState, code: str, facts: dict[str, Any]) -> None:
        """Something a person should know that happened in between."""
        self._tell("note", state, {"code": code, **facts})

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
            facts = {name.removeprefix(HELD_BACK): value for name, value in logs.items() if name.startswith(HELD_BACK)}
            self._tell("validation", state, facts)

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
