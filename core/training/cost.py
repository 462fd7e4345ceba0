"""What a plan costs besides memory and time on this device: energy, and for orientation other machines and hosted jobs.

Every figure that is no arithmetic stands in a table with its source and its date: `costs.json` in the workspace, made
from `assets/costs.json`, which a person may edit.
"""

import shutil
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import CostsUnreadable
from core.hardware import Device
from core.strategies import STRATEGIES
from core.training.estimate import BACKWARD_COST, CHECK_SHARE, FROZEN_BACKWARD_COST
from core.training.preflight import PlanCheck
from core.workspace import ASSETS, Workspace

SECONDS_PER_HOUR = 3600
FORWARD_FLOPS = 2  # per weight and token: one product and one sum


class Row(BaseModel):
    """A line of the table: where its figure is from, and when it held."""

    model_config = ConfigDict(frozen=True)

    name: str
    source: str
    as_of: str


class Gpu(Row):
    """A graphics card: peak rate of dense half-precision products (10^12 operations a second), and power (W)."""

    tflops: float = Field(gt=0)
    watts: float = Field(gt=0)


class Hosted(Row):
    """A hosted fine-tuning job, by its price (US dollars for a million trained tokens)."""

    usd_per_million_tokens: float = Field(ge=0)


class Rates(BaseModel):
    """The whole table. utilisation: the share of a peak rate that training reaches, 0 to 1."""

    model_config = ConfigDict(frozen=True)

    utilisation: float = Field(gt=0, le=1)
    device_watts: dict[str, float]
    gpus: tuple[Gpu, ...]
    hosted: tuple[Hosted, ...]


@dataclass(frozen=True)
class OnGpu:
    """The plan on another machine."""

    gpu: Gpu
    hours: float
    kwh: float


@dataclass(frozen=True)
class AsJob:
    """The plan as a hosted job."""

    hosted: Hosted
    usd: float


@dataclass(frozen=True)
class Orientation:
    """Energy (kWh) on this device, and what other ways would take. tokens: read in training, every time counted."""

    kwh: float
    watts: float
    tokens: int
    on_gpus: tuple[OnGpu, ...]
    as_jobs: tuple[AsJob, ...]


def read_rates(workspace: Workspace) -> Rates:
    """The table of the workspace; made from ours where there is none.

    Raises:
        CostsUnreadable: it was edited into something that is no such table.
    """
    if not workspace.costs.exists():
        shutil.copyfile(ASSETS / workspace.costs.name, workspace.costs)
    try:
        return Rates.model_validate_json(workspace.costs.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise CostsUnreadable(file=workspace.costs, found=_first(error)) from error


def orientation(check: PlanCheck, device: Device, rates: Rates) -> Orientation:
    """What the plan costs by this table."""
    tokens, flops = trained_tokens(check), training_flops(check)
    watts = rates.device_watts.get(device.kind, 0.0)
    return Orientation(
        kwh=_kwh(watts, check.estimate.seconds / SECONDS_PER_HOUR),
        watts=watts,
        tokens=tokens,
        on_gpus=tuple(_on(gpu, flops, rates.utilisation) for gpu in rates.gpus),
        as_jobs=tuple(AsJob(job, tokens / 1e6 * job.usd_per_million_tokens) for job in rates.hosted),
    )


def trained_tokens(check: PlanCheck) -> int:
    """Tokens read over all steps; each time a row is seen counts."""
    mean = min(check.stats.mean, check.plan.schedule.max_length)
    return round(check.estimate.num_steps * check.plan.schedule.effective_batch * mean)


def training_flops(check: PlanCheck) -> float:
    """Operations of all steps with their held-out checks, by the usual count of 2 per weight and token a pass."""
    adapter = STRATEGIES.get(check.plan.strategy).saves == "adapter"
    passes = 1 + (FROZEN_BACKWARD_COST if adapter else BACKWARD_COST)
    return FORWARD_FLOPS * check.estimate.parameters.total * trained_tokens(check) * passes * (1 + CHECK_SHARE)


def _on(gpu: Gpu, flops: float, utilisation: float) -> OnGpu:
    hours = flops / (gpu.tflops * 1e12 * utilisation) / SECONDS_PER_HOUR
    return OnGpu(gpu, hours, _kwh(gpu.watts, hours))


def _kwh(watts: float, hours: float) -> float:
    return watts * hours / 1000


def _first(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'the whole file'}: {first['msg']}"
