"""Conversations in the order chat templates demand: system first, then question and answer by turns."""

from collections.abc import Iterable, Iterator

from core.data.cleaners.base import EVERY_TASK, Action, Context, Hit, is_blank, with_messages
from core.data.examples import PASSAGE, Example, Message, Role

_USUAL = {("user", "assistant"), ("system", "user", "assistant")}


class RoleOrder:
    """Merges, moves and removes turns until the two sides alternate and the assistant has the last word."""

    name = "role_order"
    label = "Turns out of order"
    help = (
        "Puts instructions first, joins turns when the same side speaks twice, and removes answers before "
        "the first question and questions after the last answer. Models accept nothing else."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "fix"
    tasks = EVERY_TASK - {PASSAGE}

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The example in order; nothing to put right where no question with an answer is left."""
        if tuple([turn.role for turn in example.messages]) in _USUAL:
            return None
        turns = ordered(example.messages)
        if turns == example.messages and turns and turns[-1].role == "assistant":
            return None
        return Hit(" ".join(turn.role for turn in example.messages[:8]), with_messages(example, turns))


def ordered(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The turns in order: system, user, assistant, user, assistant…; what a tool said stays with the call of it."""
    system = [turn for turn in messages if turn.role == "system"]
    merged = list(_merged(turn for turn in messages if turn.role != "system"))
    start = next((place for place, turn in enumerate(merged) if turn.role == "user"), len(merged))
    while merged and merged[-1].role != "assistant":
        merged.pop()
    first = (_joined("system", [*dict.fromkeys(system)]),) if system else ()
    return (*first, *merged[start:])


def _merged(turns: Iterable[Message]) -> Iterator[Message]:
    """The turns with those of one side joined. Calls and what comes back are joined with nothing."""
    waiting: list[Message] = []
    calling = False
    for turn in turns:
        if turn.role == "tool" and not calling:
            continue  # the answer to a call that is not there
        if waiting and (turn.role != waiting[0].role or turn.extra or waiting[0].extra):
            yield _joined(waiting[0].role, waiting)
            waiting = []
        calling = turn.role == "tool" or (turn.role == "assistant" and bool(turn.extra))
        waiting.append(turn)
    if waiting:
        yield _joined(waiting[0].role, waiting)


def _joined(role: Role, turns: list[Message]) -> Message:
    """One turn with the texts of all, a blank line between them."""
    if len(turns) == 1:
        return turns[0]
    return Message(role, "\n\n".join(turn.content for turn in turns if not is_blank(turn.content)))
