"""`report.json`: the scores of base and tuned on the held-back rows, and how the tuned model is to be read."""

from dataclasses import asdict, dataclass

from core.evaluation import METRICS
from core.runs.status import RunStatus
from core.tasks import Task
from core.workspace import RunFolder, read_json, write_json


@dataclass(frozen=True)
class Score:
    """One score of both models, over `num_rows` held-back rows; a base model whose head is new has none."""

    name: str
    base: float | None
    tuned: float
    num_rows: int


def write_report(folder: RunFolder, task: Task, status: RunStatus, num_rows: int) -> None:
    """Writes the scores of a run that ended. The base model's were measured before the first step."""
    base, tuned = status.first_validation_loss, status.best_loss
    scores = []
    if num_rows and base is not None and tuned is not None:
        metrics = [METRICS.get(name) for name in task.metrics]
        scores = [Score(metric.name, metric.of_loss(base), metric.of_loss(tuned), num_rows) for metric in metrics]
        first = status.first_figures if task.writes else {}
        found = status.best_figures
        scores += [Score(name, first.get(name), found[name], num_rows) for name in task.figures if name in found]
    write_json(folder.report, {"scores": [asdict(score) for score in scores]})


def read_report(folder: RunFolder) -> tuple[Score, ...]:
    """The scores of a run; none when nothing was held back."""
    record = read_json(folder.report) or {"scores": []}
    return tuple(Score(**score) for score in record["scores"])
