"""One check of the whole set over examples in memory, as the engine does it over files."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.cleaners.base import Context, SetCleaner, SetHits
from core.data.examples import Example


@dataclass(frozen=True)
class Studied:
    """What a check found, in plain Python."""

    hits: SetHits
    examples: Sequence[Example]

    @property
    def rows(self) -> list[int]:
        """The rows it means."""
        return self.hits.rows.tolist()

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Row and the row it belongs to."""
        return list(zip(self.hits.rows.tolist(), self.hits.groups.tolist(), strict=True))

    @property
    def fixed(self) -> list[Example]:
        """All examples, those it means put right."""
        assert self.hits.fix is not None
        found = set(self.rows)
        return [self.hits.fix(example) if row in found else example for row, example in enumerate(self.examples)]

    @property
    def left(self) -> list[Example]:
        """The examples it does not mean."""
        found = set(self.rows)
        return [example for row, example in enumerate(self.examples) if row not in found]


def study_of(
    cleaner: SetCleaner, examples: Sequence[Example], context: Context | None = None, gone: Sequence[int] = ()
) -> Studied:
    """What the check finds; rows in `gone` were shown to it and left out by other checks since."""
    study = cleaner.study(context or Context())
    for row, example in enumerate(examples):
        study.see(row, example)
    alive = np.ones(len(examples), np.bool_)
    alive[list(gone)] = False
    return Studied(study.hits(alive, examples.__getitem__), examples)
