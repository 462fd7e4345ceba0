"""The model card: what the model was taught, how, and how well; in the hub's README.md form."""

from pathlib import Path

from core.data.split import read_split
from core.evaluation import label_of
from core.evaluation.report import read_report
from core.runs.curves import Curves, curves_of
from core.runs.status import read_status
from core.strategies import STRATEGIES
from core.training.events import EventLog
from core.training.plan import TrainingPlan
from core.workspace import RunFolder

CARD = """\
---
base_model: {base}
library_name: {library}
tags: [tailor, {strategy}, {task}]
---

# {title}

{summary}

Base model: `{base}` · steps: {steps} of {num_steps}{early} · kept: step {kept} · device: {device} · {seconds:.0f} s
{lineage}
## Data

{num_train} examples to learn from, {num_validation} held back and never learned. None of them is in this package.

## Scores on the held-back part

{scores}

## Plan

{plan}

## Curve

{curve}

## Use

`python use_it.py` in this folder, with the versions of {libraries} named below or newer.

{versions}
"""


def write_card(folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
    """Writes README.md into `files`, from the run's own records."""
    status, parts = read_status(folder.status), read_split(folder.data)
    adapter = STRATEGIES.get(plan.strategy).saves == "adapter"
    text = CARD.format(
        base=plan.base if not Path(plan.base).is_dir() else Path(plan.base).name,
        library="peft" if (files / "adapter_config.json").exists() else "transformers",
        strategy=plan.strategy,
        task=plan.learns.name,
        title=plan.title,
        summary=STRATEGIES.get(plan.strategy).summary,
        steps=status.step,
        num_steps=status.num_steps,
        early=", stopped early" if status.stopped_early else "",
        kept=status.best_step or status.step,
        device=status.device,
        seconds=status.seconds,
        lineage=_lineage(plan),
        num_train=len(parts.train),
        num_validation=len(parts.validation),
        scores=_score_table(folder),
        plan=_plan_table(plan),
        curve=_curve_table(curves_of(EventLog(folder.events).read()[0])),
        libraries="torch, transformers and peft" if adapter else "torch and transformers",
        versions=_versions(),
    )
    (files / "README.md").write_text(text, encoding="utf-8")


def _lineage(plan: TrainingPlan) -> str:
    """Which run this one began with; its scores then are before and after, and not those of the base model."""
    if not plan.continue_from:
        return ""
    parent = Path(plan.continue_from).name
    return f"\nContinued from the run `{parent}`; below, base is what this run began with.\n"


def _score_table(folder: RunFolder) -> str:
    scores = read_report(folder)
    if not scores:
        return "Nothing was held back, so there are no scores."
    rows = [f"| {label_of(s.name)} ({s.name}) | {_figure(s.base)} | {s.tuned:.4g} | {s.num_rows} |" for s in scores]
    return "\n".join(["| Score | base | tuned | rows |", "| --- | --- | --- | --- |", *rows])


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _plan_table(plan: TrainingPlan) -> str:
    own = {**plan.options, **plan.task_options}
    values = {"task": plan.learns.name, "strategy": plan.strategy, **own, **plan.schedule.model_dump(mode="json")}
    rows = [f"| {name} | {', '.join(value) if isinstance(value, list) else value} |" for name, value in values.items()]
    return "\n".join(["| Option | Value |", "| --- | --- |", *rows])


def _curve_table(curves: Curves) -> str:
    if not curves.validation:
        return "No held-back loss was measured."
    train = {point.step: point.loss for point in curves.train}
    rows = [f"| {p.step} | {_number(train.get(p.step))} | {p.loss:.4f} |" for p in curves.validation]
    return "\n".join(["| Step | Train loss | Held-back loss |", "| --- | --- | --- |", *rows])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _versions() -> str:
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "peft", "safetensors"))
