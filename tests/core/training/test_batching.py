import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.tokenize import IGNORED, TokenizedRow
from core.training.batching import BucketOrder, Rows, collate

LENGTHS = st.lists(st.integers(1, 500), min_size=1, max_size=300)


def order(lengths: list[int], batch: int = 4, seed: int = 0, epoch: int = 0) -> list[int]:
    bucket = BucketOrder(lengths, batch, seed)
    bucket.set_epoch(epoch)
    return list(bucket)


@settings(deadline=None)  # a busy machine is no failure
@given(lengths=LENGTHS, batch=st.integers(1, 16), seed=st.integers(0, 2**31 - 1), epoch=st.integers(0, 20))
def test_every_row_comes_exactly_once(lengths: list[int], batch: int, seed: int, epoch: int):
    bucket = BucketOrder(lengths, batch, seed)
    bucket.set_epoch(epoch)
    assert sorted(bucket) == list(range(len(lengths)))
    assert len(bucket) == len(lengths)


def test_the_same_seed_gives_the_same_order_and_another_another():
    lengths = [1 + (7 * number) % 100 for number in range(200)]
    assert order(lengths, seed=5) == order(lengths, seed=5)
    assert order(lengths, seed=5) != order(lengths, seed=6)


def test_epochs_differ_and_come_again():
    lengths = [1 + (7 * number) % 100 for number in range(200)]
    assert order(lengths, epoch=1) != order(lengths, epoch=2)
    bucket = BucketOrder(lengths, 4, 0)
    bucket.set_epoch(1)
    first = list(bucket)
    bucket.set_epoch(2)
    list(bucket)
    bucket.set_epoch(1)
    assert list(bucket) == first


def test_a_batch_is_alike_in_length():
    lengths = [1 + (37 * number) % 500 for number in range(512)]
    rows = order(lengths, batch=8)
    batches = [[lengths[row] for row in rows[start : start + 8]] for start in range(0, len(rows), 8)]
    padded = sum(max(batch) * len(batch) for batch in batches)
    shuffled = torch.randperm(512, generator=torch.Generator().manual_seed(0)).tolist()
    plain = [[lengths[row] for row in shuffled[start : start + 8]] for start in range(0, 512, 8)]
    assert padded < 1.1 * sum(lengths)
    assert sum(max(batch) * len(batch) for batch in plain) > 1.5 * sum(lengths)
    assert [max(batch) for batch in batches] != sorted(max(batch) for batch in batches)


def test_batches_keep_their_rows_when_the_last_pool_is_short():
    lengths = list(range(1, 68))
    rows = order(lengths, batch=4)
    batches = [rows[start : start + 4] for start in range(0, len(rows), 4)]
    assert [len(batch) for batch in batches] == [4] * 16 + [3]
    # Each batch is sorted by length, so none was cut in two by a short one before it.
    assert all(batch == sorted(batch, key=lambda row: lengths[row]) for batch in batches)


def test_rows_are_padded_on_the_right_to_the_longest():
    rows = [{"input_ids": (5, 6, 7), "labels": (IGNORED, 6, 7)}, {"input_ids": (8,), "labels": (8,)}]
    batch = collate(rows, pad_token_id=9)
    assert batch["input_ids"].tolist() == [[5, 6, 7], [8, 9, 9]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch["labels"].tolist() == [[IGNORED, 6, 7], [8, IGNORED, IGNORED]]
    assert {tensor.dtype for tensor in batch.values()} == {torch.int64}


def test_rows_with_nothing_to_learn_are_left_out():
    learned = TokenizedRow((1, 2, 3), (IGNORED, 2, 3), 3, stop_learned=True)
    emptied = TokenizedRow((1, 2), (IGNORED, IGNORED), 9, stop_learned=False)
    rows = Rows([learned, emptied, learned])
    assert len(rows) == 2
    assert rows.lengths == [3, 3]
    assert rows[1] == {"input_ids": (1, 2, 3), "labels": (IGNORED, 2, 3)}
    with pytest.raises(IndexError):
        rows[2]
