"""What a check changes: rows before and after, to look at before it is decided and afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Context, RowCleaner
from core.data.cleaning import Cleaned
from core.data.examples import Example
from core.data.store import Dataset


@dataclass(frozen=True)
class RowChange:
    """One row a check means.

    before: as it was read. after: as it will be learned, or would be if the check did what it can; None for left out.
    is_done: whether that is so now, or only a proposal.
    note: the place in the person's own words. other: the example it belongs with (what it repeats or contradicts).
    """

    row: int
    before: Example
    after: Example | None
    is_done: bool
    note: str = ""
    other: Example | None = None


def changes_of(dataset: Dataset, cleaned: Cleaned, check: str, places: Sequence[int]) -> tuple[RowChange, ...]:
    """Some of the rows a check means, by their place among them.

    Raises:
        UnknownName: no such check.
    """
    rows, groups, notes = cleaned.found(CLEANERS.get(check).name)
    action = dataset.actions[check]
    changes = []
    for place in range(places[0], min(places[-1] + 1, len(rows))) if places else ():
        row, group = int(rows[place]), int(groups[place])
        after = _proposed(dataset, cleaned, check, row) if action == "keep" else _after(cleaned, row)
        other = cleaned.current(group) if group >= 0 else None
        changes.append(RowChange(row, cleaned.read(row), after, action != "keep", notes.get(row, ""), other))
    return tuple(changes)


def _after(cleaned: Cleaned, row: int) -> Example | None:
    return None if cleaned.gone[row] else cleaned.current(row)


def _proposed(dataset: Dataset, cleaned: Cleaned, check: str, row: int) -> Example | None:
    """What the check would make of a row that is kept as it is; the row itself where it can only be looked at."""
    cleaner, current = CLEANERS.get(check), cleaned.current(row)
    if isinstance(cleaner, RowCleaner) and "fix" in cleaner.actions:
        hit = cleaner.judge(current, _context(dataset))
        return hit.fixed if hit else current
    return current


def _context(dataset: Dataset) -> Context:
    return dataset.settings.context(dataset.task)
