"""Between how many next words the model wavers."""

import math


class Perplexity:
    """exp(loss): the number of equally likely next tokens that would surprise as much."""

    name = "perplexity"
    label = "Words it wavers between"
    help = "As if it had to guess each next word among so many. Lower is better."
    higher_is_better = False

    def of_loss(self, loss: float) -> float:
        """exp of the loss; beyond a loss of 700, infinity."""
        return math.exp(loss) if loss < 700 else math.inf
