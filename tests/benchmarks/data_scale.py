"""Files of 10,000 to 1,000,000 short conversations through reading, all checks and the split: seconds and memory.

Each size is a process of its own, so that its peak of memory is its own. Every hundredth row repeats an earlier one,
and every hundredth is nearly one, so that the index has something to find.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.drawing import draw
from tests.helpers.planted import clean_pairs, conversation

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)


def data_scale(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Rows to seconds of each stage, and the peak of resident memory in MB."""
    found = {size: _in_a_process(size) for size in sizes}
    return {f"{size}": values for size, values in found.items()}


def draw_scale(found: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """How seconds and memory grow with the rows, as a picture."""
    seconds = [(float(size), float(values["seconds"])) for size, values in found.items()]
    memory = [(float(size), float(values["peak_mb"])) for size, values in found.items()]
    draw(path, "Rows to seconds and to MB of memory, all checks", {"seconds": seconds, "MB": memory})


def write_rows(path: Path, count: int) -> None:
    """A JSONL file of `count` conversations."""
    recent: list[tuple[str, str]] = []
    with path.open("w", encoding="utf-8") as file:
        for number, pair in enumerate(clean_pairs(count)):
            question, answer = pair
            if number % 100 == 50:
                question, answer = recent[number % len(recent)]
            elif number % 100 == 75:
                question, answer = recent[number % len(recent)]
                question, answer = question.replace("?", ", please?"), answer.replace(".", " now.", 1)
            recent = [*recent[-200:], pair]
            file.write(json.dumps(conversation(question, answer)) + "\n")


def _in_a_process(size: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.data_scale", str(size)], capture_output=True, check=True, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(size: int) -> dict[str, Any]:
    """One size, in this process."""
    from core.data.settings import Settings
    from core.data.split import assign
    from core.data.steps import DataSteps, Upload
    from core.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        write_rows(path, size)
        before_mb = _peak_mb()
        steps, stages = DataSteps(Workspace(Path(folder) / "workspace")), _Stages()
        started = time.perf_counter()
        dataset = steps.import_files(Upload([path]), stages)
        imported = time.perf_counter()
        assign(steps.examples(dataset.id), Settings().split)
        ended = time.perf_counter()
        report = steps.report(dataset.id)
        return {
            "file_mb": path.stat().st_size / 2**20,
            "seconds": ended - started,
            "split_s": ended - imported,
            "stages_s": stages.seconds(imported),
            "peak_mb": _peak_mb(),
            "before_mb": before_mb,
            "kept": report.num_kept,
            "found": {finding.check: finding.count for finding in report.findings if finding.count},
        }


class _Stages:
    """When each stage began."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        self._began.setdefault(stage, time.perf_counter())

    def seconds(self, end: float) -> dict[str, float]:
        """Stage to how long it took."""
        ends = [*list(self._began.values())[1:], end]
        return {stage: ended - began for (stage, began), ended in zip(self._began.items(), ends, strict=True)}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
