from dataclasses import replace
from pathlib import Path

import pytest

from core.data.cleaners import CLEANERS
from core.data.cleaning import CleaningReport, Finding
from core.data.profile import Cluster, FlowStep, Profile, Tally
from core.data.quality import _POINTS, Reason, quality_of, size_of
from core.data.samples import SAMPLES
from core.data.steps import DataSteps
from core.data.store import Dataset
from core.workspace import Workspace
from ui.words import read_locale

EMPTY = Profile(0, (), 1024, 0, 0, 0, 0, 0, 0, (), (), (), (), ())


def profile(num_rows: int, **changes: object) -> Profile:
    return replace(EMPTY, num_rows=num_rows, **changes)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A shipped sample, whose numbers the tests replace."""
    return DataSteps(Workspace(tmp_path_factory.mktemp("quality"))).import_sample("customer_service")


def report(num_rows: int, *findings: Finding) -> CleaningReport:
    return CleaningReport(num_rows, num_rows, 0, findings)


def test_nothing_to_say(dataset: Dataset):
    card = quality_of(dataset, report(600), profile(600))
    assert (card.score, card.reasons, card.size, card.first, card.first_check) == (100, (), "sure", "train", "")


def test_only_what_stays_costs_points(dataset: Dataset):
    findings = [Finding("duplicates", 30, "drop", 30), Finding("whitespace", 30, "fix", 0, 30)]
    assert quality_of(dataset, report(600, *findings), profile(600)).score == 100
    card = quality_of(dataset, report(600, *findings, Finding("contradictions", 30, "keep")), profile(600))
    assert card.reasons == (Reason("check", {"check": "contradictions", "count": 30}, 10),)
    assert (card.score, card.first, card.first_check) == (90, "check", "contradictions")


def test_the_heaviest_reason_comes_first(dataset: Dataset):
    findings = (Finding("typography", 60, "keep"), Finding("personal_data", 600, "keep"), Finding("style", 2, "keep"))
    card = quality_of(dataset, report(600, *findings), profile(600))
    assert [reason.facts["check"] for reason in card.reasons] == ["personal_data", "typography", "style"]
    assert card.score == 100 - 25 - 2 - 1
    assert card.first_check == "personal_data"


def test_small_matters_do_not_keep_anybody_from_training(dataset: Dataset):
    assert quality_of(dataset, report(600, Finding("style", 2, "keep")), profile(600)).first == "train"
    assert quality_of(dataset, report(600, Finding("contradictions", 2, "keep")), profile(600)).first == "check"


@pytest.mark.parametrize(
    ("num_rows", "size"),
    [(0, "too_few"), (49, "too_few"), (50, "start"), (99, "start"), (100, "more"), (499, "more"), (500, "sure"),
     (1_000, "sure"), (1_001, "plenty"), (10**6, "plenty")],
)  # fmt: skip
def test_advice_on_size(num_rows: int, size: str):
    assert size_of(profile(num_rows)) == size


def test_many_rows_that_say_the_same_are_few():
    assert size_of(profile(1_200, clusters=(Cluster(2, 100), Cluster(11, 40)))) == "repetitive"
    assert size_of(profile(1_200, clusters=(Cluster(2, 100),))) == "plenty"


def test_few_rows(dataset: Dataset):
    card = quality_of(dataset, report(20), profile(20))
    assert card.reasons == (Reason("few", {"count": 20, "expected": 100}, 32),)
    assert (card.score, card.size, card.first) == (68, "too_few", "add")
    assert quality_of(dataset, report(0), profile(0)).score == 60


def test_labels(dataset: Dataset):
    def card(**counts: int) -> list[tuple[str, int]]:
        tallies = tuple(Tally(label, count) for label, count in counts.items())
        found = quality_of(dataset, report(600), profile(600, labels=tallies))
        assert found.first == ("balance" if found.reasons else "train")
        return [(reason.code, reason.points) for reason in found.reasons]

    assert card(yes=300, no=300) == []
    assert card(yes=560, no=40) == [("imbalance", 6)]
    assert card(yes=590, no=10) == [("imbalance", 12)]
    assert card(yes=597, no=3) == [("imbalance", 12), ("rare_labels", 8)]
    assert card(yes=600) == [("one_label", 40)]


def test_rows_that_could_not_be_read(dataset: Dataset):
    broken = replace(dataset, understood=replace(dataset.understood, num_problems=2 * dataset.understood.num_examples))
    card = quality_of(broken, report(600), profile(600))
    assert (card.reasons[0].code, card.reasons[0].points, card.first) == ("unusable", 15, "read")


def test_where_only_approved_rows_count_approving_is_first(dataset: Dataset):
    strict = replace(dataset, settings=replace(dataset.settings, approved_only=True))
    waiting = profile(3, flow=(FlowStep("read", 148, 148), FlowStep("open", 145, 3), FlowStep("kept", 3, 3)))
    card = quality_of(strict, report(148), waiting)
    assert card.first == "review"
    assert card.size == "more" and all(reason.code != "few" for reason in card.reasons)


def test_every_check_has_its_weight():
    assert set(_POINTS) == set(CLEANERS.names())


@pytest.mark.parametrize("name", SAMPLES.names())
def test_samples_are_good(tmp_path: Path, name: str):
    steps = DataSteps(Workspace(tmp_path))
    dataset = steps.import_sample(name)
    steps.set_approved_only(dataset.id, False)
    assert steps.quality(dataset.id).score == 100


def test_every_code_has_its_words():
    words = set(read_locale("en"))
    for code in ("too_few", "start", "more", "sure", "plenty", "repetitive"):
        assert f"quality.size.{code}" in words
    for code in ("read", "add", "review", "check", "balance", "train"):
        assert f"quality.first.{code}" in words
    for code in ("check", "unusable", "few", "rare_labels"):
        assert {f"quality.reason.{code}.one", f"quality.reason.{code}.many"} <= words
    assert {"quality.reason.imbalance", "quality.reason.one_label"} <= words
