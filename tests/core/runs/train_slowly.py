"""A process of its own that trains, slowly enough to be killed at a chosen step.

python -m tests.core.runs.train_slowly WORKSPACE plan.json RUN_ID
"""

import json
import sys
import time
from pathlib import Path

from core.runs.recorder import Recorder
from core.studio import Studio
from core.training.plan import TrainingPlan
from core.workspace import Workspace

STEP_S = 0.04


def main(workspace: str, plan: str, id: str) -> None:
    asked = Recorder.asked

    def slowly(self: Recorder) -> str | None:
        time.sleep(STEP_S)
        return asked(self)

    Recorder.asked = slowly  # type: ignore[method-assign]
    studio = Studio(Workspace(Path(workspace)))
    studio.wait(studio.start(TrainingPlan(**json.loads(Path(plan).read_text(encoding="utf-8"))), id))


if __name__ == "__main__":
    main(*sys.argv[1:])
