"""The hub, in processes of their own: its client reads HF_ENDPOINT once, at import."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.hub import hub

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
def open_in_process(tmp_path: Path):
    def run(name: str, endpoint: str) -> dict[str, Any]:
        ours = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        env = {**ours, "HF_ENDPOINT": endpoint, "HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path / "hf")}
        done = subprocess.run(
            [sys.executable, "-c", OPEN, name], env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


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


def test_a_hub_out_of_reach_is_said_within_seconds_with_what_works(open_in_process):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"  # bound, but nobody listens: refused
        started = time.monotonic()
        made = open_in_process("somebody/tiny", endpoint)
    assert made["code"] == "hub_out_of_reach"
    assert endpoint in made["message"]
    assert "starter" in made["facts"]["choices"]
    assert time.monotonic() - started < 20
