"""A better and a worse answer to the same question: direct preference optimization.

Rafailov et al. 2023, arXiv:2305.18290, equation 7: with x the question, y_w the better and y_l the worse answer,

    loss = −log σ(β · [(log π(y_w|x) − log π_ref(y_w|x)) − (log π(y_l|x) − log π_ref(y_l|x))])

π is the model that is trained, π_ref the model as it was before the first step.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.data.examples import PREFERENCE, Example
from core.data.tokenize import IGNORED, Row, Tokenization, TokenizedRow
from core.errors import NoPairs
from core.knobs import Options, knob
from core.tasks.base import Concerns, Measured, Preview, Segment, typical
from core.tasks.writing import Writing, segments_of
from core.training.batching import collate
from core.training.loss import learned_logits

if TYPE_CHECKING:
    import torch

# DPO goes with lower rates than learning answers: only the difference of two answers is held, so that large steps make
# both unlikely. A quarter gives 5e-6 in full and 5e-5 with LoRA at width 4096. Published runs are lower still (TRL's
# default is 1e-6 in full, Zephyr's, Tunstall et al. 2023, arXiv:2310.16944, 5e-7), with a hundred times the steps.
RATE_FACTOR = 0.25


class PreferenceOptions(Options):
    """The options of DPO."""

    beta: float = knob(
        0.1,
        label="How close it stays to itself",
        help="Higher keeps it closer to the base model; lower lets the pairs pull it further away.",
        ge=0.001,
        le=10.0,
        step=0.05,
    )


@dataclass(frozen=True)
class PairRow:
    """Both answers to a question; reference: the log-probabilities (nats) that the untouched model gives to them."""

    chosen: TokenizedRow
    rejected: TokenizedRow
    reference: tuple[float, float] = (0.0, 0.0)

    @property
    def full_length(self) -> int:
        """Tokens of the longer one before the cut."""
        return max(self.chosen.full_length, self.rejected.full_length)

    @property
    def stop_learned(self) -> bool:
        """Whether both answers are whole."""
        return self.chosen.stop_learned and self.rejected.stop_learned

    @property
    def num_learned(self) -> int:
        """Tokens of the answer of which less is left."""
        return min(self.chosen.num_learned, self.rejected.num_learned)

    @property
    def is_cut(self) -> bool:
        """Whether the length limit took something away."""
        return self.chosen.is_cut or self.rejected.is_cut

    @property
    def num_tokens(self) -> int:
        """Tokens that are read, in both."""
        return self.chosen.num_tokens + self.rejected.num_tokens

    @property
    def item(self) -> dict[str, Any]:
        """What `collate` takes."""
        return {"chosen": self.chosen.item, "rejected": self.rejected.item, "reference": self.reference}


class Preference(Writing):
    """DPO. The reference's log-probabilities are computed once, before the first step: no second model is kept."""

    name = PREFERENCE
    label = "The better of two answers"
    summary = "It learns to prefer the better answer of each pair and to avoid the worse. Slower, since it reads both."
    suits: tuple[str, ...] = (PREFERENCE,)
    options: type[Options] = PreferenceOptions
    metrics: tuple[str, ...] = ()
    figures: tuple[str, ...] = ("reward_accuracy", "reward_margin")
    sequences = 2
    studies = True

    def rate_factor(self, base_writes: bool) -> float:
        """Smaller steps."""
        return RATE_FACTOR

    def concerns(self, train: Sequence[Example], validation: Sequence[Example]) -> Concerns:
        """No pair at all."""
        return Concerns() if any(example.rejected for example in train) else Concerns((NoPairs(rows=len(train)),))

    def rows(
        self, tokens: Tokenization, examples: Sequence[Example], max_length: int, labels: Sequence[str]
    ) -> tuple[Row, ...]:
        """A pair each; an example without a worse answer is none."""
        pairs = [example for example in examples if example.rejected]
        worse = [with_rejected(example) for example in pairs]
        coded = zip(tokens.rows(pairs, max_length), tokens.rows(worse, max_length), strict=True)
        return tuple(PairRow(_last_answer(chosen), _last_answer(rejected)) for chosen, rejected in coded)

    def preview(self, tokens: Tokenization, rows: Sequence[Any], labels: Sequence[str]) -> Preview:
        """The question, the better answer, and the worse."""
        row = typical(rows)
        worse = [segment for segment in segments_of(tokens, row.rejected) if segment.learned]
        avoided = (replace(segment, learned=False, avoided=True) for segment in worse[-1:])
        chosen = (*segments_of(tokens, row.chosen),)
        apart = () if chosen[-1].text.endswith("\n") else (Segment("\n", learned=False),)
        segments = (*chosen, *apart, *avoided)
        return Preview(segments, tokens.stop_token, row.stop_learned)

    def studied(self, model: Any, rows: Sequence[Any], pad_token_id: int, batch_size: int) -> tuple[Row, ...]:
        """The rows with the reference's log-probabilities; rows of like length are read together."""
        order = sorted(range(len(rows)), key=lambda number: rows[number].num_tokens)
        found: dict[int, tuple[float, float]] = {}
        for start in range(0, len(order), batch_size):
            numbers = order[start : start + batch_size]
            batch = self.collate([rows[number].item for number in numbers], pad_token_id)
            found |= zip(numbers, _reference(model, batch), strict=True)
        return tuple(replace(row, reference=found[number]) for number, row in enumerate(rows))

    def collate(self, rows: Sequence[dict[str, Any]], pad_token_id: int) -> "dict[str, torch.Tensor]":
        """(2 · batch, seq): all better answers, then all worse; reference of shape (2 · batch,) in the same order."""
        import torch

        both = [row["chosen"] for row in rows] + [row["rejected"] for row in rows]
        reference = [row["reference"][side] for side in (0, 1) for row in rows]
        return {**collate(both, pad_token_id), "reference": torch.tensor(reference)}

    def count(self, batch: "dict[str, torch.Tensor]") -> int:
        """Pairs."""
        return len(batch["input_ids"]) // 2

    def loss(self, model: Any, batch: "dict[str, torch.Tensor]", options: Any) -> Measured:
        """Equation 7; judged are the rewards β · (log π − log π_ref) of the better and of the worse answer."""
        import torch
        from torch.nn.functional import logsigmoid

        rewards = options.beta * (answer_logps(model, batch) - batch["reference"])
        better, worse = rewards.chunk(2)
        judged = torch.stack([better, worse], dim=1).detach()
        return Measured(-logsigmoid(better - worse).sum(), self.count(batch), judged)


