"""What each verb does: reads its arguments, calls the Studio, and returns what is printed."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.chat.conversation import Conversation
from core.chat.settings import ChatSettings
from core.cli.planning import ROWS_WITHOUT_DATA, pairs, plan_of, plan_without_data
from core.cli.studio import is_run_folder, open_studio
from core.errors import RunMissing, UnknownOption
from core.knobs import build_options, knobs_of, read_value
from core.runs.store import RunView
from core.studio import Studio

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
            id = studio.start(plan_of(studio, arguments), folder)
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
        view = _waited(studio, studio.search(plan_of(studio, arguments), arguments.minutes, folder))
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
            base, plan = plan_without_data(arguments)
            rows, tokens = ROWS_WITHOUT_DATA, float(plan.schedule.max_length)
            more = {}
            found = estimate_plan(base, plan, studio.device(), num_rows=rows, mean_tokens=tokens)
        else:
            check = studio.check(plan_of(studio, arguments))
            found, more = check.estimate, {**_orientation(studio, check), **_measured(studio, check, arguments)}
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


def _measured(studio: Studio, check: "PlanCheck", arguments: argparse.Namespace) -> dict[str, Any]:
    if not arguments.measure:
        return {}
    found = studio.measure(check.plan)
    return {"measured": {"memory_gib": round(found.memory_gib, 3), "seconds": round(found.seconds, 1)}}


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
    for name, text in pairs(arguments.set):
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
