"""Conversations in which the assistant calls tools."""

import re
from collections.abc import Iterator
from dataclasses import replace

from core.data.cleaners.base import BLANKS, EVERY_TASK, Action, Context, Hit, is_blank, with_messages
from core.data.examples import CLASSIFICATION, PASSAGE, Example, Message

# A call as some sets write it into what is said; to the end of its tag, or of the text where that is missing.
_WRITTEN = re.compile(
    r"<(tool_call|tool_calls|function_?call|function_calls)>\s*[\[{<].*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE
)
_ANSWERED = re.compile(r"^\s*<(?:tool_response|function_response|function_results)>|^FUNCTION RESPONSE:", re.IGNORECASE)
_JSON = re.compile(r"^\s*\{.*\"name\".*\}\s*$", re.DOTALL)
_NAME = re.compile(r"\"name\":\s*\"([^\"]{1,60})\"")


class ToolCalls:
    """Keeps what was said and leaves out calls and what came back, or sets the conversation aside."""

    name = "tool_calls"
    label = "Calls of tools"
    help = (
        "The assistant calls tools here. A model learns calls only when it is told the same tools later, so these "
        "conversations are set aside. To put them right keeps what was said, without calls and results."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "drop"
    tasks = EVERY_TASK - {CLASSIFICATION, PASSAGE}

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The conversation as it was spoken; nothing to put right where no answer is left."""
        turns = example.messages
        if not any(turn.extra or turn.role == "tool" or _is_written(turn) for turn in turns):
            return None
        spoken = with_messages(example, _spoken(turns))
        return Hit(", ".join(dict.fromkeys(_called(turns))), spoken if spoken != example else None)


def _is_written(turn: Message) -> bool:
    if turn.role == "system" or ("<" not in turn.content and "FUNCTION" not in turn.content):
        return False
    return (_WRITTEN if turn.role == "assistant" else _ANSWERED).search(turn.content) is not None


def _spoken(turns: tuple[Message, ...]) -> Iterator[Message]:
    """The turns without calls and their results, and without turns that were nothing else."""
    for turn, following in zip(turns, (*turns[1:], None), strict=True):
        is_answer = turn.role == "tool" or (turn.role == "user" and _is_written(turn))
        is_bare_call = following is not None and following.role == "tool" and _JSON.match(turn.content) is not None
        if is_answer or is_bare_call:
            continue
        text = turn.content
        if turn.role == "assistant" and _is_written(turn):
            text = _WRITTEN.sub("", text).strip(BLANKS)
        if not is_blank(text):
            yield replace(turn, content=text, extra="")


def _called(turns: tuple[Message, ...]) -> Iterator[str]:
    """The names of what is called."""
    for turn in turns:
        if turn.role == "assistant":
            yield from _NAME.findall(turn.extra or (turn.content if _is_written(turn) else ""))
