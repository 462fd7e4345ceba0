"""What a plan costs, from arithmetic alone: no weights are loaded."""

import math
from dataclasses import dataclass

from core.hardware import Device
from core.models.catalog import BaseModel
from core.strategies import STRATEGIES, Strategy
from core.tasks.classification import FEWEST_LABELS
from core.training.plan import TrainingPlan

BYTES_FP32, BYTES_BF16 = 4, 2
ADAM_BYTES = 8  # two moments in float32
SCALE_BITS = 0.127  # per packed weight, for the scales packed twice: Dettmers et al. 2023, arXiv:2305.14314, section 3
BACKWARD_COST = 2.0  # a backward pass through activations and weights costs two forward passes
FROZEN_BACKWARD_COST = 1.0  # frozen weights need no gradient of their own
# Python, the libraries and their buffers, or a CUDA context: what a process holds before any model.
RUNTIME_GIB = {"cpu": 0.8, "mps": 0.8, "cuda": 0.5}
# What a step costs besides arithmetic (optimiser, events, checkpoints). On a CPU measured with the starter: 170 LoRA
# steps took 20 to 28 s on two cores. For the others a guess.
STEP_SECONDS = {"cpu": 0.1, "mps": 0.05, "cuda": 0.03}
CHECK_SHARE = 0.15  # held-out checks and saving, as a share of the learning itself
ACTIVATION_BYTES_PER_LAYER = 34  # per token and unit of width, Korthikanti et al. 2022, arXiv:2205.05198, eq. 1


@dataclass(frozen=True)
class Parameters:
    """Counts of weights, and the shape that decides what activations cost; vocabulary: 0 where no token is foretold."""

    trainable: int
    total: int
    num_layers: int
    hidden_size: int
    vocabulary: int

    @property
    def share(self) -> float:
        """Trainable over total, 0 to 1."""
        return self.trainable / self.total


@dataclass(frozen=True)
class Estimate:
    """What is shown before the start."""

    parameters: Parameters
    runtime_gib: float
    weights_gib: float
    gradients_gib: float
    optimizer_gib: float
    activations_gib: float
    seconds: float
    num_rows: int
    num_steps: int
    times_seen: float

    @property
    def memory_gib(self) -> float:
        """Everything that is in memory at once while training."""
        parts = (self.weights_gib, self.gradients_gib, self.optimizer_gib, self.activations_gib)
        return self.runtime_gib + sum(parts)


def count_parameters(base: BaseModel, plan: TrainingPlan, num_labels: int = FEWEST_LABELS) -> Parameters:
    """Counts on the `meta` device: exact, and without reading a weight.

    Args:
        num_labels: outputs of the head, where labels are learned.

    Raises:
        OptionRefused: an option does not fit this base model.
    """
    strategy, task = STRATEGIES.get(plan.strategy), plan.learns
    model = strategy.prepare(task.empty(base, num_labels), plan.strategy_options, task.peft_type)
    counts = [(weight.numel(), weight.requires_grad) for weight in model.parameters()]
    return Parameters(
        trainable=sum(count for count, trained in counts if trained),
        total=sum(count for count, _ in counts),
        num_layers=base.num_layers,
        hidden_size=base.hidden_size,
        vocabulary=base.vocabulary if task.writes else 0,
    )


def estimate(
    base: BaseModel,
    plan: TrainingPlan,
    device: Device,
    *,
    num_rows: int,
    mean_tokens: float,
    num_labels: int = FEWEST_LABELS,
) -> Estimate:
    """Memory in GiB and time in seconds for `num_rows` rows of `mean_tokens` tokens each."""
    counts = count_parameters(base, plan, num_labels)
    strategy = STRATEGIES.get(plan.strategy)
    half = device.uses_bf16(plan.schedule.precision)
    return Estimate(
        parameters=counts,
        runtime_gib=RUNTIME_GIB[device.kind],
        weights_gib=_weight_bytes(counts, strategy, half) / 2**30,
        gradients_gib=counts.trainable * BYTES_FP32 / 2**30,
        optimizer_gib=counts.trainable * ADAM_BYTES / 2**30,
        activations_gib=_activation_bytes(counts, plan, half) / 2**30,
        seconds=_seconds(counts, plan, device, num_rows, mean_tokens),
        num_rows=num_rows,
        num_steps=plan.num_steps(num_rows),
        times_seen=plan.times_seen(num_rows),
    )


def _weight_bytes(counts: Parameters, strategy: Strategy, half: bool) -> float:
    """What is trained is kept in float32, and so is a whole model; the base of an adapter as it computes or is packed.

    Only linear layers are packed; the embeddings stay as they are (one table is counted).
    """
    frozen = counts.total - counts.trainable
    each = BYTES_BF16 if half and strategy.saves == "adapter" else BYTES_FP32
    if strategy.base_bits is None:
        return frozen * each + counts.trainable * BYTES_FP32
    table = min(frozen, counts.vocabulary * counts.hidden_size)
    packed = (frozen - table) * (strategy.base_bits + SCALE_BITS) / 8
    return packed + (table + counts.trainable) * BYTES_FP32


def _activation_bytes(counts: Parameters, plan: TrainingPlan, half: bool) -> float:
    virtual = STRATEGIES.get(plan.strategy).virtual_tokens(plan.strategy_options)
    tokens = plan.schedule.batch_size * (plan.schedule.max_length + virtual) * plan.learns.sequences
    per_layer = ACTIVATION_BYTES_PER_LAYER * counts.hidden_size * (1 if half else 2)
    logits = counts.vocabulary * (BYTES_FP32 * 3)
    return tokens * (per_layer * counts.num_layers + logits)


def _seconds(counts: Parameters, plan: TrainingPlan, device: Device, num_rows: int, mean_tokens: float) -> float:
    steps, strategy = plan.num_steps(num_rows), STRATEGIES.get(plan.strategy)
    virtual = strategy.virtual_tokens(plan.strategy_options)
    adapter = strategy.saves == "adapter"
    tokens = (min(mean_tokens, plan.schedule.max_length) + virtual) * plan.learns.sequences
    forward = 2.0 * counts.total * tokens * plan.schedule.effective_batch
    # A whole model is gone through backwards as far down as it is trained, an adapter always to its first layer.
    backward = FROZEN_BACKWARD_COST if adapter else BACKWARD_COST * counts.share
    studied = num_rows / plan.schedule.effective_batch if plan.learns.studies else 0.0  # batches read once before
    arithmetic = (steps * (1 + backward) + studied) * forward / device.flops_per_second(plan.schedule.precision)
    passes = steps * plan.schedule.gradient_accumulation
    overhead = passes * counts.num_layers * device.seconds_per_layer(adapter and not virtual)
    return math.ceil((arithmetic + overhead + steps * STEP_SECONDS[device.kind]) * (1 + CHECK_SHARE))
