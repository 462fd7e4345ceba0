"""Conversations in the order chat templates demand: system first, then question and answer by turns."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from core.data.cleaners.base import Proposal, is_blank, touched, with_messages
from core.data.examples import Example, Message, Role


class RoleOrder:
    """Merges, moves and removes turns until the two sides alternate and the assistant has the last word."""

    name = "role_order"
    label = "Turns out of order"
    help = (
        "Puts instructions first, joins turns when the same side speaks twice, and removes answers before "
        "the first question and questions after the last answer. Models accept nothing else."
    )
    default = True

    def propose(self, examples: Sequence[Example]) -> Proposal:
        """The examples in order; None where no question with an answer is left."""
        cleaned = {example.id: with_messages(example, ordered(example.messages)) for example in examples}
        return {example.id: cleaned[example.id] for example in examples if touched(example, cleaned[example.id])}


def ordered(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The turns in order: system, user, assistant, user, assistant…"""
    turns = tuple(messages)
    system = [turn for turn in turns if turn.role == "system"]
    spoken = [turn for turn in turns if turn.role != "system"]
    merged = [_joined(role, group) for role, group in groupby(spoken, key=lambda turn: turn.role)]
    start = 1 if merged and merged[0].role == "assistant" else 0
    end = len(merged) - 1 if merged and merged[-1].role == "user" else len(merged)
    first = (_joined("system", dict.fromkeys(system)),) if system else ()
    return (*first, *merged[start:end])


def _joined(role: Role, turns: Iterable[Message]) -> Message:
    """One turn with the texts of all, a blank line between them."""
    texts = [turn.content for turn in turns]
    if len(texts) == 1:
        return Message(role, texts[0])
    return Message(role, "\n\n".join(text for text in texts if not is_blank(text)))
