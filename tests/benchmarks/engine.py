"""The engine beside TRL on one workload, its memory, and how well it knows beforehand what a run will need.

Every measurement is a process of its own, so that peaks are its own; TRL has a virtual environment of its own, made
once in `build/bench-trl`. Rows are tokenized once, by us, and read by both.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from tests.benchmarks.shapes import Shape, write_base, write_rows

ROOT = Path(__file__).resolve().parent.parent.parent
TRL_VENV = ROOT / "build" / "bench-trl"
TRL = ("trl==1.16.0", "torch==2.13.0")
WORKLOAD = Shape(hidden=512, layers=8, heads=8, vocabulary=32_000)
LARGE = Shape(hidden=1024, layers=22, heads=16, vocabulary=32_000)  # 0.3 B: weights dominate what training takes
NUM_ROWS, MAX_LENGTH = 120, 512
RUNS = 3
PAIRS = (  # model and longest example, of unlike sizes
    (Shape(256, 4, 4, 8_000), 128),
    (Shape(256, 4, 4, 8_000), 512),
    (Shape(512, 8, 8, 32_000), 256),
    (Shape(512, 8, 8, 32_000), 512),
    (Shape(768, 10, 12, 32_000), 256),
)


def speed() -> dict[str, Any]:
    """One epoch with LoRA r 8 on q_proj and v_proj, batch 8, bf16: samples per second, ours and TRL's in turn."""
    python = trl_python()
    with tempfile.TemporaryDirectory() as folder:
        base, rows = prepared(Path(folder), WORKLOAD, MAX_LENGTH, NUM_ROWS)
        found: dict[str, list[dict[str, Any]]] = {"ours": [], "trl": [], "trl_checkpointing": []}
        for number in range(RUNS):
            order = list(found) if number % 2 == 0 else list(reversed(found))
            for name in order:
                found[name].append(worker(python if name != "ours" else sys.executable, name, base, rows, MAX_LENGTH))
        rate = {name: statistics.median(run["samples_per_second"] for run in runs) for name, runs in found.items()}
        loss = {name: statistics.median(run["mean_loss"] for run in runs) for name, runs in found.items()}
        return {
            "runs": found,
            "times_trl": rate["ours"] / rate["trl"],
            "times_trl_as_it_comes": rate["ours"] / rate["trl_checkpointing"],
            "loss_difference": loss["ours"] / loss["trl"] - 1,
            "share_of_matmul": statistics.median(run["share_of_matmul"] for run in found["ours"]),
        }


def memory_share() -> dict[str, Any]:
    """Peak memory on a model of 0.3 B weights, LoRA and in full, without what the process held before."""
    with tempfile.TemporaryDirectory() as folder:
        base, rows = prepared(Path(folder), LARGE, 64, 12)
        found = {name: worker(sys.executable, name, base, rows, 64) for name in ("ours", "full")}
        own = {name: run["peak_gib"] - run["before_gib"] for name, run in found.items()}
        return {"runs": found, "lora_of_full": own["ours"] / own["full"]}


def preflight() -> list[dict[str, Any]]:
    """What was measured before the first step, beside what the run then took: ratios of peak memory and of time."""
    made = []
    for shape, length in PAIRS:
        with tempfile.TemporaryDirectory() as folder:
            base, rows = prepared(Path(folder), shape, length, 96)
            run = worker(sys.executable, "rehearsed", base, rows, length)
            ratios = {
                "memory": run["expected_gib"] / run["peak_gib"],
                "time": run["expected_seconds"] / run["seconds"],
            }
            made.append({"shape": vars(shape), "max_length": length, **run, "expected_over_real": ratios})
    return made


def prepared(folder: Path, shape: Shape, max_length: int, num_rows: int) -> tuple[Path, Path]:
    """A random base model and tokenized rows, as files that every worker reads."""
    base, rows = folder / "base", folder / "rows.json"
    write_base(base, shape)
    write_rows(rows, base, max_length, num_rows)
    return base, rows


def worker(python: str | Path, name: str, base: Path, rows: Path, max_length: int) -> dict[str, Any]:
    """One measurement in a process of its own."""
    script = "trl_worker.py" if name.startswith("trl") else "engine_worker.py"
    command = [str(python), str(Path(__file__).with_name(script)), name, str(base), str(rows), str(max_length)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def trl_python() -> Path:
    """The Python of TRL's environment, which is made when it is first asked for."""
    python = TRL_VENV / "bin" / "python"
    if not (TRL_VENV / ".ready").exists():
        venv.create(TRL_VENV, with_pip=True)
        constraints = ["--constraint", str(ROOT / "constraints.txt")]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *constraints, *TRL, "peft"], check=True)
        (TRL_VENV / ".ready").touch()
    return python
