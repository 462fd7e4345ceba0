"""What each verb does: reads its arguments, calls the Studio, and returns what is printed."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.chat.conversation import Conversation
from core.chat.settings import ChatSettings
from core.cli.studio import is_run_folder, open_studio
from core.data.formats.roles import roles_of
from core.data.shapes import Choice
from core.data.steps import Upload
from core.errors import FileMissing, NotTrainingData, OptionRefused, RunMissing, UnknownOption
from core.knobs import build_options, knobs_of, read_value
from core.runs.store import RunView
from core.studio import Studio
from core.tasks import AUTO, TASKS, refuse_unfit
from core.tasks.classification import Classification
from core.training.plan import TrainingPlan, read_settings
from core.workspace import Workspace

if TYPE_CHECKING:  # it needs torch
    from core.training.preflight import PlanCheck


def train(arguments: argparse.Namespace) -> dict[str, Any]:
    """Trains, with a line on standard error now and then."""
    with open_studio(arguments, passing=bool(arguments.out)) as studio:
        if arguments.resume:
            id = _run_id(arguments.out or "")
            studio.resume(id)
        else:
            folder = _new_run(arguments.out)
            id = studio.start(_plan(studio, arguments), folder)
        return _result(studio, _waited(studio, id))


def _waited(studio: Studio, id: str) -> RunView:
    """Waits for a run's turn and for its end; whoever interrupts takes it out of the queue."""
    try:
        return studio.wait(id, _Ticker(studio))
    except KeyboardInterrupt:
        studio.queue.cancel(id)
        raise


def search(arguments: argparse.Namespace) -> dict[str, Any]:
    """Looks for good settings for so many minutes, then trains with the best."""
    with open_studio(arguments, passing=bool(arguments.out)) as studio:
        folder = _new_run(arguments.out)
        view = _waited(studio, studio.search(_plan(studio, arguments), arguments.minutes, folder))
        trials = [asdict(trial) | {"loss": trial.loss} for trial in studio.trials(view.id)]
        best = studio.runs.best_plan(view.id)
        found = {"trials": trials, "best": best.model_dump(mode="json") if best else None}
        if not view.status.became:
            return {**_result(studio, view), **found}
        return {**_result(studio, _waited(studio, view.status.became)), "search": view.id, **found}


def estimate(arguments: argparse.Namespace) -> dict[str, Any]:
    """What a training would cost. Without data, 1 000 rows of the plan's longest length stand in."""
    from core.training.estimate import estimate as estimate_plan

    with open_studio(arguments, passing=True) as studio:
        if not arguments.data:
            base, plan = _plan_without_data(arguments)
            rows, tokens = ROWS_WITHOUT_DATA, float(plan.schedule.max_length)
            more = {}
            found = estimate_plan(base, plan, studio.device(), num_rows=rows, mean_tokens=tokens)
        else:
            check = studio.check(_plan(studio, arguments))
            found, more = check.estimate, _orientation(studio, check)
        return {
            "trainable_parameters": found.parameters.trainable,
            "total_parameters": found.parameters.total,
            "trainable_percent": round(100 * found.parameters.share, 2),
            "memory_gib": round(found.memory_gib, 3),
            "seconds": found.seconds,
            "num_rows": found.num_rows,
            "num_steps": found.num_steps,
            **more,
        }


def _orientation(studio: Studio, check: "PlanCheck") -> dict[str, Any]:
    """Energy here; hours elsewhere and prices, for orientation."""
    costs = studio.orientation(check)
    return {
        "kilowatt_hours": round(costs.kwh, 4),
        "tokens": costs.tokens,
        "orientation": {
            "gpu_hours": {found.gpu.name: round(found.hours, 4) for found in costs.on_gpus},
            "hosted_usd": {found.hosted.name: round(found.usd, 4) for found in costs.as_jobs},
        },
    }


def chat(arguments: argparse.Namespace) -> dict[str, Any]:
    """Both answers to one question."""
    knobs = {knob.name: knob for knob in knobs_of(ChatSettings)}
    values = {}
    for name, text in _pairs(arguments.set):
        if name not in knobs:
            raise UnknownOption(name=name, strategy="chat", choices=", ".join(knobs))
        values[name] = read_value(knobs[name], text)
    with open_studio(arguments, run=arguments.run) as studio:
        conversation = Conversation(arguments.system).asked(arguments.prompt)
        *_, last = studio.ask(_run_id(arguments.run), conversation, build_options(ChatSettings, values))
        if last.chances:  # the base model has no head for these labels, so it has no answer
            return {"base": None, "tuned": last.tuned, "probabilities": {c.label: c.probability for c in last.chances}}
        return {"base": last.base, "tuned": last.tuned}