def answer_logps(model: Any, batch: "dict[str, torch.Tensor]") -> "torch.Tensor":
    """Log-probabilities (nats) of the learned tokens of each row, summed: shape (rows,)."""
    import torch
    from torch.nn.functional import cross_entropy

    targets = batch["labels"][:, 1:]
    learned = targets != IGNORED
    logits = learned_logits(model, batch["input_ids"], batch["attention_mask"], learned)
    of_tokens = -cross_entropy(logits.float(), targets[learned], reduction="none")
    rows = learned.nonzero()[:, 0]
    return torch.zeros(len(targets), device=of_tokens.device).index_add(0, rows, of_tokens)


def with_rejected(example: Example) -> Example:
    """The same conversation with the worse answer at its end."""
    last = replace(example.messages[-1], content=example.rejected, extra="")
    return replace(example, messages=(*example.messages[:-1], last), rejected="")


def _last_answer(row: TokenizedRow) -> TokenizedRow:
    """Only the last answer counts: what was said before is the same on both sides."""
    end = len(row.labels)
    while end and row.labels[end - 1] == IGNORED:
        end -= 1
    start = end
    while start and row.labels[start - 1] != IGNORED:
        start -= 1
    return replace(row, labels=(IGNORED,) * start + row.labels[start:])


def _reference(model: Any, batch: "dict[str, torch.Tensor]") -> Iterator[tuple[float, float]]:
    """The log-probabilities of the better and the worse answer of each pair, without gradients."""
    import torch

    with torch.no_grad():
        logps = answer_logps(model, {name: tensor.to(model.device) for name, tensor in batch.items()})
    better, worse = logps.chunk(2)
    yield from zip(better.tolist(), worse.tolist(), strict=True)
