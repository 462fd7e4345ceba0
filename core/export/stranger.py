"""A process of a stranger's: plain libraries, nothing of ours, and the files of an export."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.errors import ExportDiffers
from core.models.catalog import open_base
from core.training.plan import TrainingPlan

TIME_LIMIT_S = 900


def is_adapter(files: Path) -> bool:
    """Whether the files need a base model beside them."""
    return (files / "adapter_config.json").exists()


def ask_stranger(program: str, plan: TrainingPlan, files: Path, job: dict[str, Any]) -> Any:
    """What a program says, as JSON on standard output, that is told on standard input where the files are and `job`.

    Raises:
        ExportDiffers: it failed.
    """
    adapter, travelled = is_adapter(files), files / "base"
    base = travelled if travelled.exists() else open_base(plan.base).path if adapter else files
    given = {"folder": str(files), "base": str(base), "adapter": adapter, "threads": os.cpu_count() or 1, **job}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it ended without a word"
        raise ExportDiffers(found=f"they do not load: {reason}", folder=files)
    return json.loads(done.stdout)
