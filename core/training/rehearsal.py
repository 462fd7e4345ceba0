"""What a run will need, measured: a few real steps, of which nothing is kept, on the rows of which most is learned, on
the longest and on typical ones.

The steps are the run's own, optimiser included, at a rate of zero: no weight changes. Random numbers are drawn as if
nothing had happened.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from core.hardware import MemoryWatch
from core.training.batching import parts_of

if TYPE_CHECKING:
    from core.training.trainer import TailorTrainer


@dataclass(frozen=True)
class Rehearsal:
    """memory_gib: the peak, of the device or on a CPU of the whole process. seconds: of all steps and checks."""

    memory_gib: float
    seconds: float


@dataclass(frozen=True)
class Work:
    """So many micro-batches, and the tokens in them, pads included."""

    parts: float
    tokens: float

    def times(self, factor: float) -> "Work":
        """The same again and again."""
        return Work(self.parts * factor, self.tokens * factor)


def rehearse(trainer: "TailorTrainer", num_checks: int) -> Rehearsal:
    """Measures three steps and a check, and from them the whole run.

    Raises:
        RowTooLargeForMemory: a single row is more than fits.
    """
    lengths = trainer.train_dataset.lengths
    steps = list(_steps(list(trainer._get_train_sampler()), trainer.args.per_device_train_batch_size))
    longest, fullest = (_most(measure, len(steps[0])) for measure in (lengths, trainer.train_dataset.learned))
    typical = sorted(steps, key=lambda rows: sum(lengths[row] for row in rows))[len(steps) // 2]
    with _leaving_no_trace(trainer), MemoryWatch(trainer.device) as watch:
        _seconds_of(trainer, fullest)  # makes the optimiser's state too, and all that is made once
        timed = [
            (work_of([lengths[row] for row in rows], trainer), _seconds_of(trainer, rows))
            for rows in (longest, typical)
        ]
        held_back = trainer.eval_dataset.lengths if trainer.eval_dataset else []
        check = _check_seconds(trainer, held_back) if held_back else 0.0
        peak = watch.peak_gib
    epoch = [work_of([lengths[row] for row in rows], trainer) for rows in steps]
    mean = Work(statistics.fmean(work.parts for work in epoch), statistics.fmean(work.tokens for work in epoch))
    return Rehearsal(peak, predicted(timed, mean.times(trainer.args.max_steps)) + check * (1 + num_checks))


def predicted(timed: Sequence[tuple[Work, float]], whole: Work) -> float:
    """Seconds for `whole`, from two measurements: so much for each micro-batch, so much for each token."""
    (one, first), (other, second) = timed
    determinant = one.parts * other.tokens - other.parts * one.tokens
    if determinant:
        part = (first * other.tokens - second * one.tokens) / determinant
        token = (one.parts * second - other.parts * first) / determinant
        if part >= 0 and token >= 0:
            return part * whole.parts + token * whole.tokens
    return second / other.tokens * whole.tokens  # a measurement too noisy, or twice the same: in proportion


def work_of(lengths: Sequence[int], trainer: "TailorTrainer") -> Work:
    """What rows of these lengths are as micro-batches."""
    read = [trainer.tokens_read(length) for length in lengths]
    parts = list(parts_of(read, trainer.most_tokens))
    return Work(len(parts), sum(len(rows) * read[rows[0]] for rows in parts))


def _most(measure: Sequence[int], count: int) -> list[int]:
    """The rows of which most is measured."""
    return sorted(range(len(measure)), key=lambda row: -measure[row])[:count]


def _steps(order: Sequence[int], batch: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(order), batch):
        yield order[start : start + batch]


def _seconds_of(trainer: "TailorTrainer", rows: Sequence[int]) -> float:
    started = perf_counter()
    trainer.learn_nothing_from(trainer.data_collator([trainer.train_dataset[row] for row in rows]))
    return perf_counter() - started


def _check_seconds(trainer: "TailorTrainer", lengths: Sequence[int]) -> float:
    """Of one check on all held-back rows, from one batch of them."""
    rows = range(min(len(lengths), trainer.args.per_device_eval_batch_size))
    batch = trainer.data_collator([trainer.eval_dataset[row] for row in rows])
    started = perf_counter()
    trainer.judge(batch)
    spent = perf_counter() - started
    return spent * sum(lengths) / sum(lengths[row] for row in rows)


@contextmanager
def _leaving_no_trace(trainer: "TailorTrainer") -> Iterator[None]:
    """Random numbers, optimiser and gradients afterwards as they were before."""
    import torch

    cuda = torch.cuda.is_available()
    before: Any = torch.get_rng_state(), torch.cuda.get_rng_state_all() if cuda else None
    trainer.create_optimizer()
    for group in trainer.optimizer.param_groups:
        group["lr"] = 0.0
    try:
        yield
    finally:
        trainer.optimizer = None
        trainer.model.zero_grad()
        torch.set_rng_state(before[0])
        if cuda:
            torch.cuda.set_rng_state_all(before[1])
            torch.cuda.empty_cache()
