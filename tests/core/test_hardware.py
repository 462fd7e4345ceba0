import threading

import pytest

from core.errors import DeviceBusy
from core.hardware import Device, DeviceLease, find_device, used_memory_gib


def test_one_holder_at_a_time():
    lease = DeviceLease()
    assert lease.holder is None
    with lease.held_by("the run a"):
        assert lease.holder == "the run a"
        with pytest.raises(DeviceBusy) as caught, lease.held_by("an answer"):
            pass
        assert caught.value.facts == {"holder": "the run a"}
        assert lease.holder == "the run a"
    assert lease.holder is None


def test_a_holder_that_fails_gives_it_back():
    lease = DeviceLease()
    with pytest.raises(RuntimeError), lease.held_by("a"):
        raise RuntimeError
    with lease.held_by("b"):
        assert lease.holder == "b"


def test_who_waits_gets_it_as_soon_as_it_is_free():
    lease, held = DeviceLease(), threading.Event()
    seen: list[str | None] = []

    def wait() -> None:
        held.set()
        with lease.held_by("b", wait=True):
            seen.append(lease.holder)

    with lease.held_by("a"):
        waiter = threading.Thread(target=wait)
        waiter.start()
        held.wait()
        waiter.join(0.05)
        assert seen == []
    waiter.join(5)
    assert seen == ["b"]


def test_precision_is_what_the_device_has():
    with_it, without = (Device("cpu", "CPU", 8.0, has, 1) for has in (True, False))
    assert with_it.uses_bf16("auto")
    assert not without.uses_bf16("auto")
    assert without.uses_bf16("bf16")
    assert not with_it.uses_bf16("fp32")


def test_this_machine_is_described():
    device = find_device()
    assert device.memory_gib > 0
    assert device.num_threads >= 1
    assert device.flops_per_second("fp32") > 1e6
    assert device.seconds_per_layer(adapter=True) > device.seconds_per_layer(adapter=False) > 0
    assert 0 < used_memory_gib(device) <= device.memory_gib
