from pathlib import Path

import numpy as np
import pytest

from core.data.examples import Message
from core.data.profile import Bin, Cluster, Tally, histogram, kept_whole
from core.data.steps import DataSteps, Upload
from core.workspace import Workspace
from tests.core.data.build import jsonl, write

NAMES = ("alder", "birch", "cedar", "elm", "fir", "hazel")  # rows 0 to 2 and 4 to 6; row 3 repeats row 0
TURNS = (Message("user", "What do you sell?"), Message("assistant", "We sell kettles of copper, among other things."))


@pytest.fixture
def steps(tmp_path: Path) -> DataSteps:
    return DataSteps(Workspace(tmp_path / "workspace"))


@pytest.fixture
def id(steps: DataSteps, tmp_path: Path) -> str:
    rows = [
        {"prompt": f"Where is the shelf of {name}?", "completion": f"It is {name[:2]} stairs up."} for name in NAMES
    ]
    rows.insert(3, rows[0])
    return steps.import_files(Upload([jsonl(tmp_path / "shelves.jsonl", *rows, {"prompt": 5})])).id


def flow(steps: DataSteps, id: str) -> list[tuple[str, int, int]]:
    return [(step.code, step.count, step.left) for step in steps.profile(id).flow]


def test_counts_of_what_is_learned(steps: DataSteps, id: str):
    profile = steps.profile(id)
    assert profile.num_rows == 6
    assert profile.turns == (Tally("2", 6),)
    assert profile.languages == (Tally("en", 6),) or sum(tally.count for tally in profile.languages) == 6
    assert profile.labels == ()
    assert profile.clusters == (Cluster(2, 1),)
    assert sum(bin.count for bin in profile.lengths) == 6
    assert 10 < profile.kept_95 <= profile.kept_99 <= profile.kept_100 == profile.longest < 60
    assert (profile.limit, profile.num_cut, profile.num_emptied) == (1024, 0, 0)


def test_the_flow_says_where_rows_leave_and_join(steps: DataSteps, id: str):
    assert flow(steps, id) == [("read", 8, 8), ("unusable", 1, 7), ("duplicates", 1, 6), ("kept", 6, 6)]
    steps.decide(id, "reject", [1], "Ada")
    steps.add_example(id, TURNS, "Ada")
    assert flow(steps, id)[3:] == [("added", 1, 7), ("rejected", 1, 6), ("kept", 6, 6)]
    assert steps.profile(id).num_rows == len(list(steps.examples(id))) == 6
    steps.decide(id, "approve", [0, 2], "Ada")
    steps.set_approved_only(id, True)
    assert flow(steps, id)[3:] == [("added", 1, 7), ("rejected", 1, 6), ("open", 3, 3), ("kept", 3, 3)]
    assert steps.profile(id).num_rows == len(list(steps.examples(id))) == 3


def test_edited_rows_are_counted_anew(steps: DataSteps, id: str):
    before = steps.profile(id)
    steps.edit(id, 1, (*TURNS, Message("user", "And?"), Message("assistant", "Tents. " * 60)), "Ada")
    after = steps.profile(id)
    assert after.num_rows == before.num_rows == sum(bin.count for bin in after.lengths)
    assert after.longest > before.longest + 50
    assert after.turns == (Tally("2", 5), Tally("4", 1))


def test_the_limit(steps: DataSteps, id: str):
    steps.wait_for(steps.set_limit(id, "starter", 20).id)
    profile = steps.profile(id)
    assert profile.limit == 20
    assert profile.num_cut == steps.report(id).finding("length").count > 0


def test_labels_are_those_after_the_fix(steps: DataSteps, tmp_path: Path):
    labels = ["refund"] * 12 + ["shipping"] * 11 + ["Refund"]
    rows = "".join(f"where is the {name} {number},{name}\n" for number, name in enumerate(labels))
    id = steps.import_files(Upload([write(tmp_path / "labels.csv", f"text,label\n{rows}")])).id
    assert steps.profile(id).labels == (Tally("refund", 13), Tally("shipping", 11))
    steps.decide(id, "reject", [0], "Ada")
    assert steps.profile(id).labels == (Tally("refund", 12), Tally("shipping", 11))
    steps.wait_for(steps.set_actions(id, {"labels": "keep"}).id)
    assert steps.profile(id).labels == (Tally("refund", 11), Tally("shipping", 11), Tally("Refund", 1))


def test_bins_are_round_and_hold_everything():
    assert histogram(np.array([], np.int64)) == ()
    assert histogram(np.array([0, 1, 1, 9], np.int64))[:2] == (Bin(0, 1, 1), Bin(1, 2, 2))
    lengths = np.concatenate([np.arange(1_000), [50_000]])
    bins = histogram(lengths)
    assert len(bins) <= 40
    assert sum(bin.count for bin in bins) == 1_001
    assert [bin.start for bin in bins[1:]] == [bin.end for bin in bins[:-1]]
    assert (bins[0].end, bins[-1].end) == (50, 50_001)


@pytest.mark.parametrize(("share", "limit"), [(0.95, 95), (0.99, 99), (1, 100)])
def test_the_limit_that_keeps_a_share_whole(share: float, limit: int):
    assert kept_whole(np.arange(100, 0, -1), share) == limit
    assert kept_whole(np.array([], np.int64), share) == 0
    assert kept_whole(np.array([7]), share) == 7
