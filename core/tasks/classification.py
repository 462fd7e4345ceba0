"""Texts with a label: a head on the model tells which of the labels it is, and how sure it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.data.examples import CLASSIFICATION, Example
from core.data.tokenize import IGNORED, Row, Tokenization
from core.errors import TooFewLabels, UnseenLabels
from core.knobs import Options
from core.models.catalog import BaseModel
from core.models.heads import empty_with_head, open_with_head
from core.tasks.base import SEQ_CLS, Concerns, Measured, NoOptions, Preview, Segment, typical
from core.training.batching import collate

if TYPE_CHECKING:
    import torch

FEWEST_LABELS = 2
# The customary rates of encoders, 2e-5 to 5e-5 in full (Devlin et al. 2018, arXiv:1810.04805, A.3) and 3e-4 to 5e-4
# with LoRA (Hu et al. 2021, arXiv:2106.09685, table 9), were found at widths of 768 to 1024. The rates of the
# strategies, which hold at 4096 and are scaled by width, come to about three times as much there.
ENCODER_RATE = 0.3


@dataclass(frozen=True)
class LabelledRow:
    """A text as token ids, and the number of its label; IGNORED for one that no text to learn from has.

    stop_learned: there is anything to read
    """

    input_ids: tuple[int, ...]
    label: int
    full_length: int
    stop_learned: bool = True
    num_learned: int = 1

    @property
    def is_cut(self) -> bool:
        """Whether the length limit took something away."""
        return self.full_length > len(self.input_ids)

    @property
    def num_tokens(self) -> int:
        """Tokens that are read."""
        return len(self.input_ids)

    @property
    def item(self) -> dict[str, Any]:
        """What `collate` takes."""
        return {"input_ids": self.input_ids, "label": self.label}


class Classification:
    """Sequence classification, with encoders of the BERT family as well as with models that write."""

    name = CLASSIFICATION
    label = "Labels"
    summary = "It learns to choose one of your labels and says how sure it is. It gives no other answers any more."
    suits: tuple[str, ...] = (CLASSIFICATION,)
    peft_type = SEQ_CLS
    needs_template = False
    writes = False
    options: type[Options] = NoOptions
    metrics: tuple[str, ...] = ()
    figures: tuple[str, ...] = ("accuracy", "macro_f1")
    sequences = 1
    studies = False

    def rate_factor(self, base_writes: bool) -> float:
        """Encoders have customary rates of their own."""
        return 1.0 if base_writes else ENCODER_RATE

    def labels(self, examples: Sequence[Example]) -> tuple[str, ...]:
        """Those of the examples to learn from, sorted, so that the same data give the same order."""
        return tuple(sorted({label_of(example) for example in examples}))

    def concerns(self, train: Sequence[Example], validation: Sequence[Example]) -> Concerns:
        """One label alone; held-back labels that nothing to learn from has."""
        known = self.labels(train)
        unseen = Counter(label for example in validation if (label := label_of(example)) not in known)
        issues = [TooFewLabels(found=len(known), expected=FEWEST_LABELS)] if len(known) < FEWEST_LABELS else []
        notes = [UnseenLabels(found=", ".join(sorted(unseen)), rows=unseen.total())] if unseen else []
        return Concerns(tuple(issues), tuple(notes))

    def num_rows(self, lengths: Sequence[int], max_length: int) -> int:
        """One each."""
        return len(lengths)

    def rows(
        self, tokens: Tokenization, examples: Sequence[Example], max_length: int, labels: Sequence[str]
    ) -> tuple[Row, ...]:
        """The texts, without a template, so that whoever uses the model later needs none."""
        numbers = {label: number for number, label in enumerate(labels)}
        made = (
            (numbers.get(label_of(example), IGNORED), tokens.text(example.question, max_length)) for example in examples
        )
        return tuple(LabelledRow(text.ids, number, text.full_length, bool(text.ids)) for number, text in made)

    def preview(self, tokens: Tokenization, rows: Sequence[Any], labels: Sequence[str]) -> Preview:
        """A typical text, and its label."""
        row = typical([row for row in rows if row.label != IGNORED] or rows)
        text = str(tokens.tokenizer.decode(row.input_ids, skip_special_tokens=True))
        label = labels[row.label] if row.label != IGNORED else ""
        return Preview((Segment(text + "\n", learned=False), Segment(label, learned=True)), "", stop_learned=True)

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
        """The base model with a new head."""
        more = {} if packed is None else {"quantization_config": packed, "device_map": {"": device}}
        model = open_with_head(base, labels, pad_token_id, dtype, **more)
        return model if packed is not None else model.to(device)

    def empty(self, base: BaseModel, num_labels: int) -> Any:
        """Its shape."""
        return empty_with_head(base, num_labels)

    def studied(self, model: Any, rows: Sequence[Any], pad_token_id: int, batch_size: int) -> tuple[Row, ...]:
        """The rows as they are."""
        return tuple(rows)

    def collate(self, rows: Sequence[dict[str, Any]], pad_token_id: int) -> "dict[str, torch.Tensor]":
        """input_ids and attention_mask of shape (batch, seq), labels of shape (batch,)."""
        import torch

        padded = collate([{**row, "labels": row["input_ids"]} for row in rows], pad_token_id)
        return {**padded, "labels": torch.tensor([row["label"] for row in rows])}

    def count(self, batch: "dict[str, torch.Tensor]") -> int:
        """Rows with a label that is learned."""
        return int((batch["labels"] != IGNORED).sum())

    def loss(self, model: Any, batch: "dict[str, torch.Tensor]", options: Any) -> Measured:
        """Cross-entropies over the labels; judged are the right label's number and the one it chose."""
        import torch
        from torch.nn.functional import cross_entropy

        logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits.float()
        total = cross_entropy(logits, batch["labels"], ignore_index=IGNORED, reduction="sum")
        judged = torch.stack([batch["labels"], logits.detach().argmax(dim=-1)], dim=1)
        return Measured(total, self.count(batch), judged)


def label_of(example: Example) -> str:
    """The label of an example: its answer, without the space around it."""
    return example.answer.strip()
