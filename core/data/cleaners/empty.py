"""Turns in which nothing is said, and examples without a question or an answer."""

from collections.abc import Sequence

from core.data.cleaners.base import Proposal, is_blank, touched, with_messages
from core.data.examples import Example


class Empty:
    """Removes turns without text, and examples of which too little is left."""

    name = "empty"
    label = "Empty questions or answers"
    help = (
        "Leaves out examples without a question or without an answer: there is nothing to learn from them. "
        "Empty turns in longer chats are removed."
    )
    default = True

    def propose(self, examples: Sequence[Example]) -> Proposal:
        """The examples without their empty turns; None where question or answer is missing."""
        cleaned = {example.id: _filled(example) for example in examples}
        return {example.id: cleaned[example.id] for example in examples if touched(example, cleaned[example.id])}


def _filled(example: Example) -> Example | None:
    return with_messages(example, (turn for turn in example.messages if not is_blank(turn.content)))
