import shutil
from pathlib import Path

import pytest

from core.errors import RunMissing
from core.runs.store import RunStore
from core.workspace import Workspace
from tests.helpers.trained import Trained


@pytest.fixture
def store(trained: Trained, tmp_path: Path) -> RunStore:
    """A workspace with a copy of both runs."""
    return RunStore(Workspace(shutil.copytree(trained.studio.workspace.root, tmp_path / "workspace")))


def test_runs_are_listed_newest_first(store: RunStore, trained: Trained):
    ids = [view.id for view in store.list()]
    assert ids == sorted(trained.ids.values(), reverse=True)
    assert {view.plan.strategy for view in store.list()} == {"lora", "full"}
    assert all(view.has_result and view.status.state == "finished" for view in store.list())


def test_what_is_no_run_of_ours_is_passed_over(store: RunStore):
    """With --out, the folder beside is the person's, and other programs write a plan.json too."""
    for name, plan in (("terraform", '{"version": 1}'), ("broken", "{"), ("list", "[]"), ("empty", None)):
        folder = store.workspace.runs / name
        folder.mkdir()
        if plan:
            (folder / "plan.json").write_text(plan, encoding="utf-8")
    (store.workspace.runs / "file.txt").write_text("", encoding="utf-8")
    assert len(store.list()) == 2


@pytest.mark.parametrize("id", ["", "none", "..", "../..", "../datasets"])
def test_an_unknown_id_is_missing(store: RunStore, id: str):
    for step in (store.get, store.folder, store.curves, store.events, store.delete):
        with pytest.raises(RunMissing):
            step(id)


def test_deleting_removes_all_a_run_made(store: RunStore, trained: Trained):
    id = trained.ids["lora"]
    (store.workspace.exports / id / "adapter").mkdir(parents=True)
    store.delete(id)
    assert [view.id for view in store.list()] == [trained.ids["full"]]
    assert not (store.workspace.exports / id).exists()
    with pytest.raises(RunMissing):
        store.get(id)


def test_events_are_read_by_cursor(store: RunStore, trained: Trained):
    events, cursor = store.events(trained.ids["lora"])
    assert events
    assert store.events(trained.ids["lora"], cursor) == ((), cursor)
    curves = store.curves(trained.ids["lora"])
    assert len(curves.train) == store.get(trained.ids["lora"]).status.step


def test_what_was_held_back_is_what_the_run_never_learned(store: RunStore, trained: Trained):
    id = trained.ids["lora"]
    held_back = store.held_back(id)
    assert len(held_back) == 8 and all(example.messages for example in held_back)
    shutil.rmtree(store.folder(id).data)
    assert store.held_back(id) == ()
