"""What can go wrong on the way, told apart: memory, disk, and a loss that runs away."""

import errno
import statistics
from collections import deque
from collections.abc import Iterator

RECENT_STEPS = 5
WORSE_THAN_BASE = 1.0  # nats: every right token e times less likely than before anything was learned


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device or the machine had no memory left. CUDA has a class of its own; the CPU's allocator has not."""
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and (
        "can't allocate memory" in str(error) or "out of memory" in str(error).lower()
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether a disk had no room left; safetensors and torch say it in words only."""
    return any(
        (isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT))
        or "no space left" in str(one).lower()
        or "unexpected pos" in str(one)  # torch's zip writer after a short write
        for one in _chain(error)
    )


class Runaway:
    """Notices a loss that is no fluctuation any more: most recent steps are far worse than the untrained model,
    or than the first step."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=RECENT_STEPS)
        self._base = 0.0
        self._start: float | None = None

    def starts_at(self, loss: float) -> None:
        """The held-out loss before the first step."""
        self._base = loss

    def seen(self, loss: float) -> bool:
        """Whether the run has derailed, this step's loss (nats per learned token) included."""
        if self._start is None:  # what is put before a conversation makes it worse until it has learned something
            self._start = max(self._base, loss)
        self._recent.append(loss)
        full = len(self._recent) == RECENT_STEPS
        return full and statistics.median(self._recent) > self._start + WORSE_THAN_BASE


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
