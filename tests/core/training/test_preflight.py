from dataclasses import replace
from pathlib import Path

import pytest

from core.data.store import Dataset
from core.errors import (
    BaseWithoutWeights,
    DiskFull,
    NeedsGpu,
    NothingToLearn,
    OptionRefused,
    StopTokenNotLearned,
    TooLittleMemory,
)
from core.studio import Studio
from core.training.plan import TrainingPlan
from core.training.preflight import disk_needed_gib, find_issues
from tests.helpers.plans import tiny_plan


@pytest.fixture
def plan(studio: Studio, dataset: Dataset, tiny: Path) -> TrainingPlan:
    return tiny_plan(tiny, dataset.id)


def issues(studio: Studio, plan: TrainingPlan) -> list[type]:
    return [type(issue) for issue in studio.check(plan).issues]


def test_a_good_plan_has_no_issues(studio: Studio, plan: TrainingPlan):
    check = studio.check(plan)
    assert check.issues == ()
    assert (check.stats.num_train, check.stats.num_validation) == (16, 8)
    assert check.estimate.num_rows == 16
    assert check.plan == plan.model_copy(update={"task": "conversation"})
    assert check.notes == ()


def test_the_preview_shows_what_is_learned_and_the_stop_token_with_it(studio: Studio, plan: TrainingPlan):
    preview = studio.check(plan).preview
    assert [segment.learned for segment in preview.segments] == [False, True, False]
    assert preview.segments[1].text.endswith(preview.stop_token) and preview.stop_token == "<|im_end|>"
    assert preview.segments[0].text.endswith("<|im_start|>assistant\n")
    assert preview.stop_learned


def test_a_stop_token_that_is_cut_off_is_an_issue(studio: Studio, plan: TrainingPlan):
    longest = studio.check(plan).stats.longest
    (issue,) = studio.check(plan.changed({"max_length": longest - 6})).issues
    assert isinstance(issue, StopTokenNotLearned)
    assert issue.facts["expected"] == longest
    assert issue.facts["token"] == "<|im_end|>"
    assert issues(studio, plan.changed({"max_length": longest})) == []


def test_nothing_to_learn_is_an_issue_and_the_way_out_works(studio: Studio, plan: TrainingPlan):
    (issue,) = studio.check(plan.changed({"max_length": 16})).issues
    assert isinstance(issue, NothingToLearn)
    assert issue.facts["found"] == issue.facts["rows"] == 24
    assert NothingToLearn not in issues(studio, plan.changed({"max_length": issue.facts["expected"]}))


def test_more_tokens_than_the_base_reads_are_an_issue(studio: Studio, plan: TrainingPlan):
    (issue,) = studio.check(plan.changed({"max_length": 513})).issues
    assert isinstance(issue, OptionRefused)
    assert issue.facts["name"] == "max_length"
    assert "512" in str(issue.facts["expected"])


def test_a_base_without_weights_is_said_before_the_start(
    studio: Studio, plan: TrainingPlan, tiny: Path, tmp_path: Path
):
    import shutil

    bare = Path(shutil.copytree(tiny, tmp_path / "bare"))
    (bare / "model.safetensors").unlink()
    with pytest.raises(BaseWithoutWeights):
        studio.check(plan.model_copy(update={"base": str(bare)}))


def test_a_full_disk_is_an_issue(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.training.preflight.free_gib", lambda folder: 0.05)
    assert issues(studio, plan) == [DiskFull]


def test_full_tuning_needs_room_for_its_checkpoints(tiny: Path):
    from core.models.catalog import open_base

    base = replace(open_base(str(tiny)), weights_bytes=2**30)
    assert disk_needed_gib(tiny_plan(tiny, strategy="full"), base) > 10
    assert disk_needed_gib(tiny_plan(tiny), base) < 1


def test_a_plan_that_needs_more_memory_than_there_is_is_an_issue(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    small = replace(studio.device(), memory_gib=0.5)
    monkeypatch.setattr(studio, "device", lambda: small)
    assert issues(studio, plan) == [TooLittleMemory]


def test_one_very_long_example_in_twenty_stops_nobody(studio: Studio, plan: TrainingPlan, tiny: Path, tmp_path: Path):
    from core.data.tokenize import TokenizedRow, token_stats
    from core.models.catalog import open_base

    fine = TokenizedRow((1, 2), (-100, 2), 2, stop_learned=True)
    cut = TokenizedRow((1, 2), (-100, -100), 900, stop_learned=False)
    for rows, expected in (([fine] * 39 + [cut], []), ([fine] * 37 + [cut] * 3, [NothingToLearn])):
        found = find_issues(plan, open_base(str(tiny)), rows, token_stats(rows, 30), "<|im_end|>")
        assert [type(issue) for issue in found] == expected


def test_what_stands_before_a_conversation_takes_room_in_what_the_model_reads(
    studio: Studio, dataset: Dataset, tiny: Path
):
    plan = tiny_plan(tiny, dataset.id, "prompt_tuning", num_virtual_tokens=20, max_length=492)
    assert issues(studio, plan) == []  # the tiny base reads 512
    assert issues(studio, plan.changed({"max_length": 493})) == [OptionRefused]


def test_a_way_that_this_device_lacks_is_an_issue_and_is_not_started(studio: Studio, dataset: Dataset, tiny: Path):
    plan = tiny_plan(tiny, dataset.id, "qlora")
    assert issues(studio, plan) == [NeedsGpu]
    with pytest.raises(NeedsGpu):
        studio.start(plan)


def test_a_draft_fits_its_data_and_its_base(studio: Studio, dataset: Dataset, tiny: Path):
    plan = studio.draft(dataset.id, str(tiny), strategy="lora", goal="voice", preset="quick")
    assert plan.schedule.max_length == 64
    assert plan.title == "parcels"
    assert issues(studio, plan) == []
