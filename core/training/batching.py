"""Rows as batches: padded on the right, so that causal attention never sees a pad."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.data.tokenize import IGNORED, Row

if TYPE_CHECKING:
    import torch

WIDTH_STEP = 16


class Rows:
    """Tokenized rows as a map-style dataset for `transformers.Trainer`; rows cut inside an answer are left out."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = [row for row in rows if row.stop_learned]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self._rows[index].item

    @property
    def lengths(self) -> list[int]:
        """Tokens of each row."""
        return [row.num_tokens for row in self._rows]

    @property
    def learned(self) -> list[int]:
        """Tokens of each row that are learned: each costs a row of logits, as wide as the vocabulary."""
        return [row.num_learned for row in self._rows]


def collate(rows: Sequence[dict[str, Any]], pad_token_id: int) -> "dict[str, torch.Tensor]":
    """Tensors of shape (batch, seq): input_ids, attention_mask, labels (−100 where nothing is learned)."""
    import torch

    longest = max(len(row["input_ids"]) for row in rows)

    def padded(name: str, filler: int) -> torch.Tensor:
        return torch.tensor([[*row[name], *[filler] * (longest - len(row[name]))] for row in rows])

    mask = torch.tensor([[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"])) for row in rows])
    return {
        "input_ids": padded("input_ids", pad_token_id),
        "attention_mask": mask,
        "labels": padded("labels", IGNORED),
    }


def rounded(length: int, widest: int) -> int:
    """The width at which a row of this length is read: the next multiple of `WIDTH_STEP`, where it is allowed.

    For every new shape a CPU's kernels are made and kept anew: rows of every length cost memory that grows with the
    run, and time (measured in docs/decisions/0018).
    """
    return max(length, min(-(-length // WIDTH_STEP) * WIDTH_STEP, widest))


def micro_batches(
    batch: "Mapping[str, torch.Tensor]",
    most_tokens: int,
    sequences: int = 1,
    *,
    widest: int = 0,
    pad_token_id: int = 0,
) -> "Iterator[dict[str, torch.Tensor]]":
    """The rows of a batch in parts of at most `most_tokens` tokens, pads included; longest rows first.

    Every tensor has the sequences in its first dimension; `sequences` of them are one row, the first of every row
    before the second of any. `attention_mask` (sequences, seq), padded on the right, says how long they are; tensors of
    its width are cut to the longest of the part, `rounded` as far as `widest`. A row that is longer than the limit is a
    part of its own.
    """
    mask = batch["attention_mask"]
    found = mask.sum(dim=1).reshape(sequences, -1).amax(dim=0).tolist()
    lengths = [rounded(max(1, length), widest) for length in found]
    for rows in parts_of(lengths, most_tokens // sequences):
        width = lengths[rows[0]]
        chosen = [row + sequence * len(lengths) for sequence in range(sequences) for row in rows]
        yield {
            name: _to_width(tensor[chosen], width, {"input_ids": pad_token_id, "labels": IGNORED}.get(name, 0))
            if tensor.shape[1:] == mask.shape[1:]
            else tensor[chosen]
            for name, tensor in batch.items()
        }


def _to_width(part: "torch.Tensor", width: int, filler: int) -> "torch.Tensor":
    """Of shape (rows, width): cut, or filled up on the right."""
    from torch.nn.functional import pad

    return part[:, :width] if part.shape[1] >= width else pad(part, (0, width - part.shape[1]), value=filler)


def parts_of(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """The indices of `lengths`, longest first, in parts of at most `most_tokens` tokens with pads."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    start = 0
    while start < len(order):
        rows = order[start : start + max(1, most_tokens // max(1, lengths[order[start]]))]
        yield rows
        start += len(rows)


class BucketOrder:
    """An order of rows in which those of one batch are alike in length; shuffled anew each epoch, from the seed.

    Rows are shuffled, taken in pools of `POOL` batches, sorted by length inside a pool, and the batches of the whole
    epoch shuffled. The same seed and epoch give the same order, so a resumed run sees what it would have seen.
    """

    POOL = 16

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self.lengths = lengths
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by the Trainer at the start of each epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        rng = random.Random(f"{self.seed}/{self.epoch}")
        rows = list(range(len(self.lengths)))
        rng.shuffle(rows)
        pool = self.batch_size * self.POOL
        batches: list[list[int]] = []
        for start in range(0, len(rows), pool):
            alike = sorted(rows[start : start + pool], key=lambda row: self.lengths[row])
            batches += [alike[i : i + self.batch_size] for i in range(0, len(alike), self.batch_size)]
        rng.shuffle(batches)
        batches.sort(key=lambda batch: len(batch) < self.batch_size)  # a short batch in the middle would shift the rest
        return iter([row for batch in batches for row in batch])
