import errno

import pytest
import torch

from core.training.faults import RECENT_STEPS, Runaway, is_disk_full, is_out_of_memory


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (MemoryError(), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 5 GB)"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_memory_is_told_from_other_errors(error: BaseException, is_one: bool):
    assert is_out_of_memory(error) is is_one


def wrapped() -> RuntimeError:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as cause:
            raise RuntimeError("could not write") from cause
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (wrapped(), True),
        (RuntimeError("I/O error: No space left on device (os error 28)"), True),
        (RuntimeError("unexpected pos 640 vs 534"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (RuntimeError("size mismatch"), False),
    ],
)
def test_a_full_disk_is_told_from_other_errors(error: BaseException, is_one: bool):
    assert is_disk_full(error) is is_one


def test_a_single_bad_step_is_no_runaway():
    watch = Runaway()
    watch.starts_at(3.0)
    assert not any(watch.seen(loss) for loss in (3.0, 2.8, 9.0, 2.7, 2.6, 2.5, 8.0, 2.4))


def test_steps_far_above_the_start_are():
    watch = Runaway()
    watch.starts_at(3.0)
    assert [watch.seen(loss) for loss in (3.0, 5.0, 5.5, 6.0, 6.5)] == [False] * (RECENT_STEPS - 1) + [True]


def test_what_begins_worse_than_the_base_may_come_down():
    watch = Runaway()
    watch.starts_at(3.0)
    assert not any(watch.seen(loss) for loss in (6.0, 6.1, 5.9, 5.8, 5.5, 5.0, 4.0))
