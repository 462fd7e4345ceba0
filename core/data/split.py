"""Holds examples back, so that the model is checked on questions it has not seen."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.drawing import Demand, Wish, draw
from core.data.examples import PARTS, TEST, TRAIN, VALIDATION, Example, read_examples, write_examples
from core.data.groups import Groups, Index
from core.errors import TooFewExamples
from core.knobs import Options, build_options, knob

FEWEST_EXAMPLES = 4  # two to train on and two to check with
_FEWEST_HELD_BACK = 8  # below this the validation loss says nothing
_MOST_HELD_BACK = 500  # above this checking takes longer than it tells
_MOST_ROWS = 100_000

VALIDATION_KNOB: Any = knob(
    0.1,
    label="Share held back for checking",
    help="These examples are never learned; they show whether it learns the manner or only the examples. "
    "0.1 is 10 %, and at least 8 examples; from 1 on it is a number of examples.",
    ge=0.0,
    le=_MOST_ROWS,
    step=0.05,
)
TEST_KNOB: Any = knob(
    0.0,
    label="Share kept for the very end",
    help="These are not even used for checking while it learns, so they tell best how good it is. "
    "From 1 on it is a number of examples; 0 keeps none.",
    ge=0.0,
    le=_MOST_ROWS,
    step=0.05,
)
STRATIFY_KNOB: Any = knob(
    True,
    label="Every label in every part",
    help="Holds back as large a share of each label as of all. Makes a difference only where answers are labels.",
)
SEED_KNOB: Any = knob(
    42,
    label="Random seed",
    help="The same seed gives the same run again.",
    ge=0,
    le=2**31 - 1,
    step=1,
)


class SplitKnobs(Options):
    """The options of a split; a plan has the same."""

    validation_fraction: float = VALIDATION_KNOB
    test_fraction: float = TEST_KNOB
    stratify: bool = STRATIFY_KNOB
    seed: int = SEED_KNOB


@dataclass(frozen=True)
class SplitSettings:
    """How much is held back: below 1 a share of the rows, from 1 on their number.

    Raises:
        OptionRefused: a value outside the limits of its knob.
    """

    validation: float = 0.1
    test: float = 0.0
    seed: int = 42
    stratify: bool = True

    def __post_init__(self) -> None:
        build_options(SplitKnobs, self.as_options())

    def as_options(self) -> dict[str, Any]:
        """The same under the names of the knobs."""
        return {
            "validation_fraction": self.validation,
            "test_fraction": self.test,
            "stratify": self.stratify,
            "seed": self.seed,
        }


@dataclass(frozen=True)
class DatasetSplit:
    """The examples to train on, those to check with while training, and those for the end."""

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...] = ()


@dataclass(frozen=True)
class LabelCount:
    """How many rows of one label there are in each part."""

    label: str
    train: int
    validation: int
    test: int


@dataclass(frozen=True)
class SplitCounts:
    """How large the parts are.

    num_groups: rows that belong together count once.
    leaked: held-back rows that repeat one to train on word by word; only where the file itself says what is held back.
    by_label: the most frequent label first; empty where the answers are no labels.
    is_compared: whether rows that are almost the same were kept together too.
    """

    train: int
    validation: int
    test: int
    num_groups: int
    leaked: int
    by_label: tuple[LabelCount, ...]
    is_compared: bool


@dataclass(frozen=True)
class Assignment:
    """By row: its part, as the place in PARTS, and the first row of its group."""

    index: Index
    parts: NDArray[np.int8]
    groups: Groups

    def counts(self) -> SplitCounts:
        """The figures of it."""
        train, validation, test = np.bincount(self.parts, minlength=len(PARTS)).tolist()
        groups = self.index.by_whole
        leaked = (self.parts != PARTS.index(TRAIN)) & np.isin(groups, groups[self.parts == PARTS.index(TRAIN)])
        num_groups = len(np.unique(self.groups))
        by_label = tuple(sorted(self._by_label(), key=lambda count: -(count.train + count.validation + count.test)))
        return SplitCounts(train, validation, test, num_groups, int(leaked.sum()), by_label, self.index.is_compared)

    def _by_label(self) -> Iterable[LabelCount]:
        names = self.index.label_names
        places = self.index.labels.astype(np.int64) * len(PARTS) + self.parts
        table = np.bincount(places, minlength=max(1, len(names)) * len(PARTS)).reshape(-1, len(PARTS))
        return (LabelCount(name, *table[number].tolist()) for number, name in enumerate(names))


def split(examples: Sequence[Example], settings: SplitSettings | None = None) -> DatasetSplit:
    """Shuffles, and holds rows back as `assigned` says.

    Raises:
        TooFewExamples: fewer than four, or all the same.
    """
    chosen = settings or SplitSettings()
    if len(examples) < FEWEST_EXAMPLES:
        raise _too_few(examples, str(len(examples)))
    parts = assign(examples, chosen)
    if chosen.validation > 0 and not np.any(parts == PARTS.index(VALIDATION)):
        raise _too_few(examples, "1 different")
    if np.count_nonzero(parts == PARTS.index(TRAIN)) < FEWEST_EXAMPLES // 2:
        raise _too_few(examples, "1")
    groups = ([examples[row] for row in np.flatnonzero(parts == part).tolist()] for part in range(len(PARTS)))
    return DatasetSplit(*(_shuffled(group, chosen.seed) for group in groups))


def count_split(examples: Iterable[Example], settings: SplitSettings) -> SplitCounts:
    """How large the parts would be; of fewer than four rows, nothing is held back."""
    return assigned(examples, settings).counts()


def assign(examples: Iterable[Example], settings: SplitSettings) -> NDArray[np.int8]:
    """The part of each row, as its place in PARTS; holds no texts."""
    return assigned(examples, settings).parts


def assigned(examples: Iterable[Example], settings: SplitSettings) -> Assignment:
    """Which rows are held back; the same seed gives the same rows.

    A share means 8 to 500 rows to check with, a number means that number; never more than half is held back.
    A row stays where its file says; where the file says what to check with, no other rows are taken for it.
    Examples of one group stay on one side: otherwise the check would ask what was learned by heart. Where sources
    are too large for that only questions stay together, and where all ask the same only exact duplicates.
    """
    index = Index(examples)
    parts = np.maximum(index.parts, PARTS.index(TRAIN))
    demand = _demand(index.parts, settings)
    groups = index.by_source
    if demand.num_wanted and len(index) >= FEWEST_EXAMPLES:
        labels = index.labels if settings.stratify else np.zeros(len(index), np.int32)
        for groups in index.families():
            drawn = draw(groups, labels, parts, demand)
            if drawn.any():
                parts = np.where(drawn > 0, drawn, parts)
                break
    return Assignment(index, parts.astype(np.int8), groups)


def write_split(parts: DatasetSplit, folder: Path) -> None:
    """Writes train.jsonl, validation.jsonl, and test.jsonl where there is a test part."""
    write_examples(folder / "train.jsonl", parts.train)
    write_examples(folder / "validation.jsonl", parts.validation)
    if parts.test:
        write_examples(folder / "test.jsonl", parts.test)


def read_split(folder: Path) -> DatasetSplit:
    """Reads what `write_split` wrote."""
    test = folder / "test.jsonl"
    return DatasetSplit(
        read_examples(folder / "train.jsonl"),
        read_examples(folder / "validation.jsonl"),
        read_examples(test) if test.exists() else (),
    )


def _demand(given: NDArray[np.int8], settings: SplitSettings) -> Demand:
    """How many rows are to be drawn from those that the file leaves free."""
    free = int(np.count_nonzero(given <= PARTS.index(TRAIN)))
    half = free // 2
    has_validation, has_test = (bool(np.any(given == PARTS.index(part))) for part in (VALIDATION, TEST))
    wanted = 0 if has_validation else _wanted(settings.validation, free)
    if 0 < settings.validation < 1 and wanted:
        wanted = min(max(wanted, _FEWEST_HELD_BACK), _MOST_HELD_BACK)
    last = 0 if has_test else _wanted(settings.test, free)
    wanted = min(wanted, half - min(last, half // 2))
    most = min(half, _MOST_HELD_BACK) if settings.validation < 1 else half
    wishes = (
        Wish(PARTS.index(VALIDATION), wanted, most),
        Wish(PARTS.index(TEST), min(last, half - wanted), half),
    )
    return Demand(wishes, half, settings.seed)


def _wanted(amount: float, num_rows: int) -> int:
    """So many rows a share or a number means; a share above nothing means one at least."""
    if amount >= 1:
        return min(round(amount), num_rows)
    return max(round(amount * num_rows), 1) if amount > 0 and num_rows else 0


def _shuffled(items: Sequence[Example], seed: int) -> tuple[Example, ...]:
    return tuple(random.Random(seed).sample(items, len(items)))


def _too_few(examples: Sequence[Example], found: str) -> TooFewExamples:
    file = examples[0].id.rpartition(":")[0] if examples else "the data"
    return TooFewExamples(file=file, found=found, expected=FEWEST_EXAMPLES)
