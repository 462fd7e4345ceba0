"""What the tasks share whose result writes text: a causal language model."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.data.examples import Example
from core.data.tokenize import IGNORED, Row, Tokenization, TokenizedRow
from core.knobs import Options
from core.models.catalog import BaseModel
from core.models.load import empty_model, load_model
from core.tasks.base import CAUSAL_LM, Concerns, Measured, NoOptions, Preview, Segment, typical
from core.training.batching import collate
from core.training.loss import summed_loss

if TYPE_CHECKING:
    import torch


class Writing:
    """Learns tokens by their cross-entropy, each example a row of its own."""

    peft_type = CAUSAL_LM
    needs_template = True
    writes = True
    options: type[Options] = NoOptions
    metrics: tuple[str, ...] = ("loss", "perplexity")
    figures: tuple[str, ...] = ()
    sequences = 1
    studies = False

    def rate_factor(self, base_writes: bool) -> float:
        """The customary rates were found for this."""
        return 1.0

    def labels(self, examples: Sequence[Example]) -> tuple[str, ...]:
        """None."""
        return ()

    def concerns(self, train: Sequence[Example], validation: Sequence[Example]) -> Concerns:
        """Nothing."""
        return Concerns()

    def num_rows(self, lengths: Sequence[int], max_length: int) -> int:
        """One each."""
        return len(lengths)

    def rows(
        self, tokens: Tokenization, examples: Sequence[Example], max_length: int, labels: Sequence[str]
    ) -> tuple[Row, ...]:
        """One each, cut at the end."""
        return tokens.rows(examples, max_length)

    def preview(self, tokens: Tokenization, rows: Sequence[Any], labels: Sequence[str]) -> Preview:
        """A typical row, in stretches of learned and unlearned text."""
        row = typical(rows)
        return Preview(tuple(segments_of(tokens, row)), tokens.stop_token, row.stop_learned)

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
        """The base model as it is."""
        return load_model(base, dtype, device, packed)

    def empty(self, base: BaseModel, num_labels: int) -> Any:
        """The base model's shape."""
        return empty_model(base)

    def studied(self, model: Any, rows: Sequence[Any], pad_token_id: int, batch_size: int) -> tuple[Row, ...]:
        """The rows as they are."""
        return tuple(rows)

    def collate(self, rows: Sequence[dict[str, Any]], pad_token_id: int) -> "dict[str, torch.Tensor]":
        """input_ids, attention_mask, labels of shape (batch, seq)."""
        return collate(rows, pad_token_id)

    def count(self, batch: "dict[str, torch.Tensor]") -> int:
        """Learned tokens; the first of a row has nothing before it to be told from."""
        return int((batch["labels"][:, 1:] != IGNORED).sum())

    def loss(self, model: Any, batch: "dict[str, torch.Tensor]", options: Any) -> Measured:
        """Cross-entropies of the learned tokens."""
        return Measured(*summed_loss(model, batch))


def segments_of(tokens: Tokenization, row: TokenizedRow) -> Iterator[Segment]:
    """The text of a row, cut where learned and unlearned stretches meet."""
    ids: list[int] = []
    learned = False
    for id, label in zip(row.input_ids, row.labels, strict=True):
        if ids and (label != IGNORED) != learned:
            yield Segment(str(tokens.tokenizer.decode(ids)), learned)
            ids = []
        learned = label != IGNORED
        ids.append(id)
    yield Segment(str(tokens.tokenizer.decode(ids)), learned)
