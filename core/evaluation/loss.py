"""How surprised the model is by the right answers."""


class Loss:
    """Mean cross-entropy in nats per learned token."""

    name = "loss"
    label = "Surprise at the right answers"
    help = "How far the model is from the held-back answers, word by word. Lower is better."
    higher_is_better = False

    def of_loss(self, loss: float) -> float:
        """The loss itself."""
        return loss
