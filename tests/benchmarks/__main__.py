"""The heavy figures, on an idle machine: `make bench`, or `python -m tests.benchmarks NAME…` for some of them.

Prints one JSON document, and writes it to docs/benchmarks/<date>.json with `--write`.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.chat.conversation import Conversation
from core.chat.settings import ChatSettings
from core.data.samples import SAMPLES
from core.studio import Studio
from core.workspace import Workspace
from tests.benchmarks.data_scale import data_scale, draw_scale
from tests.benchmarks.engine import memory_share, preflight, speed
from tests.helpers.style import style_shares

ROOT = Path(__file__).resolve().parent.parent.parent
REPEATS = 5


def journey(sample_name: str = "customer_service") -> dict[str, Any]:
    """Start to finished of the balanced preset on the starter, and the shares of answers in the taught style."""
    with tempfile.TemporaryDirectory() as folder:
        studio, sample = Studio(Workspace(Path(folder))), SAMPLES.get(sample_name)
        dataset = studio.import_sample(sample.name)
        if dataset.approved_only:
            studio.approve_unproblematic(dataset.id, "benchmark")
        plan = studio.draft(dataset.id, "starter", strategy="lora", goal=sample.goal, preset="balanced")
        estimated = studio.check(plan).estimate
        started = time.perf_counter()
        run = studio.wait(studio.start(plan))
        seconds = time.perf_counter() - started
        first = next(event for event in studio.runs.events(run.id)[0] if event.kind in ("step", "validation"))
        shares = style_shares(studio, run.id, sample)
        return {
            "start_to_finished_s": seconds,
            "first_point_s": first.seconds,
            "estimated_s": estimated.seconds,
            "estimated_gib": estimated.memory_gib,
            "process_gib": run.status.memory_gib,
            "steps": run.status.step,
            "tokens_per_second": run.status.tokens_per_second,
            "validation_loss": [run.status.first_validation_loss, run.status.best_loss],
            "style_share": {"base": shares.base, "tuned": shares.tuned, "questions": len(shares.answers)},
        }


def all_samples() -> dict[str, Any]:
    """`journey` of every sample."""
    return {sample.name: journey(sample.name) for sample in SAMPLES}


def side_by_side() -> dict[str, Any]:
    """Two answers in one batch, against the same two answers in two passes; seconds, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Workspace(Path(folder)))
        dataset = studio.import_sample("customer_service")
        plan = studio.draft(dataset.id, "starter", strategy="lora", goal="voice", preset="quick")
        run = studio.wait(studio.start(plan.changed({"max_steps": 20})))
        return _compare_passes(studio, run.id)


def _compare_passes(studio: Studio, run: str) -> dict[str, Any]:
    from core.chat.generate import stream_tokens
    from core.chat.session import ADAPTER, BASE_ROW, open_pair

    pair = open_pair(studio.runs.folder(run), "starter", "lora", studio.device(), ("", 0.0))
    prompt = pair.tokens.prompt(Conversation().asked("Where is my parcel?").messages("base"))
    settings = ChatSettings(max_new_tokens=64)

    def answer(*adapters: str) -> float:
        started = time.perf_counter()
        # No stop token, so that both ways write 64 tokens a row.
        for _ in stream_tokens(
            pair.mixed,
            [prompt] * len(adapters),
            settings,
            stop_ids=[-1],
            pad_token_id=0,
            extra={"adapter_names": list(adapters)},
        ):
            pass
        return time.perf_counter() - started

    answer(BASE_ROW, ADAPTER)
    one = [answer(BASE_ROW, ADAPTER) for _ in range(REPEATS)]
    two = [answer(BASE_ROW) + answer(ADAPTER) for _ in range(REPEATS)]
    return {"one_batch_s": one, "two_passes_s": two, "ratio": statistics.median(one) / statistics.median(two)}


def page_start(repeats: int = REPEATS) -> dict[str, Any]:
    """Seconds until the page answers, beside `import gradio` alone; each in fresh processes, in turn."""
    alone, page = [], []
    for number in range(repeats):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import gradio"], check=True)
        alone.append(time.perf_counter() - started)
        page.append(_seconds_to_answer(17860 + number))
    return {
        "import_gradio_s": alone,
        "page_s": page,
        "difference_s": statistics.median(page) - statistics.median(alone),
    }


def _seconds_to_answer(port: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "app.py", "--no-browser", "--port", str(port), "--workspace", folder]
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while time.perf_counter() - started < 60:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                    return time.perf_counter() - started
                except OSError:
                    time.sleep(0.02)
            raise TimeoutError("the page did not answer within 60 s")
        finally:
            process.terminate()
            process.wait()


BENCHMARKS: dict[str, Callable[[], Any]] = {
    "page_start": page_start,
    "journey": journey,
    "all_samples": all_samples,
    "side_by_side": side_by_side,
    "data_scale": data_scale,
    "speed": speed,
    "memory_share": memory_share,
    "preflight": preflight,
}


def main() -> None:
    """Runs what is asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], default=[])
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    names = arguments.names or [
        "page_start",
        "all_samples",
        "side_by_side",
        "speed",
        "memory_share",
        "preflight",
        "data_scale",
    ]
    packages = ("torch", "transformers", "peft", "gradio", "accelerate")
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in packages},
        **{name: BENCHMARKS[name]() for name in names},
    }
    text = json.dumps(report, indent=2, ensure_ascii=False)
    print(text)
    if arguments.write:
        target = ROOT / "docs" / "benchmarks" / f"{time.strftime('%Y-%m-%d')}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text + "\n", encoding="utf-8")
        if "data_scale" in names:
            draw_scale(report["data_scale"], target.with_name("data-scale.svg"))


if __name__ == "__main__":
    main()
