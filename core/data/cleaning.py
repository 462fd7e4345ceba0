"""What is wrong with the examples, and what is left once it is put right."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Proposal
from core.data.examples import Example


@dataclass(frozen=True)
class Change:
    """One example before and after; None after where it is left out."""

    id: str
    before: Example
    after: Example | None


@dataclass(frozen=True)
class Finding:
    """What one check found, and whether it was put right."""

    check: str
    count: int
    fixed: bool
    rows: tuple[Change, ...]


@dataclass(frozen=True)
class CleaningReport:
    """What is kept, what is left out (as it was read), and why; both in the order of the file.

    changed: how many of those kept are not as they were read.
    """

    kept: tuple[Example, ...]
    dropped: tuple[Example, ...]
    changed: int
    findings: tuple[Finding, ...]


def clean(examples: Sequence[Example], fixes: Collection[str] | None = None) -> CleaningReport:
    """Runs every check in the order of the table, and takes the proposals of those in `fixes`.

    A check that is switched off still counts what it finds. None means the checks that are on by default.

    Raises:
        UnknownName: a fix that is no cleaner.
    """
    wanted = default_fixes() if fixes is None else tuple(CLEANERS.get(name).name for name in fixes)
    left, findings = tuple(examples), list[Finding]()
    for cleaner in CLEANERS:
        proposal = cleaner.propose(left)
        findings.append(_finding(cleaner.name, left, proposal, fixed=cleaner.name in wanted))
        if cleaner.name in wanted:
            left = _taken(left, proposal)
    return _report(examples, left, findings)


def default_fixes() -> tuple[str, ...]:
    """The checks that are on unless somebody switches them off."""
    return tuple(cleaner.name for cleaner in CLEANERS if cleaner.default)


def _finding(check: str, examples: Sequence[Example], proposal: Proposal, fixed: bool) -> Finding:
    rows = tuple(Change(example.id, example, proposal[example.id]) for example in examples if example.id in proposal)
    return Finding(check, len(rows), fixed, rows)


def _taken(examples: Sequence[Example], proposal: Proposal) -> tuple[Example, ...]:
    results = (proposal.get(example.id, example) for example in examples)
    return tuple(example for example in results if example is not None)


def _report(read: Sequence[Example], left: Sequence[Example], findings: Sequence[Finding]) -> CleaningReport:
    before = {example.id: example for example in read}
    kept = {example.id for example in left}
    dropped = tuple(example for example in read if example.id not in kept)
    num_changed = sum(before[example.id] != example for example in left)
    return CleaningReport(tuple(left), dropped, num_changed, tuple(findings))
