"""Turns in which nothing is said, and examples without a question or an answer."""

import re
from dataclasses import replace

from core.data.cleaners.base import BLANKS, EVERY_TASK, Action, Context, Hit
from core.data.examples import CLASSIFICATION, PASSAGE, Example, Message

# What stands where an answer was never written. "No" and "0" are answers.
_NO_ANSWER = re.compile(
    r"[-–—_.…。·*?？/\\|、,，]+|\(?(?:n/?a|null|nil|none|nan|undefined|empty|tbd|todo)\)?\.?|[(（]?(?:无|空|暂无|略|待补充)[)）]?。?",
    re.IGNORECASE,
)
_LONGEST = 12  # characters of the longest of them; runs of dots and dashes do not count


class Empty:
    """Removes turns without text, and examples of which too little is left."""

    name = "empty"
    label = "Empty questions or answers"
    help = (
        "Leaves out examples without a question or without an answer, also where only “-”, “n/a” or “…” stands "
        "for one: there is nothing to learn from them. Empty turns in longer chats are removed."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "fix"
    tasks = EVERY_TASK

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The example without its empty turns; nothing to put right where question or answer is missing."""
        is_answered = context.task not in (CLASSIFICATION, PASSAGE)  # "none" may be a label
        filled = tuple(turn for turn in example.messages if _says_something(turn, is_answered))
        needed = {"assistant"} if context.task == PASSAGE else {"user", "assistant"}
        is_whole = needed <= {turn.role for turn in filled}
        if is_whole and len(filled) == len(example.messages):
            return None
        return Hit(_note(example, is_answered), replace(example, messages=filled) if is_whole else None)


def _note(example: Example, is_answered: bool) -> str:
    return next((turn.content.strip(BLANKS) for turn in example.messages if not _says_something(turn, is_answered)), "")


def _says_something(turn: Message, is_answered: bool) -> bool:
    text = turn.content
    if turn.extra or (len(text) > _LONGEST and not text[0].isspace()):
        return True
    text = text.strip(BLANKS)
    if not (is_answered and turn.role == "assistant"):
        return bool(text)
    return bool(text) and not _NO_ANSWER.fullmatch(text)
