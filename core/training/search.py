"""A small search for good settings: learning rate, rank and number of epochs, by the held-out loss.

Tree-structured Parzen estimator (Bergstra et al. 2011, NeurIPS 24) proposes, and the median of the trials before
stops what is worse than they were at the same share of their way (Golovin et al. 2017, Vizier, section 3.2.2). The
study is a file that grows, so that a search goes on after a restart.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.training.events import Event
from core.training.plan import TrainingPlan

if TYPE_CHECKING:
    from optuna import Study, Trial

RATE_FACTOR = 10.0  # the learning rate is looked for from a tenth to ten times the plan's
RANKS = (4, 8, 16, 32, 64)
EPOCHS_FACTOR = 2  # and the epochs from one to twice the plan's
FREE_TRIALS = 3  # none is stopped before so many came to their end
FREE_CHECKS = 2  # nor in its first checks
STUDY = "search"


@dataclass(frozen=True)
class TrialView:
    """A trial as a watcher sees it.

    points: the share of its own steps done, 0 to 1, and the held-out loss (mean nats per learned token) there.
    state: going · done · stopped (worse than the others at the same share) · cut (the time was over) · failed
    """

    number: int
    params: dict[str, Any]
    state: str = "going"
    points: tuple[tuple[float, float], ...] = field(default=())

    @property
    def loss(self) -> float | None:
        """The best it came to."""
        return min((loss for _, loss in self.points), default=None)


def trials_of(events: Iterable[Event]) -> tuple[TrialView, ...]:
    """All trials so far, in their order."""
    trials: dict[int, TrialView] = {}
    for event in events:
        if event.kind != "trial":
            continue
        facts = event.facts
        known = trials.get(facts["number"], TrialView(facts["number"], facts.get("params", {})))
        if "loss" in facts:
            known = replace(known, points=(*known.points, (facts["share"], facts["loss"])))
        trials[known.number] = replace(known, state=facts.get("state", known.state))
    return tuple(trials[number] for number in sorted(trials))


def best_of(trials: Iterable[TrialView]) -> TrialView | None:
    """The trial with the lowest held-out loss of those that came to their end."""
    done = (trial for trial in trials if trial.state == "done" and trial.loss is not None)
    return min(done, key=lambda trial: trial.loss or 0.0, default=None)


def open_study(path: Path, plan: TrainingPlan) -> "Study":
    """The study of a search, begun or gone on with; its first trial is the plan as it is.

    Trials that a process left unfinished count as failed: nobody goes on with them.
    """
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend
    from optuna.trial import TrialState

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    is_new = not path.exists()
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(path))),
        study_name=STUDY,
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=FREE_TRIALS, n_warmup_steps=FREE_CHECKS),
    )
    study.sampler = optuna.samplers.TPESampler(seed=plan.schedule.seed + len(study.get_trials(deepcopy=False)))
    if is_new:
        study.enqueue_trial(start_of(plan))
    for left in study.get_trials(states=[TrialState.RUNNING]):
        study.tell(left.number, state=TrialState.FAIL)
    return study


def has_rank(plan: TrainingPlan) -> bool:
    """Whether a rank is looked for: the strategy has one, and no earlier run has fixed it."""
    return "r" in plan.options and not plan.continue_from


def start_of(plan: TrainingPlan) -> dict[str, Any]:
    """What the plan itself says, as a trial."""
    schedule = plan.schedule
    start = {"learning_rate": schedule.learning_rate, "epochs": min(math.ceil(schedule.epochs), most_epochs(plan))}
    return {**start, "r": plan.options["r"]} if has_rank(plan) else start


def most_epochs(plan: TrainingPlan) -> int:
    """The most epochs that are tried."""
    return max(1, math.ceil(EPOCHS_FACTOR * plan.schedule.epochs))


def proposed(trial: "Trial", plan: TrainingPlan) -> dict[str, Any]:
    """The options a trial is to be trained with, by name; alpha keeps its ratio to the rank."""
    rate = plan.schedule.learning_rate
    lowest, highest = rate / RATE_FACTOR, min(1.0, rate * RATE_FACTOR)
    params: dict[str, Any] = {
        "learning_rate": float(f"{trial.suggest_float('learning_rate', lowest, highest, log=True):.2g}"),
        "epochs": trial.suggest_int("epochs", 1, most_epochs(plan)),
    }
    if has_rank(plan):
        rank = plan.options["r"]
        params["r"] = trial.suggest_categorical("r", sorted({*RANKS, rank}))
        if "lora_alpha" in plan.options:
            params["lora_alpha"] = max(1, round(plan.options["lora_alpha"] / rank * params["r"]))
    return params
