"""The verbs as a person types them: `python -m core …` in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.llama import llama_2_7b
from tests.helpers.rows import write_conversations

ROOT = Path(__file__).resolve().parents[3]


def tailor(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "core", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=180, check=False)


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document on standard output."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a refusal: exit code 2, nothing on standard output, no traceback."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("tailor: ")
    return line


@pytest.fixture(scope="module")
def run(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run made by `train`, and what it printed."""
    folder = tmp_path_factory.mktemp("cli")
    data = write_conversations(folder / "parcels.jsonl")
    options = ["--set", "max_steps=6", "--set", "precision=fp32", "--set", "r=4", "--preset", "quick"]
    done = tailor("train", "--data", data, "--base", tiny, "--out", folder / "mine" / "run", *options, "--json")
    return folder / "mine" / "run", document(done)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_conversations(tmp_path / "parcels.jsonl")


# Each verb -------------------------------------------------------------------------------------------------------


def test_clean_writes_what_is_asked_for(tmp_path: Path, data: Path):
    lines = data.read_text(encoding="utf-8").splitlines()
    data.write_text("\n".join([*lines, lines[0], "{broken"]) + "\n", encoding="utf-8")
    out, report = tmp_path / "cleaned.jsonl", tmp_path / "report.json"
    printed = document(tailor("clean", data, "--out", out, "--report", report, "--fix", "all", "--json"))
    assert (printed["rows_read"], printed["rows_kept"], printed["rows_dropped"]) == (26, 24, 2)
    assert printed["rows_changed"] == 0
    assert printed["format"] == "messages"
    counts = {finding["check"]: finding["count"] for finding in printed["findings"]}
    assert {"empty", "duplicates", "whitespace", "role_order"} <= set(counts)
    assert counts["duplicates"] == 1
    assert [(problem["file"], problem["line"]) for problem in printed["problems"]] == [("parcels.jsonl", 26)]
    assert json.loads(report.read_text(encoding="utf-8")) == printed
    assert len(out.read_text(encoding="utf-8").splitlines()) == 24


def test_clean_can_leave_things_as_they_are(data: Path):
    lines = data.read_text(encoding="utf-8").splitlines()
    data.write_text("\n".join([*lines, lines[0]]), encoding="utf-8")
    assert document(tailor("clean", data, "--fix", "none", "--json"))["rows_kept"] == 25
    assert document(tailor("clean", data, "--fix", "duplicates", "--json"))["rows_kept"] == 24
    assert document(tailor("clean", data, "--json"))["rows_kept"] == 24


def test_clean_speaks_in_words_without_json(data: Path):
    done = tailor("clean", data)
    assert done.returncode == 0
    assert "rows_kept: 24" in done.stdout.splitlines()


def test_clean_counts_by_the_limit_it_is_given(data: Path):
    printed = document(tailor("clean", data, "--max-length", "4", "--json"))
    found = {finding["check"]: finding["count"] for finding in printed["findings"]}
    assert found["length"] == printed["rows_kept"] == 24
    assert printed["rows_repeated"] == 0
    refused = tailor("clean", data, "--max-length", "-4")
    assert (refused.returncode, "0 or more" in refused.stderr) == (2, True)


def test_train_says_how_it_went_and_leaves_a_run(run: tuple[Path, dict[str, Any]]):
    folder, printed = run
    assert {
        "run",
        "state",
        "steps",
        "seconds",
        "train_loss",
        "validation_loss",
        "samples_per_second",
        "tokens_per_second",
        "peak_memory_gib",
    } <= set(printed)
    assert (printed["run"], printed["state"], printed["steps"]) == (str(folder), "finished", 6)
    assert all(
        isinstance(value, int | float) for name, value in printed.items() if name not in ("run", "state", "error")
    )
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert (plan["options"]["r"], plan["schedule"]["max_steps"], plan["preset"]) == (4, 6, "quick")
    assert {"status.json", "events.jsonl", "adapter", "report.json"} <= {path.name for path in folder.iterdir()}


def test_estimate_of_llama_2_7b_needs_no_weights(tmp_path: Path):
    base = llama_2_7b(tmp_path / "llama")
    options = ["--set", "r=8", "--set", "target_modules=q_proj,v_proj", "--json"]
    printed = document(tailor("estimate", "--base", base, *options))
    assert (printed["trainable_parameters"], printed["total_parameters"]) == (4_194_304, 6_742_609_920)
    assert printed["trainable_percent"] == 0.06
    assert 10 < printed["memory_gib"] < 100
    assert printed["seconds"] > 0


def test_chat_prints_both_answers(run: tuple[Path, dict[str, Any]], tmp_path: Path):
    options = ["--prompt", "Where is parcel 3?", "--set", "max_new_tokens=8", "--json"]
    printed = document(tailor("chat", "--run", run[0], *options, cwd=tmp_path))
    assert set(printed) == {"base", "tuned"}


def test_export_writes_a_verified_folder(run: tuple[Path, dict[str, Any]], tmp_path: Path):
    printed = document(tailor("export", "--run", run[0], "--to", "adapter", "--out", tmp_path / "out", "--json"))
    assert (printed["path"], printed["verified"]) == (str(tmp_path / "out"), True)
    assert printed["bytes"] == sum(path.stat().st_size for path in (tmp_path / "out").iterdir())
    assert (tmp_path / "out" / "adapter_model.safetensors").exists()