def export(arguments: argparse.Namespace) -> dict[str, Any]:
    """Writes a verified package."""
    with open_studio(arguments, run=arguments.run) as studio:
        made = studio.export(_run_id(arguments.run), arguments.to, arguments.out)
        return {"path": str(made.path), "bytes": made.bytes, "verified": made.verified}


def runs(arguments: argparse.Namespace) -> dict[str, Any]:
    """The runs of the workspace, or one of them."""
    with open_studio(arguments, run=arguments.id) as studio:
        if arguments.action == "list":
            return {"runs": [_summary(view) for view in studio.runs.list()]}
        view = studio.run(_run_id(arguments.id))
        if arguments.action == "delete":
            studio.delete_run(view.id)
            return {"deleted": view.id}
        if arguments.action in ("up", "down"):
            studio.move(view.id, arguments.action)
            return {"queue": [run.id for run in studio.queue.waiting()]}
        if arguments.action == "cancel":
            return {"cancelled": view.id if studio.queue.cancel(view.id) else None}
        return {**_summary(view), "plan": view.plan.model_dump(mode="json"), "status": asdict(view.status)}


ROWS_WITHOUT_DATA = 1000


def _run_id(run: str | Path) -> str:
    """The id of a run that was given by id or by folder."""
    if not str(run):
        raise RunMissing(id="(none given)")
    return Path(run).resolve().name if is_run_folder(str(run)) or "/" in str(run) else str(run)


def _new_run(out: Path | None) -> str | None:
    """The id of a run that is to be made in a folder of the person's choice."""
    if out is None:
        return None
    from core.errors import FolderNotEmpty

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FolderNotEmpty(folder=out)
    return out.resolve().name


def _pairs(settings: Sequence[str]) -> list[tuple[str, str]]:
    for setting in settings:
        if "=" not in setting:
            raise OptionRefused(name="--set", found=setting, expected="name=value")
    return [(name.strip(), value) for name, _, value in (setting.partition("=") for setting in settings)]


def _plan(studio: Studio, arguments: argparse.Namespace) -> TrainingPlan:
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
    return plan.changed(read_settings(plan.strategy, dict(_pairs(arguments.set)), plan.task))


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


def _plan_without_data(arguments: argparse.Namespace) -> tuple[Any, TrainingPlan]:
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


class _Ticker:
    """A line on standard error whenever a check was made, or a place in the queue was gained."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._seen: tuple[float | int | None, str] = (None, "")

    def __call__(self, view: RunView) -> None:
        status = view.status
        if status.state == "queued":
            self._say(self._studio.queue.place_of(view.id))
            return
        now = (status.validation_loss, status.state)
        if now != self._seen:
            self._seen = now
            loss = f", held-back loss {status.validation_loss:.3f}" if status.validation_loss is not None else ""
            print(f"{status.state}: step {status.step} of {status.num_steps}{loss}", file=sys.stderr)

    def _say(self, place: int) -> None:
        if place and self._seen != (place, "queued"):
            self._seen = (place, "queued")
            print(f"queued: place {place}", file=sys.stderr)


def _result(studio: Studio, view: RunView) -> dict[str, Any]:
    status = view.status
    return {
        "run": str(studio.runs.folder(view.id).path),
        "state": status.state,
        "steps": status.step,
        "seconds": status.seconds,
        "train_loss": status.train_loss,
        "validation_loss": status.best_loss if status.best_loss is not None else status.validation_loss,
        "samples_per_second": status.samples_per_second,
        "tokens_per_second": status.tokens_per_second,
        "peak_memory_gib": status.memory_gib,
        **status.best_figures,
        **({"error": status.error} if status.error else {}),
    }


def _summary(view: RunView) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": view.plan.title,
        "state": view.status.state,
        "base": view.plan.base,
        "strategy": view.plan.strategy,
        "task": view.plan.learns.name,
        "step": view.status.step,
        "num_steps": view.status.num_steps,
        "best_loss": view.status.best_loss,
    }
