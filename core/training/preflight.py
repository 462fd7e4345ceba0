"""Before the start: what will be learned, what it costs, and what stands in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.data.mix import repeated
from core.data.review import review_of
from core.data.split import DatasetSplit, SplitSettings, split
from core.data.store import Dataset, DatasetStore
from core.data.tokenize import Row, Tokenization, TokenStats, token_stats
from core.errors import (
    BaseWithoutWeights,
    DiskFull,
    NothingToLearn,
    OnlyWrites,
    OptionRefused,
    StopTokenNotLearned,
    TailorError,
    TooLittleMemory,
)
from core.hardware import Device
from core.models.catalog import BaseModel, open_base
from core.strategies import STRATEGIES
from core.tasks import AUTO, Preview, Segment, Task, refuse_unfit, task_of_data
from core.training.estimate import Estimate, estimate
from core.training.plan import TrainingPlan
from core.training.presets import Facts, draft_plan, length_for
from core.training.tokenizations import Tokenizations
from core.workspace import free_gib

__all__ = ["PlanCheck", "Preview", "Segment", "check_plan", "draft_for", "split_for"]

UNLIMITED = 10**9
TOLERATED_ONE_IN = 20  # one very long example in a set must not stop a person; one in twenty changes what is learned


@dataclass(frozen=True)
class PlanCheck:
    """Everything that is shown before the start. A plan with issues is not started; notes stop nobody."""

    plan: TrainingPlan
    estimate: Estimate
    stats: TokenStats
    preview: Preview
    issues: tuple[TailorError, ...]
    notes: tuple[TailorError, ...] = ()


def draft_for(
    datasets: DatasetStore,
    tokenizations: Tokenizations,
    dataset: str,
    base: str,
    *,
    strategy: str,
    goal: str,
    preset: str,
    task: str = AUTO,
) -> TrainingPlan:
    """The plan of a goal and a preset for these data and this base model.

    Raises:
        UnknownName, BaseOnlyReads: the task does not fit the data, or the base model not the task.
    """
    model, data = open_base(base), datasets.get(dataset)
    learns = task_of_data(task, data.task)
    refuse_unfit(learns, model)
    parts = _split(datasets, data, data.split)
    tokens = tokenizations.of(dataset, model, needs_template=learns.needs_template)
    facts = _facts(learns, tokens, model, parts, data.split)
    return draft_plan(
        title=data.title,
        dataset=dataset,
        base=model.name,
        facts=facts,
        strategy=strategy,
        goal=goal,
        preset=preset,
        task=learns.name,
    )


def _facts(task: Task, tokens: Tokenization, base: BaseModel, parts: DatasetSplit, settings: SplitSettings) -> Facts:
    """What the examples are as rows of the task; where a limit divides them, as many as there will be."""
    train, rest = parts.train, (*parts.validation, *parts.test)
    whole = [[row.full_length for row in task.rows(tokens, part, UNLIMITED, ())] for part in (train, rest)]
    longest = max((length for lengths in whole for length in lengths), default=1)
    facts = Facts(len(train), longest, base.hidden_size, base.context_tokens, settings, base.writes)
    return replace(facts, num_rows=task.num_rows(whole[0], length_for(facts)))


def check_plan(
    datasets: DatasetStore, tokenizations: Tokenizations, plan: TrainingPlan, device: Device, disk: Path
) -> PlanCheck:
    """Tokenizes every example that is not known yet, counts, and looks for what would make the run worthless.

    The plan of the result names its task.
    """
    base, task = open_base(plan.base), task_of_data(plan.task, datasets.get(plan.dataset).task)
    plan = plan.model_copy(update={"task": task.name})
    refuse_unfit(task, base)
    parts = split_for(datasets, plan)
    labels, concerns = task.labels(parts.train), task.concerns(parts.train, parts.validation)
    if concerns.issues:
        raise concerns.issues[0]
    tokens = tokenizations.of(plan.dataset, base, needs_template=task.needs_template)
    limit = plan.schedule.max_length
    train, validation = (task.rows(tokens, part, limit, labels) for part in (parts.train, parts.validation))
    rows, stats = (*train, *validation), token_stats((*train, *validation), len(train))
    mean = min(stats.mean, limit)
    costs = estimate(base, plan, device, num_rows=len(train), mean_tokens=mean, num_labels=len(labels))
    return PlanCheck(
        plan=plan,
        estimate=costs,
        stats=stats,
        preview=task.preview(tokens, rows, labels),
        issues=(
            *find_issues(plan, base, rows, stats, tokens.stop_token),
            *find_limits(plan, base, costs, device, disk),
        ),
        notes=concerns.notes,
    )


def split_for(datasets: DatasetStore, plan: TrainingPlan) -> DatasetSplit:
    """The split of a plan. Of a mix, the rows to train on come as often as an epoch sees them.

    Raises:
        TooFewExamples: nothing could be held back.
    """
    return _split(datasets, datasets.get(plan.dataset), plan.schedule.split)


def _split(datasets: DatasetStore, dataset: Dataset, settings: SplitSettings) -> DatasetSplit:
    parts = split(tuple(review_of(datasets, dataset.id).learned()), settings)
    if not dataset.mix:
        return parts
    return replace(parts, train=repeated(parts.train, dataset.mix, settings.seed))


def find_issues(
    plan: TrainingPlan,
    base: BaseModel,
    rows: Sequence[Row],
    stats: TokenStats,
    stop_token: str,
) -> list[TailorError]:
    """Each thing that would make the run worthless, with what to do."""
    issues: list[TailorError] = []
    limit = plan.schedule.max_length
    stopless = sum(not row.stop_learned for row in rows)
    if not base.has_weights:
        issues.append(BaseWithoutWeights(folder=base.path))
    room = base.context_tokens - STRATEGIES.get(plan.strategy).virtual_tokens(plan.strategy_options)
    if limit > room:
        expected = f"at most {room}, the most this base model reads"
        issues.append(OptionRefused(name="max_length", found=limit, expected=expected))
    if stats.num_emptied > len(rows) // TOLERATED_ONE_IN:
        issues.append(
            NothingToLearn(max_length=limit, found=stats.num_emptied, rows=len(rows), expected=stats.limit_for_95)
        )
    elif stopless > len(rows) // TOLERATED_ONE_IN:
        issues.append(
            StopTokenNotLearned(found=stopless, rows=len(rows), token=stop_token, expected=stats.limit_for_100)
        )
    return issues


def find_limits(
    plan: TrainingPlan, base: BaseModel, costs: Estimate, device: Device, disk: Path
) -> Iterator[TailorError]:
    """What this machine lacks, or has too little of."""
    if not (plan.learns.writes or STRATEGIES.get(plan.strategy).classifies):
        yield OnlyWrites(strategy=plan.strategy)
    if missing := STRATEGIES.get(plan.strategy).unavailable(device):
        yield missing
    if costs.memory_gib > device.memory_gib:
        yield TooLittleMemory(expected=f"{costs.memory_gib:.1f}", found=f"{device.memory_gib:.1f}")
    needed = disk_needed_gib(plan, base)
    if free_gib(disk) < needed:
        yield DiskFull(folder=disk, found=f"{free_gib(disk):.1f}", expected=f"{needed:.1f}")


def disk_needed_gib(plan: TrainingPlan, base: BaseModel) -> float:
    """Room for three checkpoints with their optimizer states and the result, plus a margin."""
    whole = STRATEGIES.get(plan.strategy).saves == "model"
    return 0.2 + (3 * 6 * base.weights_bytes / 2**30 if whole else 0.1 * base.weights_bytes / 2**30)
