"""The command line as a person runs it: exit codes, one sentence on standard error, one JSON document with --json."""

import json
import os
import subprocess
import sys

import pytest

from core.cli.parser import run_command
from tests.helpers.rows import write_conversations
from tests.helpers.server import ROOT

FIELDS = {
    "clean": {"rows_read", "rows_kept", "rows_dropped", "rows_changed", "format", "findings"},
    "train": {"run", "state", "steps", "seconds", "train_loss", "validation_loss", "samples_per_second"}
    | {"tokens_per_second", "peak_memory_gib"},
    "estimate": {"trainable_parameters", "total_parameters", "memory_gib", "seconds"},
    "chat": {"base", "tuned"},
    "export": {"path", "bytes", "verified"},
}
LLAMA_2_7B = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 32,
    "vocab_size": 32000,
    "max_position_embeddings": 4096,
}


@pytest.fixture
def tailor(tmp_path, capsys):
    def call(*arguments: object) -> tuple[int, str, str]:
        code = run_command([*map(str, arguments), "--workspace", str(tmp_path / "workspace")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def data(tmp_path):
    return write_conversations(tmp_path / "parcels.jsonl")


def test_clean_writes_what_it_kept(tailor, data, tmp_path):
    code, out, _ = tailor(
        "clean", data, data, "--out", tmp_path / "clean.jsonl", "--report", tmp_path / "r.json", "--json"
    )
    result = json.loads(out)
    assert code == 0
    assert result.keys() >= FIELDS["clean"]
    assert (result["rows_read"], result["rows_kept"], result["rows_dropped"]) == (48, 24, 24)
    assert {"check": "duplicates", "count": 24, "fixed": True} in result["findings"]
    assert len((tmp_path / "clean.jsonl").read_text(encoding="utf-8").splitlines()) == 24
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8")) == result
    assert json.loads(tailor("clean", data, data, "--fix", "none", "--json")[1])["rows_kept"] == 48


def test_train_chat_export_and_runs_on_a_folder(tailor, data, tiny, tmp_path):
    run = tmp_path / "runs" / "first"
    options = ("--set", "max_steps=4", "--set", "r=4", "--out", run)
    code, out, _ = tailor("train", "--data", data, "--base", tiny, *options, "--json")
    result = json.loads(out)
    assert code == 0
    assert result.keys() >= FIELDS["train"]
    assert (result["run"], result["state"], result["steps"]) == (str(run), "finished", 4)

    answer = json.loads(tailor("chat", "--run", run, "--prompt", "Hi", "--set", "max_new_tokens=8", "--json")[1])
    assert answer.keys() == FIELDS["chat"]
    made = json.loads(tailor("export", "--run", run, "--to", "adapter", "--out", tmp_path / "home", "--json")[1])
    assert made.keys() == FIELDS["export"]
    assert made["verified"] is True
    assert (tmp_path / "home" / "adapter_model.safetensors").exists()
    assert json.loads(tailor("runs", "show", run, "--json")[1])["state"] == "finished"
    assert json.loads(tailor("runs", "delete", run, "--json")[1]) == {"deleted": "first"}
    assert not run.exists()


def test_estimate_of_a_llama_2_7b_shape_needs_no_weights(tailor, tmp_path):
    folder = tmp_path / "llama"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(LLAMA_2_7B), encoding="utf-8")
    code, out, _ = tailor(
        "estimate", "--base", folder, "--set", "r=8", "--set", "target_modules=q_proj,v_proj", "--json"
    )
    result = json.loads(out)
    assert code == 0
    assert result.keys() >= FIELDS["estimate"]
    assert (result["trainable_parameters"], result["total_parameters"]) == (4_194_304, 6_742_609_920)
    assert result["trainable_percent"] == 0.06


def test_a_run_that_its_options_derail_exits_with_2(tailor, data, tiny, tmp_path):
    wild = ("learning_rate=1.0", "lora_alpha=2048", "r=1", "epochs=100")
    options = [word for setting in wild for word in ("--set", setting)]
    code, out, err = tailor("train", "--data", data, "--base", tiny, *options, "--out", tmp_path / "run", "--json")
    result = json.loads(out)
    assert (code, result["error"]["code"]) == (2, "diverged")
    assert "learning rate" in err.splitlines()[-1]


BAD_FILES = {
    "empty.jsonl": (b"", ("0 rows",)),
    "blank.csv": (b" \n\n ", ("0 rows",)),
    "picture.jsonl": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), ("binary",)),
    "broken.json": (b'{"messages": [\n  {"role": "user" "content": "a"}\n]}', ("line 2", "column")),
    "numbers.csv": (b"height,weight\n1,2\n3,4\n", ("height", "weight", "question")),
    "settings.json": (b'{"theme": "dark", "size": 3}', ("examples were expected",)),
    "one.jsonl": (b'{"prompt": "a", "completion": "b"}\n', ("1 usable", "at least")),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_with_place_found_and_expected(tailor, tiny, tmp_path, name):
    contents, needed = BAD_FILES[name]
    (tmp_path / name).write_bytes(contents)
    code, out, err = tailor("train", "--data", tmp_path / name, "--base", tiny)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert all(word in err for word in (name, *needed)), err


def test_a_base_folder_without_weights_is_named(tailor, data, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_2_7B), encoding="utf-8")
    code, out, err = tailor("train", "--data", data, "--base", tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert str(tmp_path) in err
    assert "safetensors" in err


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (("chat", "--run", "nowhere", "--prompt", "a"), "nowhere"),
        (("train",), "--data"),
        (("train", "--data", "{data}", "--set", "r=many"), "whole number from 1 to 512"),
        (("train", "--data", "{data}", "--set", "rank=4"), "lora_alpha"),
        (("train", "--data", "{data}", "--strategy", "magic"), "lora, full"),
        (("train", "--data", "{data}", "--base", "no-such-model"), "starter"),
        (("clean", "{data}", "--fix", "magic"), "whitespace"),
        (("estimate", "--set", "r"), "name=value"),
    ],
)
def test_a_mistake_in_the_options_gets_one_sentence_with_the_choices(tailor, data, arguments, needed):
    code, out, err = tailor(*(word.format(data=data) for word in arguments))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert needed in err


def test_a_process_of_its_own_prints_one_json_document_and_no_traceback(data, tmp_path):
    command = [sys.executable, "-m", "core", "clean", str(data), "--json", "--workspace", str(tmp_path / "w")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["rows_kept"] == 24
