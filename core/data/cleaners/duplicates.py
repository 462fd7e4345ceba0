"""Examples that are there more than once."""

from collections.abc import Sequence

from core.data.cleaners.base import Proposal
from core.data.examples import Example


class Duplicates:
    """Keeps the first of examples that say exactly the same."""

    name = "duplicates"
    label = "Exact duplicates"
    help = (
        "Keeps the first of several identical examples. Repeated ones are learned by heart and make the "
        "check on held-back examples look better than it is."
    )
    default = True

    def propose(self, examples: Sequence[Example]) -> Proposal:
        """None for every example that was there before."""
        first: dict[str, str] = {}
        for example in examples:
            first.setdefault(example.key, example.id)
        return {example.id: None for example in examples if first[example.key] != example.id}
