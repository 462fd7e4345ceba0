"""The plan that the arguments of a verb mean."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.cli.studio import is_run_folder
from core.data.formats.roles import roles_of
from core.data.shapes import Choice
from core.data.steps import Upload
from core.errors import FileMissing, NotTrainingData, OptionRefused
from core.studio import Studio
from core.tasks import AUTO, TASKS, refuse_unfit
from core.tasks.classification import Classification
from core.training.plan import TrainingPlan, read_settings
from core.workspace import Workspace

ROWS_WITHOUT_DATA = 1000


def pairs(settings: Sequence[str]) -> list[tuple[str, str]]:
    """What `--set NAME=VALUE` says, several times over."""
    for setting in settings:
        if "=" not in setting:
            raise OptionRefused(name="--set", found=setting, expected="name=value")
    return [(name.strip(), value) for name, _, value in (setting.partition("=") for setting in settings)]


def plan_of(studio: Studio, arguments: argparse.Namespace) -> TrainingPlan:
    """The plan the arguments mean: from a file, or from preset and goal; then the options set by hand."""
    if not arguments.data:
        raise FileMissing(file="--data (none given)")
    dataset = studio.import_files(Upload(arguments.data, choice=Choice(roles=roles_of(arguments.roles))))
    plan = _given_plan(arguments, dataset.id)
    if plan is None:
        base, strategy = arguments.base or "starter", arguments.strategy or "lora"
        chosen = {"strategy": strategy, "goal": arguments.goal, "preset": arguments.preset}
        parent = _parent(arguments)
        plan = studio.draft(dataset.id, base, **chosen, task=arguments.task or AUTO, continue_from=parent)
    plan = _set(plan, arguments).asking(arguments.prompt or plan.prompts)
    return plan.model_copy(update={"continue_from": _parent(arguments) or plan.continue_from})


def _set(plan: TrainingPlan, arguments: argparse.Namespace) -> TrainingPlan:
    """A plan with the options set by hand."""
    return plan.changed(read_settings(plan.strategy, dict(pairs(arguments.set)), plan.task))


def _parent(arguments: argparse.Namespace) -> str:
    """The run to continue from: its id, or its folder where runs lie elsewhere than in the workspace."""
    given = arguments.continue_from
    if not given or not (arguments.out or is_run_folder(given)):
        return str(given)
    return str(Path(given).resolve() if is_run_folder(given) else Workspace(arguments.workspace).run(given).path)


def _given_plan(arguments: argparse.Namespace, dataset: str) -> TrainingPlan | None:
    """The plan of `--plan` for these data, with the base, strategy and task given beside it; None without `--plan`."""
    from core.models.catalog import open_base
    from core.training.presets import with_strategy, with_task

    if arguments.plan is None:
        return None
    plan = _read_plan(arguments.plan).model_copy(update={"dataset": dataset})
    if arguments.base:
        plan = plan.model_copy(update={"base": open_base(arguments.base, needs_weights=False).name})
    if arguments.strategy and arguments.strategy != plan.strategy:
        plan = with_strategy(plan, arguments.strategy, open_base(plan.base, needs_weights=False))
    if arguments.task and arguments.task != plan.task:
        plan = with_task(plan, TASKS.get(arguments.task), open_base(plan.base, needs_weights=False))
    return plan


def _read_plan(path: Path) -> TrainingPlan:
    try:
        return TrainingPlan(**json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise FileMissing(file=path) from error
    except (ValueError, TypeError) as error:
        found = str(error).splitlines()[0]
        raise NotTrainingData(file=path.name, place="the whole file", found=f"no plan ({found})") from error


def plan_without_data(arguments: argparse.Namespace) -> tuple[Any, TrainingPlan]:
    """The base model and the plan that the arguments mean where no data are given: `ROWS_WITHOUT_DATA` stand in."""
    from core.models.catalog import open_base
    from core.training.presets import Facts, draft_plan

    plan = _given_plan(arguments, dataset="")
    base = open_base(plan.base if plan else arguments.base or "starter", needs_weights=False)
    longest = min(512, base.context_tokens)
    facts = Facts(ROWS_WITHOUT_DATA, longest, base.hidden_size, base.context_tokens, writes=base.writes)
    task = arguments.task or (AUTO if base.writes else Classification.name)
    plan = plan or draft_plan(
        title="estimate",
        dataset="",
        base=base.name,
        facts=facts,
        strategy=arguments.strategy or "lora",
        goal=arguments.goal,
        preset=arguments.preset,
        task=task,
    )
    refuse_unfit(plan.learns, base)
    return base, _set(plan, arguments)
