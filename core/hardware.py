"""What this machine has, and who is using it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Literal, Self

import psutil

from core.errors import DeviceBusy

PROBE_SIZE = 512
PROBE_REPEATS = 8
WATCH_S = 0.005
# A layer is about forty small operations forward and back; a PEFT layer adds four to each of its seven linear parts.
CALL_SECONDS: dict[str, float] = {"cpu": 4e-6, "cuda": 1e-5, "mps": 2e-5}
CALLS_PER_LAYER, CALLS_PER_ADAPTED_LAYER = 120, 320


@dataclass(frozen=True)
class Device:
    """Where tensors live: name, memory in GiB, and whether it multiplies in bf16."""

    kind: Literal["cuda", "mps", "cpu"]
    name: str
    memory_gib: float
    has_bf16: bool
    num_threads: int

    def uses_bf16(self, precision: str) -> bool:
        """Whether a plan's precision (auto, bf16, fp32) means bf16 here."""
        return precision == "bf16" or (precision == "auto" and self.has_bf16)

    def flops_per_second(self, precision: str) -> float:
        """The measured rate of a matrix product in this precision."""
        return _matmul_rate(self.kind, self.uses_bf16(precision))

    def seconds_per_layer(self, adapter: bool) -> float:
        """The time that starting the operations of one layer takes, whatever their size."""
        return CALL_SECONDS[self.kind] * (CALLS_PER_ADAPTED_LAYER if adapter else CALLS_PER_LAYER)


def find_device() -> Device:
    """The best device of this machine. Imports torch."""
    import torch

    threads = psutil.cpu_count(logical=False) or 1
    if torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        return Device("cuda", properties.name, properties.total_memory / 2**30, torch.cuda.is_bf16_supported(), threads)
    memory = psutil.virtual_memory().total / 2**30
    if torch.backends.mps.is_available():
        return Device("mps", "Apple GPU", memory, False, threads)
    return Device("cpu", "CPU", memory, _cpu_has_bf16(), threads)


def forget_peak(device: Device) -> None:
    """Starts a new peak, so that a run does not report what another one used."""
    if device.kind == "cuda":
        import torch

        torch.cuda.reset_peak_memory_stats()


def used_memory_gib(device: Device) -> float:
    """Memory of the device in use by this process."""
    if device.kind == "cuda":
        import torch

        return torch.cuda.max_memory_allocated() / 2**30
    return psutil.Process().memory_info().rss / 2**30


class MemoryWatch:
    """The most memory that was in use while it watched, in GiB: of the device, or on a CPU of this whole process.

    A CPU keeps no record that could be set back, so it is looked at every few milliseconds.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._peak = 0.0
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._peak, self._done = 0.0, threading.Event()
        forget_peak(self._device)
        self._look()
        if self._device.kind != "cuda":
            self._thread = threading.Thread(target=self._keep_looking, name="memory watch", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._thread:
            self._thread.join()

    @property
    def peak_gib(self) -> float:
        """So far."""
        self._look()
        return self._peak

    def _keep_looking(self) -> None:
        while not self._done.wait(WATCH_S):
            self._look()

    def _look(self) -> None:
        self._peak = max(self._peak, used_memory_gib(self._device))


class DeviceLease:
    """One holder of the device at a time: training, or chat."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: str | None = None

    @property
    def holder(self) -> str | None:
        """Who has it now: "run <id>" or None."""
        return self._holder

    @contextmanager
    def held_by(self, holder: str, *, wait: bool = False) -> Iterator[None]:
        """Holds the device inside a `with`; with `wait`, as soon as whoever has it is done.

        Raises:
            DeviceBusy: somebody else has it, and `wait` is off.
        """
        if not self._lock.acquire(blocking=wait):
            raise DeviceBusy(holder=self._holder or "another task")
        self._holder = holder
        try:
            yield
        finally:
            self._holder = None
            self._lock.release()


def _cpu_has_bf16() -> bool:
    """Whether bf16 products run in hardware; emulated ones are slower than float32."""
    import torch

    return bool(torch.backends.cpu.get_cpu_capability() == "AVX512" and torch.cpu._is_avx512_bf16_supported())


@cache
def _matmul_rate(kind: str, half: bool) -> float:
    import torch

    dtype = torch.bfloat16 if half else torch.float32
    factor = torch.randn(PROBE_SIZE, PROBE_SIZE, device=kind).to(dtype)
    factor @ factor
    started = perf_counter()
    for _ in range(PROBE_REPEATS):
        product = factor @ factor
    product[0, 0].item()
    return 2.0 * PROBE_SIZE**3 * PROBE_REPEATS / (perf_counter() - started)
