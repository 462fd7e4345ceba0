"""Runs that wait for the device: order, cancelling, and what a restart makes of them."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.store import Dataset
from core.errors import NotInQueue, RunStillGoing
from core.runs.status import Owner, read_status, write_status
from core.studio import Studio
from core.training.plan import TrainingPlan
from core.workspace import Workspace
from tests.core.runs.steering import at_step, finish
from tests.helpers.plans import tiny_plan


@pytest.fixture
def plan(dataset: Dataset, tiny: Path) -> TrainingPlan:
    return tiny_plan(tiny, dataset.id, max_steps=3)


@pytest.fixture
def held(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    """A run that goes until it is let go: its id, and what lets it."""
    reached, go_on = threading.Event(), threading.Event()

    def hold(_: str) -> None:
        reached.set()
        assert go_on.wait(60)

    at_step(monkeypatch, 2, hold)
    id = studio.start(plan.changed({"max_steps": 6}), "held")
    assert reached.wait(60)
    yield id, go_on.set
    go_on.set()
    studio.wait(id)


def began(studio: Studio, *ids: str) -> list[str]:
    """The ids in the order in which they had the device."""
    first = {id: next(e for e in studio.runs.events(id)[0] if e.kind == "step") for id in ids}
    stamps = {id: studio.runs.folder(id).events.stat().st_mtime_ns for id in first}
    return sorted(stamps, key=lambda id: stamps[id])


def orphan(studio: Studio, id: str) -> None:
    """As if the process that queued the run were gone."""
    path = studio.runs.folder(id).status
    write_status(path, replace(read_status(path), owner=replace(Owner.current(), started=0.0)))


def test_a_second_start_waits_and_begins_by_itself(studio: Studio, plan: TrainingPlan, held):
    id, let_go = held
    second, third = studio.start(plan, "second"), studio.start(plan, "third")
    assert [studio.run(each).status.state for each in (id, second, third)] == ["running", "queued", "queued"]
    assert [studio.queue.place_of(each) for each in (id, second, third)] == [0, 1, 2]
    assert studio.active_run().id == id
    assert studio.interrupted_runs() == ()
    with pytest.raises(RunStillGoing):
        studio.resume(second)
    let_go()
    assert [studio.wait(each).status.state for each in (third, second, id)] == ["finished"] * 3
    assert began(studio, id, second, third) == [id, second, third]
    assert studio.queue.waiting() == ()
    assert studio.run(second).status.turn is None


def test_the_order_can_be_changed(studio: Studio, plan: TrainingPlan, held):
    id, let_go = held
    for name in ("a", "b", "c"):
        studio.start(plan, name)
    studio.move("c", "up")
    studio.move("a", "up")  # it is the first already
    studio.move("b", "down")  # and this one the last
    assert [run.id for run in studio.queue.waiting()] == ["a", "c", "b"]
    studio.move("a", "down")
    assert [run.id for run in studio.queue.waiting()] == ["c", "a", "b"]
    with pytest.raises(NotInQueue, match="held"):
        studio.move(id, "up")
    let_go()
    assert all(studio.wait(name).status.state == "finished" for name in ("a", "b", "c"))
    assert began(studio, "a", "b", "c") == ["c", "a", "b"]


def test_what_is_taken_out_does_not_begin_and_may_wait_again(studio: Studio, plan: TrainingPlan, held):
    _, let_go = held
    studio.start(plan, "out")
    studio.start(plan, "stays")
    studio.stop("out")
    view = studio.run("out")
    assert (view.status.state, view.is_resumable, view.has_result) == ("cancelled", True, False)
    assert [run.id for run in studio.queue.waiting()] == ["stays"]
    assert not studio.queue.cancel("out")
    let_go()
    assert studio.wait("stays").status.state == "finished"
    assert studio.run("out").status.state == "cancelled"
    studio.resume("out")
    assert studio.wait("out").status.state == "finished"


def test_a_run_that_goes_on_waits_its_turn_and_keeps_what_it_learned_when_taken_out(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    at_step(monkeypatch, 2, studio.pause)
    paused = finish(studio, plan.changed({"max_steps": 6}))
    assert (paused.status.state, paused.status.step) == ("paused", 3)
    reached, go_on = threading.Event(), threading.Event()
    at_step(monkeypatch, 1, lambda _: (reached.set(), go_on.wait(60)))
    other = studio.start(plan)
    assert reached.wait(60)
    try:
        studio.resume(paused.id)
        assert studio.run(paused.id).status.state == "queued"
        studio.stop(paused.id)
        again = studio.run(paused.id)
        assert (again.status.state, again.status.step, again.is_resumable) == ("paused", 3, True)
        studio.resume(paused.id)
    finally:
        go_on.set()
    studio.wait(other)
    view = studio.wait(paused.id)
    assert (view.status.state, view.status.step) == ("finished", 6)


def test_a_run_that_fails_does_not_stop_the_queue(studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch):
    reached, go_on = threading.Event(), threading.Event()

    def fail(_: str) -> None:
        reached.set()
        go_on.wait(60)
        raise ZeroDivisionError

    at_step(monkeypatch, 1, fail)
    first = studio.start(plan)
    assert reached.wait(60)
    second = studio.start(plan)
    assert studio.run(second).status.state == "queued"
    go_on.set()
    assert studio.wait(second).status.state == "finished"
    assert studio.run(first).status.state == "failed"


def test_after_a_restart_the_page_goes_on_with_the_queue_and_a_command_does_not(
    studio: Studio, plan: TrainingPlan, held
):
    """The process that queued is gone: nobody starts its runs until one that stays takes them over."""
    id, let_go = held
    studio.start(plan, "left")
    orphan(studio, "left")
    let_go()
    studio.wait(id)
    command = Studio(Workspace(studio.workspace.root))
    mine = command.start(plan, "mine")
    assert command.wait(mine).status.state == "finished"
    assert command.run("left").status.state == "queued"
    page = Studio(Workspace(studio.workspace.root))
    page.serve_queue()
    assert page.wait("left").status.state == "finished"


def test_two_processes_take_turns(studio: Studio, plan: TrainingPlan, held):
    """Two desks on one workspace: the other's run is not started by us, and ours waits for it."""
    _, let_go = held
    other = Studio(Workspace(studio.workspace.root))
    first = studio.start(plan, "first")
    path = studio.runs.folder(first).status
    write_status(path, replace(read_status(path), owner=Owner(1, _start_of(1))))  # of a process that lives
    second = other.start(plan, "second")
    let_go()
    studio.wait("held")
    time.sleep(1.5)
    assert [other.run(id).status.state for id in (first, second)] == ["queued", "queued"]
    orphan(studio, first)
    assert other.wait(second).status.state == "finished"


def _start_of(pid: int) -> float:
    import psutil

    return psutil.Process(pid).create_time()


def test_an_idle_chat_gives_its_memory_back_when_a_run_begins(
    studio: Studio, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
):
    released: list[str] = []
    monkeypatch.setattr("core.chat.session.ChatDesk.release", lambda self: released.append("chat"))
    finish(studio, plan)
    assert released == ["chat"]


def test_a_run_that_waits_can_be_deleted_and_the_next_moves_up(studio: Studio, plan: TrainingPlan, held):
    studio.start(plan, "gone")
    studio.start(plan, "next")
    studio.delete_run("gone")
    assert studio.queue.place_of("next") == 1
    studio.stop("next")
