"""What the verbs do beyond one line, in this process: plans from files, options by hand, resumption, exit codes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.cli.parser import run_command
from core.runs.status import read_status, write_status
from core.workspace import read_json, write_json
from tests.core.runs.steering import at_step
from tests.helpers.rows import write_conversations


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_conversations(tmp_path / "parcels.jsonl")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, code: int = 0) -> Any:
        assert run_command([*map(str, arguments), "--workspace", str(tmp_path / "ws"), "--json"]) == code
        out, err = capsys.readouterr()
        return json.loads(out) if out else err

    return run


OPTIONS = ["--set", "max_steps=6", "--set", "precision=fp32"]


def test_a_plan_from_a_file_is_followed(call, data: Path, tiny: Path, tmp_path: Path):
    call("train", "--data", data, "--base", tiny, "--out", "one", *OPTIONS, "--set", "r=2", "--set", "seed=5")
    printed = call("train", "--data", data, "--plan", "one/plan.json", "--out", "two", "--set", "lora_alpha=3")
    plan = read_json(tmp_path / "two" / "plan.json")
    assert (plan["options"]["r"], plan["options"]["lora_alpha"], plan["schedule"]["seed"]) == (2, 3, 5)
    assert plan["base"] == str(tiny)
    assert printed["steps"] == 6


def test_a_strategy_given_beside_a_plan_counts_with_its_own_defaults(call, data: Path, tiny: Path, tmp_path: Path):
    new = ["train", "--data", data, "--base", tiny, *OPTIONS]
    call(*new, "--out", "one", "--goal", "skill")
    call("train", "--data", data, "--plan", "one/plan.json", "--strategy", "full", "--out", "two")
    call(*new, "--strategy", "full", "--out", "drafted")
    plan, drafted = (read_json(tmp_path / name / "plan.json") for name in ("two", "drafted"))
    assert (plan["strategy"], plan["options"], plan["schedule"]["max_steps"]) == ("full", {}, 6)
    assert plan["schedule"]["learning_rate"] == drafted["schedule"]["learning_rate"]
    back = ["train", "--data", data, "--plan", "two/plan.json", "--strategy", "lora", "--set", "learning_rate=0.001"]
    call(*back, "--out", "three")
    first, third = (read_json(tmp_path / name / "plan.json") for name in ("one", "three"))
    assert third == {**first, "schedule": {**first["schedule"], "learning_rate": 0.001}, "dataset": third["dataset"]}


def test_a_run_goes_on_from_another_by_id_or_folder_and_answers_on_its_way(
    call, data: Path, tiny: Path, tmp_path: Path
):
    new = ["train", "--data", data, "--base", tiny, *OPTIONS, "--set", "r=2"]
    parent = Path(call(*new)["run"])
    asked = ["--prompt", "Where is parcel 1?", "--prompt", "Who?"]
    child = call("train", "--data", data, *OPTIONS, "--continue-from", parent.name, *asked)
    plan = read_json(Path(child["run"]) / "plan.json")
    assert (plan["continue_from"], plan["base"], plan["options"]["r"]) == (parent.name, str(tiny), 2)
    assert plan["prompts"] == ["Where is parcel 1?", "Who?"]
    assert '"answers"' in (Path(child["run"]) / "events.jsonl").read_text(encoding="utf-8")
    call("train", "--data", data, *OPTIONS, "--continue-from", parent.name, "--out", "elsewhere")
    assert read_json(tmp_path / "elsewhere" / "plan.json")["continue_from"] == str(parent)
    refused = call("train", "--data", data, *OPTIONS, "--continue-from", "none", code=2)
    assert "no run 'none'" in refused
    assert "at most 5" in call(*new, *["--prompt", "x"] * 6, code=2)


def test_a_search_trains_with_the_best_it_found(call, data: Path, tiny: Path):
    options = ["--set", "epochs=1", "--set", "precision=fp32", "--set", "learning_rate=0.0001"]
    printed = call("search", "--data", data, "--base", tiny, *options, "--minutes", "0.1")
    best = min((trial for trial in printed["trials"] if trial["state"] == "done"), key=lambda trial: trial["loss"])
    assert printed["state"] == "finished"
    assert printed["best"]["schedule"]["learning_rate"] == best["params"]["learning_rate"]
    plan = read_json(Path(printed["run"]) / "plan.json")
    assert plan["schedule"] == printed["best"]["schedule"] and plan["search_minutes"] == 0
    assert "minutes" in call("search", "--data", data, "--base", tiny, "--minutes", "0", code=2)


def test_runs_that_wait_are_moved_and_cancelled(call, data: Path, tiny: Path, tmp_path: Path):
    ids = [Path(call("train", "--data", data, "--base", tiny, *OPTIONS)["run"]).name for _ in range(2)]
    for turn, id in enumerate(ids):
        path = tmp_path / "ws" / "runs" / id / "status.json"
        write_status(path, replace(read_status(path), state="queued", turn=float(turn)))
    assert call("runs", "up", ids[1]) == {"queue": [ids[1], ids[0]]}
    assert call("runs", "cancel", ids[1]) == {"cancelled": ids[1]}
    assert "does not wait" in call("runs", "down", ids[1], code=2)


def test_an_estimate_of_a_plan_is_one_of_its_base_and_strategy(call, data: Path, tiny: Path):
    call("train", "--data", data, "--base", tiny, "--out", "one", *OPTIONS, "--set", "r=2")
    of_plan = call("estimate", "--plan", "one/plan.json")
    by_hand = call("estimate", "--base", tiny, "--set", "r=2", *OPTIONS)
    assert of_plan["total_parameters"] == by_hand["total_parameters"]
    assert of_plan["trainable_parameters"] == by_hand["trainable_parameters"]
    full = call("estimate", "--plan", "one/plan.json", "--strategy", "full")
    assert full["trainable_parameters"] == full["total_parameters"]
    with_data = call("estimate", "--plan", "one/plan.json", "--data", data)
    assert (with_data["num_rows"], with_data["num_steps"]) == (16, 6)


def test_a_base_folder_is_found_again_from_anywhere(call, data: Path, tiny: Path, tmp_path: Path):
    (tmp_path / "base").symlink_to(tiny)
    call("train", "--data", data, "--base", "base", "--out", "run", *OPTIONS)
    assert read_json(tmp_path / "run" / "plan.json")["base"] == str(tiny)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("r=0", "from 1 to 512"),
        ("r=many", "a whole number"),
        ("rank=8", "r, lora_alpha"),
        ("precision=fp8", "auto, bf16, fp32"),
        ("r", "name=value"),
        ("target_modules=query", "q_proj"),
        ("target_modules=", "q_proj"),
        ("max_length=16", "Raise max_length"),
        ("max_length=600", "at most 512"),
    ],
)
def test_a_bad_option_is_answered_with_what_is_allowed(call, data: Path, tiny: Path, setting: str, said: str):
    line = call("train", "--data", data, "--base", tiny, "--set", setting, code=2)
    assert said in line
    assert line.count("\n") == 1


@pytest.mark.parametrize(("table", "said"), [("strategy", "lora"), ("preset", "balanced"), ("goal", "voice")])
def test_an_unknown_name_is_answered_with_those_there_are(call, data: Path, tiny: Path, table: str, said: str):
    line = call("train", "--data", data, "--base", tiny, f"--{table}", "magic", code=2)
    assert "magic" in line
    assert said in line


def test_a_paused_run_goes_on_where_it_was(call, data: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch):
    from core.runs.run import RunDesk

    def pause(id: str) -> None:
        desks[0].ask(id, "pause")

    desks: list[RunDesk] = []
    init = RunDesk.__init__

    def kept(self: RunDesk, *given: Any, **named: Any) -> None:
        init(self, *given, **named)
        desks.append(self)

    monkeypatch.setattr(RunDesk, "__init__", kept)
    at_step(monkeypatch, 3, pause)
    paused = call("train", "--data", data, "--base", tiny, "--out", "run", *OPTIONS)
    assert (paused["state"], paused["steps"]) == ("paused", 4)
    done = call("train", "--resume", "--out", "run")
    assert (done["state"], done["steps"]) == ("finished", 6)
    assert "it is finished" in call("train", "--resume", "--out", "run", code=2)


def test_a_run_whose_options_derail_it_is_the_persons_to_change(call, data: Path, tiny: Path):
    wild = ["--set", "learning_rate=1", "--set", "r=1", "--set", "lora_alpha=2048", "--set", "precision=fp32"]
    printed = call("train", "--data", data, "--base", tiny, "--out", "run", "--set", "epochs=100", *wild, code=2)
    assert (printed["state"], printed["error"]["code"]) == ("failed", "diverged")


def test_a_run_that_fails_by_our_fault_says_so(call, data: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.runs.sitting._keep", lambda *_: (_ for _ in ()).throw(MemoryError("ours")))
    printed = call("train", "--data", data, "--base", tiny, "--out", "run", *OPTIONS, code=1)
    assert (printed["state"], printed["error"]["code"]) == ("failed", "unexpected")


def test_folders_beside_a_run_are_left_alone(call, data: Path, tiny: Path, tmp_path: Path):
    write_json(tmp_path / "terraform" / "plan.json", {"format_version": "1.2"})
    assert call("train", "--data", data, "--base", tiny, "--out", "run", *OPTIONS)["state"] == "finished"
    assert read_json(tmp_path / "terraform" / "plan.json") == {"format_version": "1.2"}


def test_chat_options_are_checked(call, data: Path, tiny: Path):
    call("train", "--data", data, "--base", tiny, "--out", "run", *OPTIONS)
    ask = ["chat", "--run", "run", "--prompt", "Hi"]
    assert "max_new_tokens" in call(*ask, "--set", "warmth=1", code=2)
    assert "from 0 to 2" in call(*ask, "--set", "temperature=9", code=2)
    assert set(call(*ask, "--system", "Be brief.", "--set", "max_new_tokens=4")) == {"base", "tuned"}
    assert "choose one of" in call("export", "--run", "run", "--to", "gold", "--out", "out", code=2).lower()
