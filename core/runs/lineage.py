"""Runs that go on from what an earlier run learned: the same adapter or model is trained further, on any data.

The parent's result is taken along into the run's own folder, so that the run needs nothing outside of it: the parent
may learn on, or be deleted.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.data.examples import Example
from core.errors import OptionRefused, RunNotFinished
from core.models.catalog import BaseModel
from core.runs.store import RunStore, view_of
from core.strategies import STRATEGIES
from core.training.plan import TrainingPlan
from core.workspace import RunFolder, read_json


def parent_of(runs: RunStore, name: str) -> RunFolder:
    """The run that a plan continues from, by its id or, as the command line gives it, by its folder.

    Raises:
        RunMissing: there is none.
        RunNotFinished: it has nothing to go on from yet.
        OptionRefused: what it learned cannot be learned on.
    """
    given = RunFolder(Path(name))
    folder = given if given.path.is_absolute() and given.plan.exists() else runs.folder(name)
    view = view_of(folder)
    if not view.has_result:
        raise RunNotFinished(id=folder.id, state=view.status.state)
    if not STRATEGIES.get(view.plan.strategy).continues:
        able = ", ".join(strategy.name for strategy in STRATEGIES if strategy.continues)
        raise OptionRefused(name="continue_from", found=view.plan.strategy, expected=f"a run with one of {able}")
    return folder


def continued(plan: TrainingPlan, parent: RunFolder, name: str) -> TrainingPlan:
    """The plan as a continuation: base model, strategy and options are the parent's, the rest is free."""
    made = view_of(parent).plan
    fixed: dict[str, Any] = {
        "base": made.base,
        "strategy": made.strategy,
        "options": made.options,
        "continue_from": name,
    }
    if plan.learns.writes != made.learns.writes:  # a head stays a head
        fixed |= {"task": made.task, "task_options": made.task_options}
    return plan.model_copy(update=fixed)


def refuse_other_labels(parent: RunFolder, plan: TrainingPlan, train: Sequence[Example]) -> None:
    """A head that goes on learning knows its labels by their numbers, so they have to be the same.

    Raises:
        OptionRefused: the data have others.
    """
    if plan.learns.writes:
        return
    known = tuple(read_json(parent.adapter / "config.json")["id2label"].values())
    labels = plan.learns.labels(train)
    if labels != known:
        expected = f"a run with the labels {', '.join(labels)}"
        raise OptionRefused(name="continue_from", found=", ".join(known), expected=expected)


def take_along(parent: RunFolder, folder: RunFolder) -> None:
    """Puts what the parent learned into the run's own folder; the same bytes on disk where the disk can share them."""
    shutil.rmtree(folder.start, ignore_errors=True)
    shutil.copytree(parent.adapter, folder.start, copy_function=_link_or_copy)


def opened_with(folder: RunFolder, plan: TrainingPlan, base: BaseModel) -> BaseModel:
    """The model whose weights are loaded: the base, or the whole model that the parent made of it."""
    whole = plan.continue_from and STRATEGIES.get(plan.strategy).saves == "model"
    return replace(base, path=folder.start) if whole else base


def prepared(folder: RunFolder, plan: TrainingPlan, model: Any) -> Any:
    """The model with the weights to train: as the strategy begins, or with the parent's adapter to learn on."""
    strategy = STRATEGIES.get(plan.strategy)
    if not plan.continue_from or strategy.saves == "model":
        return strategy.prepare(model, plan.strategy_options, plan.learns.peft_type)
    from peft import PeftModel

    return PeftModel.from_pretrained(model, folder.start, is_trainable=True)


def _link_or_copy(source: str, target: str) -> None:
    """A result is never changed in place, only replaced whole, so that two folders can hold the same file."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
