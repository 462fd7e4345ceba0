"""The hub, in processes of their own: its client reads HF_ENDPOINT once, at import."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.helpers.hub import hub
from tests.helpers.tiny import in_shards

OPEN = """
import json, sys
from core.errors import TailorError
from core.models.catalog import find_bases, open_base
try:
    base = open_base(sys.argv[1])
    again = open_base(sys.argv[1])
    made = {"source": base.source, "again": again.source, "bytes": base.weights_bytes, "path": str(base.path)}
except TailorError as error:
    made = {"code": error.code, "message": str(error), "facts": {k: str(v) for k, v in error.facts.items()}}
print(json.dumps(made))
"""


@pytest.fixture
def in_process(tmp_path: Path):
    """Runs Python with the hub at an endpoint and a cache of the test's own; gives the document it prints."""

    def run(endpoint: str, *arguments: str) -> dict[str, Any]:
        ours = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        env = {**ours, "HF_ENDPOINT": endpoint, "HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path / "hf")}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture
def open_in_process(in_process: Callable[..., dict[str, Any]]):
    return lambda name, endpoint: in_process(endpoint, "-c", OPEN, name)


@pytest.fixture
def nobody() -> Iterator[str]:
    """An endpoint that is bound, but where nobody listens: refused."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}"


def fetched(asked: list[str]) -> list[str]:
    """The names of the files that were fetched."""
    return [line.rsplit("/", 1)[1] for line in asked if line.startswith("GET") and "/resolve/" in line]


def test_a_model_is_fetched_once_from_the_endpoint_that_was_set(open_in_process, tiny: Path, tmp_path: Path):
    with hub("somebody/tiny", tiny) as (endpoint, asked):
        made = open_in_process("somebody/tiny", endpoint)
    assert (made["source"], made["again"]) == ("hub", "cache")
    assert made["bytes"] == (tiny / "model.safetensors").stat().st_size
    assert Path(made["path"]).is_relative_to(tmp_path)
    assert sum("GET" in line and line.endswith("model.safetensors") for line in asked) == 1


def test_only_safetensors_and_text_are_fetched(open_in_process, tiny: Path, tmp_path: Path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    for path in tiny.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    (folder / "modeling_mine.py").write_text("raise SystemExit", encoding="utf-8")
    with hub("somebody/mixed", folder) as (endpoint, asked):
        made = open_in_process("somebody/mixed", endpoint)
    assert made["source"] == "hub"
    assert not [line for line in asked if line.endswith((".bin", ".py"))]


def test_a_name_the_hub_does_not_know_is_missing(open_in_process, tiny: Path):
    with hub("somebody/tiny", tiny) as (endpoint, _):
        made = open_in_process("somebody/other", endpoint)
    assert made["code"] == "base_missing"
    assert "starter" in made["facts"]["choices"]


def test_a_hub_out_of_reach_is_said_within_seconds_with_what_works(open_in_process, nobody: str):
    started = time.monotonic()
    made = open_in_process("somebody/tiny", nobody)
    assert made["code"] == "hub_out_of_reach"
    assert nobody in made["message"]
    assert "starter" in made["facts"]["choices"]
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("lost", ["model-00002-of-*", "model.safetensors.index.json", "tokenizer.json", "config.json"])
def test_what_was_fetched_in_part_is_fetched_to_its_end(
    open_in_process, nobody: str, tiny: Path, tmp_path: Path, lost: str
):
    with hub("somebody/tiny", in_shards(tiny, tmp_path / "shards")) as (endpoint, asked):
        whole = open_in_process("somebody/tiny", endpoint)
        (link,) = Path(whole["path"]).glob(lost)
        link.resolve().unlink()
        link.unlink()
        assert open_in_process("somebody/tiny", nobody)["code"] == "hub_out_of_reach"
        asked.clear()
        again = open_in_process("somebody/tiny", endpoint)
    assert fetched(asked) == [link.name]
    assert again == whole


def test_an_estimate_takes_the_config_alone(in_process, nobody: str, tiny: Path):
    estimate = ["-m", "core", "estimate", "--json", "--base"]
    with hub("somebody/tiny", tiny) as (endpoint, asked):
        found = in_process(endpoint, *estimate, "somebody/tiny")
        assert fetched(asked) == ["config.json"]
        opened = in_process(endpoint, "-c", OPEN, "somebody/tiny")
    assert found == {**in_process(nobody, *estimate, str(tiny)), "seconds": found["seconds"]}
    assert opened["bytes"] == (tiny / "model.safetensors").stat().st_size


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"auto_map": {"AutoModelForCausalLM": "modeling_mine.Mine"}}, "base_unsafe"),
        ({"architectures": ["ViTForImageClassification"], "model_type": "vit"}, "base_not_supported"),
        ({"model_type": None}, "base_incomplete"),
        (None, "base_incomplete"),
    ],
)
def test_what_is_refused_is_refused_before_its_weights_are_fetched(
    open_in_process, tiny: Path, tmp_path: Path, changes: dict[str, object] | None, code: str
):
    folder = Path(copytree(tiny, tmp_path / "refused"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").unlink()
    if changes is not None:
        changed = {name: value for name, value in {**config, **changes}.items() if value is not None}
        (folder / "config.json").write_text(json.dumps(changed), encoding="utf-8")
    with hub("somebody/refused", folder) as (endpoint, asked):
        assert open_in_process("somebody/refused", endpoint)["code"] == code
    assert set(fetched(asked)) <= {"config.json"}


def test_weights_in_a_layout_that_is_not_opened_are_left_there(open_in_process, tiny: Path, tmp_path: Path):
    folder = Path(copytree(tiny, tmp_path / "twice"))
    (folder / "consolidated.safetensors").write_bytes((tiny / "model.safetensors").read_bytes())
    with hub("somebody/twice", folder) as (endpoint, asked):
        made = open_in_process("somebody/twice", endpoint)
    assert made["bytes"] == (tiny / "model.safetensors").stat().st_size
    assert "consolidated.safetensors" not in fetched(asked)
