"""What a run will need, measured beforehand."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.data.store import Dataset
from core.data.tokenize import IGNORED
from core.errors import DeviceBusy, TailorError
from core.studio import Studio
from core.training.batching import micro_batches, parts_of, rounded
from core.training.rehearsal import Work, predicted
from tests.core.runs.steering import at_step
from tests.helpers.plans import tiny_plan


def test_two_measurements_tell_what_a_part_and_what_a_token_costs():
    part, token = 0.02, 0.0005
    small, large = Work(1, 100), Work(3, 900)
    timed = [(work, part * work.parts + token * work.tokens) for work in (large, small)]
    assert predicted(timed, Work(50, 20_000)) == pytest.approx(50 * part + 20_000 * token)


@pytest.mark.parametrize("seconds", [(1.0, 2.0), (0.5, 0.5)])
def test_where_they_contradict_each_other_tokens_decide(seconds: tuple[float, float]):
    timed = [(Work(1, 400), seconds[0]), (Work(1, 200), seconds[1])]
    assert predicted(timed, Work(10, 2_000)) == pytest.approx(seconds[1] / 200 * 2_000)


@given(lengths=st.lists(st.integers(1, 300), min_size=1, max_size=60), most=st.integers(1, 2_000))
def test_parts_hold_every_row_once_and_no_more_tokens_than_fit(lengths: list[int], most: int):
    parts = list(parts_of(lengths, most))
    assert sorted(row for part in parts for row in part) == list(range(len(lengths)))
    assert all(len(part) == 1 or len(part) * max(lengths[row] for row in part) <= most for part in parts)


@pytest.mark.parametrize("sequences", [1, 2])
def test_a_micro_batch_keeps_what_belongs_together_and_cuts_pads(sequences: int):
    lengths = torch.tensor([3, 9, 4, 8, 2, 5])
    mask = (torch.arange(12) < lengths[:, None]).long()
    ids = torch.arange(72).reshape(6, 12) * mask
    parts = list(micro_batches({"input_ids": ids, "attention_mask": mask, "labels": lengths}, 20, sequences))
    assert sum(len(part["labels"]) for part in parts) == 6
    for part in parts:
        assert part["attention_mask"].sum(dim=1).tolist() == part["labels"].tolist()
        assert part["input_ids"].shape == part["attention_mask"].shape
        assert part["input_ids"].shape[1] == part["labels"].max()
    if sequences == 2:  # rows 0 and 3, 1 and 4, 2 and 5 are pairs
        pairs = {
            tuple(part["labels"].reshape(2, -1)[:, at].tolist())
            for part in parts
            for at in range(len(part["labels"]) // 2)
        }
        assert pairs == {(3, 8), (9, 2), (4, 5)}


@pytest.mark.parametrize(
    ("length", "widest", "read"), [(1, 64, 16), (16, 64, 16), (17, 64, 32), (60, 62, 62), (70, 62, 70), (9, 0, 9)]
)
def test_rows_are_read_at_few_widths_and_never_wider_than_allowed(length: int, widest: int, read: int):
    assert rounded(length, widest) == read


def test_what_is_filled_up_is_masked_and_not_learned():
    batch = {
        "input_ids": torch.tensor([[5, 6, 7], [8, 9, 9]]),
        "attention_mask": torch.tensor([[1, 1, 1], [1, 0, 0]]),
        "labels": torch.tensor([[IGNORED, 6, 7], [8, IGNORED, IGNORED]]),
    }
    (part,) = micro_batches(batch, 1_000, widest=64, pad_token_id=9)
    assert {name: tuple(tensor.shape) for name, tensor in part.items()} == dict.fromkeys(batch, (2, 16))
    assert part["input_ids"][:, 3:].eq(9).all() and part["labels"][:, 3:].eq(IGNORED).all()
    assert not part["attention_mask"][:, 3:].any()
    for name, tensor in batch.items():
        assert torch.equal(part[name][:, :3], tensor)


def test_a_plan_is_measured_and_leaves_nothing(studio: Studio, dataset: Dataset, tiny: Path):
    found = studio.measure(tiny_plan(tiny, dataset.id, epochs=6))
    assert 0 < found.seconds < 600
    assert 0 < found.memory_gib <= studio.device().memory_gib
    assert studio.runs.list() == ()


def test_a_plan_with_an_issue_is_not_measured(studio: Studio, dataset: Dataset, tiny: Path):
    with pytest.raises(TailorError):
        studio.measure(tiny_plan(tiny, dataset.id, max_length=16))


def test_while_a_run_trains_nothing_is_measured(
    studio: Studio, dataset: Dataset, tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    plan, refused = tiny_plan(tiny, dataset.id, epochs=6), list[str]()

    def measure(_: str) -> None:
        try:
            studio.measure(plan)
        except DeviceBusy as error:
            refused.append(error.code)

    at_step(monkeypatch, 3, measure)
    assert studio.wait(studio.start(plan)).status.state == "finished"
    assert refused == ["device_busy"]
