"""What every task has in common: what a model is tuned for, from examples to loss and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from core.data.examples import Example
from core.data.tokenize import Row, Tokenization
from core.errors import TailorError
from core.knobs import Options
from core.models.catalog import BaseModel

if TYPE_CHECKING:
    import torch

CAUSAL_LM, SEQ_CLS = "CAUSAL_LM", "SEQ_CLS"  # PEFT's names (peft.TaskType)


class NoOptions(Options):
    """A task without options of its own."""


@dataclass(frozen=True)
class Segment:
    """A stretch of the example that is learned, that is only read, or that is to become less likely."""

    text: str
    learned: bool
    avoided: bool = False


@dataclass(frozen=True)
class Preview:
    """One example as the model will see it, and whether it learns to stop; no stop token where labels are learned."""

    segments: tuple[Segment, ...]
    stop_token: str
    stop_learned: bool


@dataclass(frozen=True)
class Measured:
    """What a batch cost, and what figures are made from.

    total: the sum of the losses (nats), of which `count` is the number
    judged: of shape (rows, 2), the pairs a `Figure` is made from; None where a task has no figures
    """

    total: "torch.Tensor"
    count: int
    judged: "torch.Tensor | None" = None


class Task(Protocol):
    """One thing a model can be tuned for.

    suits: what the examples may be (`core.data.examples.TASKS`); the task is the first choice where its own name stands
    peft_type: PEFT's name of it, which decides what an adapter is put on and what is saved beside it
    needs_template: whether turns are written with the base model's chat template
    writes: whether the result answers in words, so that the base model has to write as well
    options: the task's own options
    metrics: names in METRICS, made from the held-out loss; figures: names in FIGURES, made from what was judged
    sequences: how many sequences the model reads for one row
    studies: whether `studied` reads every row once before the first step
    """

    name: str
    label: str
    summary: str
    suits: tuple[str, ...]
    peft_type: str
    needs_template: bool
    writes: bool
    options: type[Options]
    metrics: tuple[str, ...]
    figures: tuple[str, ...]
    sequences: int
    studies: bool

    def rate_factor(self, base_writes: bool) -> float:
        """By what the strategy's customary learning rate is multiplied."""
        ...

    def labels(self, examples: Sequence[Example]) -> tuple[str, ...]:
        """The labels to choose from, in the order of the head's outputs; none where words are learned."""
        ...

    def concerns(self, train: Sequence[Example], validation: Sequence[Example]) -> "Concerns":
        """What is wrong with the examples for this task."""
        ...

    def num_rows(self, lengths: Sequence[int], max_length: int) -> int:
        """Rows that examples of these lengths (tokens) make."""
        ...

    def rows(
        self, tokens: Tokenization, examples: Sequence[Example], max_length: int, labels: Sequence[str]
    ) -> tuple[Row, ...]:
        """The examples as token ids."""
        ...

    def preview(self, tokens: Tokenization, rows: Sequence[Any], labels: Sequence[str]) -> Preview:
        """A typical row as the model will see it."""
        ...

    def open(
        self,
        base: BaseModel,
        dtype: "torch.dtype",
        device: str,
        *,
        labels: Sequence[str],
        pad_token_id: int,
        packed: Any = None,
    ) -> Any:
        """The base model as this task trains it; `packed` is a quantization config of transformers.

        Raises:
            BaseIncomplete, BaseNotSupported: it does not open.
        """
        ...

    def empty(self, base: BaseModel, num_labels: int) -> Any:
        """The same on the `meta` device, to count its weights."""
        ...

    def studied(self, model: Any, rows: Sequence[Any], pad_token_id: int, batch_size: int) -> tuple[Row, ...]:
        """The rows with what has to be known of the model before its first step; it is in eval mode."""
        ...

    def collate(self, rows: Sequence[dict[str, Any]], pad_token_id: int) -> "dict[str, torch.Tensor]":
        """Rows as one batch; each tensor's first dimension goes over the sequences that are read."""
        ...

    def count(self, batch: "dict[str, torch.Tensor]") -> int:
        """How many losses `loss` will sum for this batch."""
        ...

    def loss(self, model: Any, batch: "dict[str, torch.Tensor]", options: Any) -> Measured:
        """The summed loss of a batch."""
        ...


@dataclass(frozen=True)
class Concerns:
    """What stands in the way of a start, and what does not but should be known."""

    issues: tuple[TailorError, ...] = ()
    notes: tuple[TailorError, ...] = ()


def typical(rows: Sequence[Any]) -> Any:
    """The row of middle length."""
    return sorted(rows, key=lambda row: row.full_length)[len(rows) // 2]
