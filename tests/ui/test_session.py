"""What a browser finds again."""

import gradio as gr

from core.runs.status import Owner, RunStatus, write_status
from core.workspace import write_json
from tests.helpers.views import plan
from ui.session import Ids, arrival, build_session, landing, recall


def add_run(studio, id, state="finished", dataset="gone"):
    folder = studio.workspace.run(id)
    write_json(folder.plan, plan(dataset=dataset).model_dump(mode="json"))
    write_status(folder.status, RunStatus(state=state, step=5, num_steps=9, owner=Owner.current()))
    return folder


def test_a_first_visit_finds_nothing(studio):
    assert recall(studio, {}) == recall(studio, None) == recall(studio, "nonsense") == Ids()


def test_a_reload_finds_dataset_and_run_again(studio, dataset):
    add_run(studio, "20260101-000000-a-0000")
    stored = {"dataset": dataset.id, "run": "20260101-000000-a-0000"}
    assert recall(studio, stored) == Ids(dataset.id, "20260101-000000-a-0000")


def test_what_was_deleted_is_forgotten(studio):
    assert recall(studio, {"dataset": "gone", "run": "gone"}) == Ids()


def test_another_browser_finds_the_interrupted_run_with_its_dataset(studio, dataset):
    folder = add_run(studio, "20260101-000000-a-0000", "interrupted", dataset.id)
    write_json(folder.checkpoints / "checkpoint-5" / "trainer_state.json", {})
    add_run(studio, "20260202-000000-b-0000")
    assert recall(studio, {}) == Ids(dataset.id, "20260101-000000-a-0000")


def test_what_was_chosen_while_the_page_opened_stays():
    with gr.Blocks():
        session = build_session()
    nothing, found = Ids(), Ids("old-data", "old-run")
    assert arrival(session, nothing, chosen=Ids("new-data", "")) == {}
    assert arrival(session, found, chosen=nothing) == {session.dataset: "old-data", session.run: "old-run"}
    assert arrival(session, found, chosen=Ids("new-data", "")) == {session.run: "old-run"}


def test_a_page_opens_in_train_while_its_run_goes(studio):
    going, over = "20260202-000000-a-0000", "20260101-000000-b-0000"
    add_run(studio, going, "running")
    add_run(studio, over)
    assert landing(studio, {"tab": "data"}, Ids("d", going)) == landing(studio, {}, Ids("", going)) == "train"
    assert landing(studio, {"tab": "compare"}, Ids("d", over)) == "compare"


def test_a_page_opens_where_the_person_was_if_that_still_has_something_to_show(studio):
    assert landing(studio, {"tab": "plan"}, Ids("d", "")) == "plan"
    assert landing(studio, {"tab": "plan"}, Ids()) == landing(studio, {"tab": "export"}, Ids("d", "")) == "data"
    assert landing(studio, {"tab": "runs"}, Ids()) == "runs"
    assert landing(studio, None, Ids()) == landing(studio, {"tab": "nonsense"}, Ids("d", "")) == "data"
