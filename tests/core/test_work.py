import threading

import pytest

from core.errors import FileMissing, WorkFailed, WorkMissing
from core.progress import Counted, Progress
from core.work import WorkDesk


def test_short_work_is_over_when_start_returns():
    view = WorkDesk().start("import", lambda progress: "data-1")
    assert (view.state, view.result, view.kind) == ("done", "data-1", "import")


def test_long_work_says_how_far_it_is_and_stops_when_asked():
    desk, reached = WorkDesk(), threading.Event()

    def work(progress: Progress) -> str:
        for number in range(10**9):
            progress("checking", number, 10**9)
            if number == 500:
                reached.set()
        return "never"

    id = desk.start("import", work).id
    assert reached.wait(10)
    going = desk.view(id)
    assert (going.state, going.stage, going.total) == ("going", "checking", 10**9)
    assert going.done > 0
    desk.cancel(id)
    assert desk.wait(id).state == "cancelled"


def test_what_goes_wrong_is_kept_for_whoever_asks():
    def refused(progress: Progress) -> str:
        raise FileMissing(file="x.csv")

    def broken(progress: Progress) -> str:
        return "a"[1]

    def full(progress: Progress) -> str:
        raise OSError(28, "No space left on device", "/data")

    desk = WorkDesk()
    views = [desk.wait(desk.start("import", work).id) for work in (refused, broken, full)]
    assert [view.state for view in views] == ["failed"] * 3
    assert [type(view.error).__name__ for view in views] == ["FileMissing", "WorkFailed", "WorkspaceUnusable"]
    assert isinstance(views[1].error, WorkFailed)
    assert "No space left" in str(views[2].error)


def test_two_pieces_of_work_do_not_know_of_each_other():
    desk = WorkDesk()
    wait = threading.Event()
    slow = desk.start("a", lambda progress: str(wait.wait(10)))
    quick = desk.start("b", lambda progress: "done")
    assert (slow.state, quick.state) == ("going", "done")
    wait.set()
    assert desk.wait(slow.id).result == "True"


def test_old_jobs_are_forgotten_but_not_the_newest():
    desk = WorkDesk()
    views = [desk.start("a", lambda progress: "x") for _ in range(60)]
    assert desk.view(views[-1].id).state == "done"
    with pytest.raises(WorkMissing):
        desk.view(views[0].id)


def test_counted_reports_every_thousand_and_the_end():
    seen: list[tuple[str, int, int]] = []
    items = Counted("reading", 2500, lambda *report: seen.append(report)).each(range(2500))
    assert sum(1 for _ in items) == 2500
    assert seen == [("reading", 1000, 2500), ("reading", 2000, 2500), ("reading", 2500, 2500)]
