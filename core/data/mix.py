"""Several datasets as one, so that no task swamps the others: how often each of their rows is seen.

All ways are one: rows seen per epoch are in the proportion of the weights, as many as possible of them, and no row
is seen more often than the cap allows. A dataset that has more rows than that gives only a seeded part of them.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.data.examples import Example
from core.errors import OptionRefused

# As many rows as they are; the same number of each; in the proportion a person sets.
MIX_MODES = PROPORTIONAL, BALANCED, BY_HAND = ("proportional", "balanced", "by_hand")
DEFAULT_CAP = 4.0  # of epochs over repeated rows, about four teach almost what new rows do (arXiv:2305.16264)


@dataclass(frozen=True)
class MixPart:
    """A dataset in a mix.

    weight: its share of the rows that are seen, beside the weights of the others; counts when mixed by hand.
    times: how often each of its rows to train on is seen per epoch, on average; below 1, only so many are seen.
    num_rows: how many it has.
    """

    dataset: str
    weight: float = 1.0
    title: str = ""
    times: float = 1.0
    num_rows: int = 0


@dataclass(frozen=True)
class MixRow:
    """Sees `num_seen` of `num_rows` rows, each `times` times.

    num_seen: different rows per epoch.
    times: how often each of those is seen per epoch, on average; never below 1.
    """

    dataset: str
    title: str
    num_rows: int
    num_seen: int
    times: float

    @property
    def num_steps(self) -> int:
        """Rows that pass by in an epoch, each time counted."""
        return round(self.num_seen * self.times)


def plan_mix(
    sizes: Mapping[str, int], parts: Sequence[MixPart], mode: str = PROPORTIONAL, cap: float = DEFAULT_CAP
) -> tuple[MixRow, ...]:
    """What is seen of each dataset, before anybody has mixed them.

    Raises:
        OptionRefused: as `planned`.
    """
    return mix_rows(planned(sizes, parts, mode, cap))


def planned(sizes: Mapping[str, int], parts: Sequence[MixPart], mode: str, cap: float) -> tuple[MixPart, ...]:
    """The parts, each with its rows and how often they are seen.

    sizes: rows of each dataset. cap: how often one row may be seen per epoch.

    Raises:
        OptionRefused: no such mode, a cap below 1, a weight of nothing, the same dataset twice, or one without rows.
    """
    _refuse_nonsense(sizes, parts, mode, cap)
    weights = [_weight(mode, part, sizes[part.dataset]) for part in parts]
    rows_by_weight = [sizes[part.dataset] / weight for part, weight in zip(parts, weights, strict=True)]
    # So large that every row of every dataset is seen, unless the smallest would be seen more often than the cap.
    scale = min(max(rows_by_weight), cap * min(rows_by_weight))
    times = (round(scale / rows, 6) for rows in rows_by_weight)
    return tuple(
        replace(part, times=often, num_rows=sizes[part.dataset]) for part, often in zip(parts, times, strict=True)
    )


def mix_rows(parts: Sequence[MixPart]) -> tuple[MixRow, ...]:
    """Sees x of y rows, z times: a line for each part of a planned mix."""
    return tuple(_row(part) for part in parts)


def repeated(examples: Sequence[Example], parts: Sequence[MixPart], seed: int) -> tuple[Example, ...]:
    """The rows of an epoch, shuffled: each as often as its dataset says, a seeded choice of them once more.

    examples: of a mixed dataset, those to train on; rows held back are never repeated. What was added to the mix by
        hand is seen once.
    """
    by_dataset: dict[str, list[Example]] = {}
    for example in examples:
        by_dataset.setdefault(dataset_of(example), []).append(example)
    names = {part.dataset for part in parts}
    drawn = [example for name, own in by_dataset.items() if name not in names for example in own]
    for part in parts:
        own = by_dataset.get(part.dataset, [])
        whole = int(part.times)
        drawn += own * whole
        drawn += random.Random(f"{seed} {part.dataset}").sample(own, round((part.times - whole) * len(own)))
    random.Random(seed).shuffle(drawn)
    return tuple(drawn)


def mixed_example(dataset: str, example: Example) -> Example:
    """An example as it stands in a mix: its id says where it is from."""
    return replace(example, id=f"{dataset}/{example.id}")


def dataset_of(example: Example) -> str:
    """The dataset that an example of a mix is from."""
    return example.id.partition("/")[0]


def _row(part: MixPart) -> MixRow:
    num_seen = part.num_rows if part.times >= 1 else round(part.times * part.num_rows)
    return MixRow(part.dataset, part.title, part.num_rows, num_seen, max(1.0, part.times))


def _weight(mode: str, part: MixPart, num_rows: int) -> float:
    return {PROPORTIONAL: float(num_rows), BALANCED: 1.0, BY_HAND: part.weight}[mode]


def _refuse_nonsense(sizes: Mapping[str, int], parts: Sequence[MixPart], mode: str, cap: float) -> None:
    if mode not in MIX_MODES:
        raise OptionRefused(name="mode", found=mode, expected="one of " + ", ".join(MIX_MODES))
    if not cap >= 1:
        raise OptionRefused(name="cap", found=cap, expected="a number, 1 or more")
    names = [part.dataset for part in parts]
    if len(names) < 2 or len(set(names)) < len(names):
        raise OptionRefused(name="datasets", found=", ".join(names), expected="two different datasets or more")
    for part in parts:
        if mode == BY_HAND and not 0 < part.weight < float("inf"):
            raise OptionRefused(name="weight", found=part.weight, expected="a number above 0")
        if not sizes[part.dataset]:
            raise OptionRefused(name="datasets", found=f"{part.title or part.dataset} (0 rows)", expected="some rows")
