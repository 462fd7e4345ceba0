"""`report.json`: the scores of base and tuned on the held-back rows, and how the tuned model is to be read."""

from dataclasses import asdict, dataclass

from core.evaluation import METRICS
from core.runs.status import RunStatus
from core.workspace import RunFolder, read_json, write_json


@dataclass(frozen=True)
class Score:
    """One metric of both models, over `num_rows` held-back rows."""

    name: str
    base: float
    tuned: float
    num_rows: int


def write_report(folder: RunFolder, status: RunStatus, num_rows: int) -> None:
    """Writes the scores of a run that ended. The base model's loss was measured before the first step."""
    base, tuned = status.first_validation_loss, status.best_loss
    scores = []
    if num_rows and base is not None and tuned is not None:
        scores = [Score(metric.name, metric.of_loss(base), metric.of_loss(tuned), num_rows) for metric in METRICS]
    write_json(folder.report, {"scores": [asdict(score) for score in scores]})


def read_report(folder: RunFolder) -> tuple[Score, ...]:
    """The scores of a run; none when nothing was held back."""
    record = read_json(folder.report) or {"scores": []}
    return tuple(Score(**score) for score in record["scores"])
