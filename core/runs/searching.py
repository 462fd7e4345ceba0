"""The sitting of a search: trial after trial within its time, then the plan of the best.

A search is a run whose plan has `search_minutes`: it waits its turn, is stopped, paused and gone on with like any
other. It keeps no weights; what it finds becomes a run of its own.
"""

import shutil
from typing import Any

from transformers import TrainerControl, TrainerState, TrainingArguments

from core.errors import Diverged, SearchTooShort
from core.hardware import Device
from core.models.catalog import open_base
from core.models.load import load_tokenizer
from core.runs.recorder import Recorder
from core.runs.sitting import prepare
from core.training.narration import Narrator
from core.training.plan import TrainingPlan
from core.training.search import best_of, open_study, proposed, trials_of
from core.workspace import RunFolder, read_json, write_json

MINUTE_S = 60


def budget_s(plan: TrainingPlan) -> float:
    """Time for all sittings of a search together."""
    return plan.search_minutes * MINUTE_S


def search(folder: RunFolder, device: Device, recorder: Recorder) -> None:
    """Tries settings until the time is over or somebody asks to stop; writes the plan of the best to `best.json`.

    Raises:
        SearchTooShort: no trial came to its end.
    """
    plan = TrainingPlan(**read_json(folder.plan))
    study = open_study(folder.study, plan)
    recorder.set(state="running", num_steps=round(budget_s(plan)))
    while recorder.seconds < budget_s(plan) and not recorder.asked():
        _try_one(folder, device, recorder, plan, study)
    best = best_of(trials_of(recorder.log.read()[0]))
    asked = recorder.asked() if recorder.seconds < budget_s(plan) else None
    if asked == "pause":
        recorder.state("paused", seconds_left=None)
        return
    if best is None and asked is None:
        raise SearchTooShort(minutes=f"{plan.search_minutes:g}", expected=f"{2 * plan.search_minutes:g}")
    if best is not None:
        write_json(folder.best, plan.changed(best.params).model_copy(update={"search_minutes": 0.0}).model_dump())
    recorder.state("stopped" if asked == "stop" else "finished", seconds_left=None)


def _try_one(folder: RunFolder, device: Device, recorder: Recorder, plan: TrainingPlan, study: Any) -> None:
    """One trial, from a fresh model to its end, or to where it is stopped."""
    from optuna.trial import TrialState

    trial = study.ask()
    params = proposed(trial, plan)
    scout = Scout(recorder, trial, params, plan)
    trial_folder = RunFolder(folder.trials / str(trial.number))
    base = open_base(plan.base)
    try:
        trainer = prepare(
            folder,
            plan.changed(params).asking(()),
            device,
            base=base,
            tokenizer=load_tokenizer(base, needs_template=plan.learns.needs_template),
            narrator=scout,
            out=trial_folder.checkpoints,
        )
        trainer.args.save_strategy = "no"
        trainer.train()
    except Diverged:
        scout.end("failed")
        study.tell(trial, state=TrialState.FAIL)
        return
    finally:
        shutil.rmtree(trial_folder.path, ignore_errors=True)
    scout.end(scout.stopped or "done")
    if scout.stopped:
        study.tell(trial, state=TrialState.PRUNED if scout.losses else TrialState.FAIL)
    else:
        study.tell(trial, min(scout.losses))


class Scout(Narrator):
    """Tells the events of one trial, and stops it when it is worse than the others or when the time is over."""

    def __init__(self, recorder: Recorder, trial: Any, params: dict[str, Any], plan: TrainingPlan) -> None:
        super().__init__(self._hear, recorder.asked)
        self.stopped = ""  # "stopped" or "cut", once it is
        self.losses: list[float] = []
        self._recorder, self._trial, self._params, self._plan = recorder, trial, params, plan

    def end(self, state: str) -> None:
        """The trial is over."""
        self._say(state=state)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Stops without a checkpoint: a trial is not gone on with."""
        if self._recorder.seconds >= budget_s(self._plan) or self._asked():
            self.stopped = self.stopped or "cut"
        if self.stopped:
            control.should_training_stop = True
        return control

    def _hear(self, kind: str, state: TrainerState, facts: dict[str, Any]) -> None:
        if kind == "validation" and state.global_step:
            self.losses.append(facts["loss"])
            self._say(share=state.global_step / state.max_steps, loss=facts["loss"])
            self._trial.report(min(self.losses), len(self.losses))
            if self._trial.should_prune():
                self.stopped = "stopped"

    def _say(self, **facts: Any) -> None:
        recorder = self._recorder
        told = {"number": self._trial.number, "params": self._params, **facts}
        recorder.event("trial", self._trial.number, told)
        best = best_of(trials_of(recorder.log.read()[0]))
        whole = budget_s(self._plan)
        recorder.set(
            step=round(min(recorder.seconds, whole)),
            seconds_left=round(max(0.0, whole - recorder.seconds), 1),
            best_loss=best.loss if best else None,
        )
