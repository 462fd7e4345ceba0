"""The engine on a GPU, core only: `make bench-gpu`. A Llama of 1.2 B weights in bf16, rows of real lengths, beside TRL.

Prints one JSON document: tokens per second, the share of the device's measured matrix-product rate, and peak memory.
"""

import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.hardware import find_device
from tests.benchmarks.engine import prepared, trl_python, worker
from tests.benchmarks.shapes import Shape

SHAPE = Shape(hidden=2048, layers=22, heads=32, vocabulary=32_000)
MAX_LENGTH, NUM_ROWS = 1024, 200


def main() -> dict[str, Any]:
    """LoRA and full with our engine, LoRA with TRL; each a process of its own."""
    device = find_device()
    if device.kind != "cuda":
        raise SystemExit("No CUDA device was found. This measurement needs one; `make bench` has those for a CPU.")
    with tempfile.TemporaryDirectory() as folder:
        base, rows = prepared(Path(folder), SHAPE, MAX_LENGTH, NUM_ROWS)
        ours = {name: worker(sys.executable, name, base, rows, MAX_LENGTH) for name in ("ours", "full")}
        theirs = worker(trl_python(), "trl", base, rows, MAX_LENGTH)
    return {
        "device": device.name,
        "versions": {name: version(name) for name in ("torch", "transformers", "peft")},
        "ours": ours,
        "trl": theirs,
        "times_trl": ours["ours"]["samples_per_second"] / theirs["samples_per_second"],
    }


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