def test_runs_lists_shows_and_deletes(run: tuple[Path, dict[str, Any]], tmp_path: Path):
    import shutil

    workspace = tmp_path / "workspace"
    shutil.copytree(run[0], workspace / "runs" / "copy")
    (listed,) = document(tailor("runs", "--workspace", workspace, "--json"))["runs"]
    assert (listed["id"], listed["state"], listed["strategy"]) == ("copy", "finished", "lora")
    shown = document(tailor("runs", "show", "copy", "--workspace", workspace, "--json"))
    assert shown["plan"]["options"]["r"] == 4
    assert shown["status"]["step"] == 6
    assert document(tailor("runs", "show", run[0], "--json"))["id"] == "run"
    assert document(tailor("runs", "delete", "copy", "--workspace", workspace, "--json")) == {"deleted": "copy"}
    assert document(tailor("runs", "list", "--workspace", workspace, "--json")) == {"runs": []}


# Bad input: file, place, found, expected -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.jsonl", b"", ["empty.jsonl", "0 rows", "examples"]),
        ("blank.csv", b"\n\n  \n", ["blank.csv", "empty"]),
        ("photo.jsonl", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\x00", ["photo.jsonl", "PNG", "JSONL"]),
        ("broken.json", b'[{"prompt": "a",\n "completion" "b"}]', ["broken.json", "line 2", "expected"]),
        ("other.csv", b"price,colour\n1,red\n2,blue\n3,green\n", ["other.csv", "header row", "'price'", "question"]),
        ("other.json", b'{"settings": {"theme": "dark"}}', ["other.json", "settings", "examples were expected"]),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
@pytest.mark.parametrize("verb", ["clean", "train"])
def test_a_bad_file_is_answered_in_one_sentence(tmp_path: Path, verb: str, name: str, content: bytes, said: list[str]):
    path = tmp_path / name
    path.write_bytes(content)
    arguments = ["clean", path] if verb == "clean" else ["train", "--data", path, "--out", tmp_path / "run"]
    line = sentence(tailor(*arguments))
    assert all(word in line for word in said), line
    assert not (tmp_path / "run").exists()


def test_one_row_is_too_few_to_train(tmp_path: Path):
    path = write_conversations(tmp_path / "one.jsonl", 1)
    line = sentence(tailor("train", "--data", path, "--out", tmp_path / "run"))
    assert all(word in line for word in ("one.jsonl", "1 usable", "at least 4"))


def test_a_base_without_weights_is_answered_in_one_sentence(tmp_path: Path, data: Path):
    base = llama_2_7b(tmp_path / "llama")
    line = sentence(tailor("train", "--data", data, "--base", base, "--out", tmp_path / "run"))
    assert all(word in line for word in (str(base), "config.json", "safetensors"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["clean", "none.jsonl"], ["none.jsonl", "no such file"]),
        (["clean", "DATA", "--fix", "everything"], ["everything", "duplicates"]),
        (["train", "--out", "run"], ["--data"]),
        (["train", "--data", "DATA", "--base", "no-such-base", "--out", "run"], ["no-such-base", "starter"]),
        (["train", "--data", "DATA", "--plan", "none.json", "--out", "run"], ["none.json"]),
        (["train", "--data", "DATA", "--plan", "DATA", "--out", "run"], ["parcels.jsonl", "no plan"]),
        (["train", "--data", "DATA", "--plan", ".", "--out", "run"], ["no such file"]),
        (["train", "--data", "DATA", "--out", "."], ["already has files"]),
        (["train", "--data", "DATA", "--out", "parcels.jsonl"], ["already has files"]),
        (["train", "--resume", "--out", "none"], ["none"]),
        (["train", "--resume"], ["no run"]),
        (["chat", "--run", "none", "--prompt", "Hi", "--workspace", "."], ["none"]),
        (["export", "--run", "..", "--to", "adapter", "--out", "out", "--workspace", "."], ["no run"]),
        (["runs", "show", "--workspace", "."], ["no run"]),
        (["runs", "delete", "../runs", "--workspace", "."], ["no run"]),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, list) else None,
)
def test_bad_arguments_are_answered_in_one_sentence(tmp_path: Path, data: Path, arguments: list[str], said: list[str]):
    line = sentence(tailor(*(str(data) if word == "DATA" else word for word in arguments), cwd=tmp_path))
    assert all(word in line for word in said), line


def test_no_verb_is_answered_with_those_there_are():
    done = tailor()
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert all(verb in tailor("--help").stdout for verb in ("clean", "train", "estimate", "chat", "export", "runs"))


def test_who_speaks_can_be_told(tmp_path: Path):
    turns = [("Note", "by phone"), ("Kunde", "Open on Sunday?"), ("Berater", "No, from Monday on.")]
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps({"conversations": [{"from": who, "value": text} for who, text in turns]}) + "\n")
    out = tmp_path / "out.jsonl"
    roles = "Kunde=user,Berater=assistant,Note=none"
    printed = document(tailor("clean", path, "--roles", roles, "--out", out, "--fix", "none", "--json"))
    assert printed["roles"] == {"Note": "none", "Kunde": "user", "Berater": "assistant"}
    assert [turn["role"] for turn in json.loads(out.read_text())["messages"]] == ["user", "assistant"]
    refused = tailor("clean", path, "--roles", "Kunde=boss")
    assert refused.returncode == 2 and "Kunde=boss" in refused.stderr and "assistant" in refused.stderr
