"""Holds examples back, so that the model is checked on questions it has not seen."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.examples import Example, read_examples, write_examples
from core.errors import TooFewExamples

FEWEST_EXAMPLES = 4  # two to train on and two to check with
_FEWEST_HELD_BACK = 8  # below this the validation loss says nothing
_MOST_HELD_BACK = 500  # above this checking takes longer than it tells


@dataclass(frozen=True)
class DatasetSplit:
    """The examples to train on, those to check with while training, and those for the end."""

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...] = ()


def split(examples: Sequence[Example], fraction: float = 0.1, seed: int = 0) -> DatasetSplit:
    """Shuffles, and holds `fraction` of the rows back: 8 to 500, never more than half, none for 0.

    Examples that ask the same stay on one side: otherwise the check would ask what was learned by heart.
    Where all ask the same, only exact duplicates stay together.

    Raises:
        TooFewExamples: fewer than four, or all the same.
    """
    num_rows = len(examples)
    if num_rows < FEWEST_EXAMPLES:
        raise _too_few(examples, str(num_rows))
    if fraction <= 0:
        return DatasetSplit(_shuffled(examples, seed), ())
    target = min(max(round(fraction * num_rows), _FEWEST_HELD_BACK), _MOST_HELD_BACK, num_rows // 2)
    held_back = _held_back(examples, target, seed, _question) or _held_back(examples, target, seed, _whole)
    if not held_back:
        raise _too_few(examples, "1 different")
    train = [example for example in examples if example.id not in held_back]
    validation = [example for example in examples if example.id in held_back]
    return DatasetSplit(_shuffled(train, seed), _shuffled(validation, seed))


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


def _held_back(examples: Sequence[Example], target: int, seed: int, key: Callable[[Example], str]) -> frozenset[str]:
    """The ids of about `target` examples, in whole groups of the same key."""
    groups: dict[str, list[str]] = {}
    for example in _shuffled(examples, seed):
        groups.setdefault(key(example), []).append(example.id)
    most = min(len(examples) // 2, _MOST_HELD_BACK)
    chosen: set[str] = set()
    # First what fits; then, where groups are too large for that, the smallest that leave half to train on.
    for limit, waiting in ((target, list(groups.values())), (most, sorted(groups.values(), key=len))):
        for group in waiting:
            if len(chosen) < target and len(chosen) + len(group) <= limit and chosen.isdisjoint(group):
                chosen.update(group)
    return frozenset(chosen)


def _question(example: Example) -> str:
    """All the person says, without case and spacing."""
    said = " ".join(turn.content for turn in example.messages if turn.role == "user")
    return " ".join(said.casefold().split())


def _whole(example: Example) -> str:
    return example.key


def _shuffled(items: Sequence[Example], seed: int) -> tuple[Example, ...]:
    return tuple(random.Random(seed).sample(items, len(items)))


def _too_few(examples: Sequence[Example], found: str) -> TooFewExamples:
    file = examples[0].id.rpartition(":")[0] if examples else "the data"
    return TooFewExamples(file=file, found=found, expected=FEWEST_EXAMPLES)
