"""Runs, checks and answers as the engine gives them, made by hand for the tests of the page."""

from core.data.tokenize import TokenStats
from core.hardware import Device
from core.runs.curves import Curves, Point
from core.runs.status import RunStatus
from core.runs.store import RunView
from core.training.estimate import Estimate, Parameters
from core.training.plan import Schedule, TrainingPlan
from core.training.preflight import PlanCheck, Preview, Segment

DEVICE = Device("cpu", "CPU", 16.0, False, 2)
RUN_ID = "20261124-081230-customer-service-3f9a"


def plan(**changes):
    """A LoRA plan for the shop's voice."""
    values = {
        "title": "customer_service",
        "dataset": "d1",
        "base": "starter",
        "strategy": "lora",
        "goal": "voice",
        "preset": "balanced",
        "options": {},
        "schedule": Schedule(),
    }
    return TrainingPlan(**{**values, **changes})


def run(state="running", *, has_result=False, has_checkpoint=False, title="customer_service", **status):
    """A run in a state, half way unless told."""
    figures = {"step": 50, "num_steps": 100, "seconds": 30.0, "seconds_left": 30.0, **status}
    return RunView(
        id=RUN_ID,
        plan=plan(title=title),
        status=RunStatus(state=state, **figures),
        has_result=has_result,
        has_checkpoint=has_checkpoint,
    )


def curves(*validation):
    """A falling train loss, and held-back losses at every tenth step."""
    checks = tuple(Point(10 * (index + 1), loss) for index, loss in enumerate(validation))
    best = min(checks, key=lambda point: point.loss, default=None)
    return Curves(tuple(Point(step, 4 - step / 50) for step in range(1, 51)), checks, best)


def check(*, issues=(), num_cut=0, stop_learned=True):
    """What a plan means: 148 examples, 133 to learn from."""
    made = plan()
    parameters = Parameters(trainable=4_194_304, total=6_742_609_920, num_layers=32, hidden_size=4096, vocabulary=32000)
    return PlanCheck(
        plan=made,
        estimate=Estimate(parameters, 0.0, 0.5, 0.1, 0.2, 0.2, 118.0, 133, 170, 5.0),
        stats=TokenStats(148, 133, 15, num_cut, 0, 157, 60.5, 128, 157),
        preview=Preview(
            (Segment("user: hello", False), Segment("Hello, shop here.", True)), "<|im_end|>", stop_learned
        ),
        issues=tuple(issues),
    )
