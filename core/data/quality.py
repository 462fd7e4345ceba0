"""How good a dataset is to learn from: a score with its reasons, advice on its size, and what to do first.

Codes and counts only; the words for them are the page's (`quality.*` in the locales).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from core.data.cleaning import CleaningReport
from core.data.profile import Profile
from core.data.store import Dataset

# too_few: below 50. start: enough to see whether it works. more: grows with every good row. sure: 500 to 1,000, enough
# for one task. plenty: more of the same changes little. repetitive: many rows, but many of them say the same.
Size = Literal["too_few", "start", "more", "sure", "plenty", "repetitive"]
# What helps most now. check: decide about the finds of `first_check`.
First = Literal["read", "add", "review", "check", "balance", "train"]

FEW, START, SURE, PLENTY = 50, 100, 500, 1_000  # rows
_REPETITIVE = 0.2  # of the rows repeat another one
_FULL = 0.1  # a fault in so many of the rows loses all its points
_IMBALANCED, _VERY_IMBALANCED = 10, 50  # times the rarest label the most frequent one
_FEWEST_OF_A_LABEL = 5
# Points that finds can lose while they stay among what is learned; by how much they spoil the result.
_POINTS: Mapping[str, int] = {
    "encoding": 15,
    "html": 8,
    "whitespace": 3,
    "typography": 2,
    "empty": 20,
    "tool_calls": 10,
    "role_order": 20,
    "personal_data": 25,
    "truncated": 12,
    "rules": 20,
    "leakage": 25,
    "duplicates": 15,
    "near_duplicates": 8,
    "contradictions": 20,
    "system_prompts": 6,
    "language": 10,
    "labels": 12,
    "style": 6,
    "length": 15,
}
_OTHER_POINTS, _HEAVY = 5, 10


@dataclass(frozen=True)
class Reason:
    """Why points are lost.

    code: "check" (facts: check, count), "unusable", "few" , "rare_labels", "imbalance", "one_label" (facts: count, …).
    """

    code: str
    facts: Mapping[str, int | str] = field(default_factory=dict)
    points: int = 0


@dataclass(frozen=True)
class QualityCard:
    """score: 0 to 100. reasons: the heaviest first. first_check: the check that `first` speaks of, "" for none."""

    score: int
    reasons: tuple[Reason, ...]
    size: Size
    first: First
    first_check: str = ""


def quality_of(dataset: Dataset, report: CleaningReport, profile: Profile) -> QualityCard:
    """The card of a dataset as it stands."""
    reasons = [
        *_of_reading(dataset),
        *_of_size(_num_rows(dataset, report, profile)),
        *_of_checks(report),
        *_of_labels(profile),
    ]
    reasons.sort(key=lambda reason: (-reason.points, -_weight(reason)))
    size = size_of(replace(profile, num_rows=_num_rows(dataset, report, profile)))
    first, check = _first(dataset, reasons, profile)
    score = max(0, 100 - sum(reason.points for reason in reasons))
    return QualityCard(score, tuple(reasons), size, first, check)


def _num_rows(dataset: Dataset, report: CleaningReport, profile: Profile) -> int:
    """The rows there are; those that only wait for somebody's approval are not missing."""
    return max(profile.num_rows, report.num_kept) if dataset.approved_only else profile.num_rows


def size_of(profile: Profile) -> Size:
    """Whether there are enough rows, and whether more would help."""
    num_rows = profile.num_rows
    repeated = sum((cluster.size - 1) * cluster.count for cluster in profile.clusters)
    if num_rows < FEW:
        return "too_few"
    if repeated > _REPETITIVE * (num_rows + repeated):
        return "repetitive"
    if num_rows < START:
        return "start"
    if num_rows < SURE:
        return "more"
    return "sure" if num_rows <= PLENTY else "plenty"


def _of_reading(dataset: Dataset) -> Iterator[Reason]:
    if dataset.num_problems:
        points = _points(15, dataset.num_problems / dataset.rows_read)
        yield Reason("unusable", {"count": dataset.num_problems, "total": dataset.rows_read}, points)


def _of_size(num_rows: int) -> Iterator[Reason]:
    if num_rows < START:
        missing = 1 - num_rows / START
        yield Reason("few", {"count": num_rows, "expected": START}, math.ceil(40 * missing))


def _of_checks(report: CleaningReport) -> Iterator[Reason]:
    """Finds that stay as they are."""
    for finding in report.findings:
        left = finding.count if finding.action == "keep" else 0
        if left and report.num_kept:
            points = _points(_POINTS.get(finding.check, _OTHER_POINTS), left / report.num_kept)
            yield Reason("check", {"check": finding.check, "count": left}, points)


def _of_labels(profile: Profile) -> Iterator[Reason]:
    if not profile.labels:
        return
    counts = {tally.value: tally.count for tally in profile.labels}
    most, least = max(counts, key=lambda label: counts[label]), min(counts, key=lambda label: counts[label])
    if len(counts) == 1:
        yield Reason("one_label", {"label": most, "count": counts[most]}, 40)
        return
    times = counts[most] / counts[least]
    if times >= _IMBALANCED:
        facts: dict[str, int | str] = {
            "most": most,
            "num_most": counts[most],
            "least": least,
            "num_least": counts[least],
        }
        yield Reason("imbalance", facts, 12 if times >= _VERY_IMBALANCED else 6)
    rare = sum(count < _FEWEST_OF_A_LABEL for count in counts.values())
    if rare:
        points = _points(8, rare / len(counts))
        yield Reason("rare_labels", {"count": rare, "expected": _FEWEST_OF_A_LABEL, "total": len(counts)}, points)


def _points(most: int, share: float) -> int:
    """At least one point, all of them from a tenth of the rows on."""
    return max(1, round(most * min(1.0, share / _FULL)))


def _weight(reason: Reason) -> int:
    return _POINTS.get(str(reason.facts.get("check", "")), _OTHER_POINTS)


def _first(dataset: Dataset, reasons: list[Reason], profile: Profile) -> tuple[First, str]:
    """What costs the most points, unless nothing is left to learn from."""
    if dataset.approved_only and profile.num_rows < START and any(step.code == "open" for step in profile.flow):
        return "review", ""
    heaviest = next((reason for reason in reasons if reason.points > 1 or _weight(reason) >= _HEAVY), None)
    if heaviest is None:
        return "train", ""
    named: dict[str, First] = {"unusable": "read", "few": "add", "check": "check"}
    return named.get(heaviest.code, "balance"), str(heaviest.facts.get("check", ""))
