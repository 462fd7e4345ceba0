"""What every metric has in common."""

from typing import Protocol


class Metric(Protocol):
    """A score made from the mean loss on the held-back rows."""

    name: str
    label: str
    help: str
    higher_is_better: bool

    def of_loss(self, loss: float) -> float:
        """The score, from the mean loss in nats per learned token."""
        ...
