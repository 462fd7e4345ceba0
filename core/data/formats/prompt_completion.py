"""Prompt and completion, as in TRL and in OpenAI's first fine-tuning format."""

import re
from collections.abc import Mapping

from core.data.examples import CONVERSATION, Message, Role
from core.data.formats.base import (
    Conversion,
    ConversionProblem,
    Slot,
    as_text,
    is_complete,
    optional_text,
    share_of_rows,
    value_of,
    with_system,
)
from core.data.formats.columns import SYSTEM_NAMES, by_names, find, simple
from core.data.formats.transcripts import continued
from core.data.formats.turns import earlier_turns, message_of, turns_in, with_offered
from core.data.table import RawRow, Sheaf

# Lists of turns, where the answer stands beside them.
_LISTS = ("messages", "conversations", "conversation", "chat_history", "dialog", "dialogue")
_NAMES = {
    "prompt": ("prompt", "prompts", "提示", "提示词", *_LISTS),
    "completion": ("completion", "completions", "response", "answer", "output", "chosen", "target"),
    "system": SYSTEM_NAMES,
    "history": ("history", "历史"),
}
_MARKED = ("label", "desirable", "wanted", "is_good", "thumbs_up")  # KTO: true for answers to learn
_PROMPT_MARK = re.compile(r"\s*(->|=>|###)\s*$")
_STOP_MARK = re.compile(r"\s+(END|###|<\|endoftext\|>)\s*$|<\|endoftext\|>\s*$")


class PromptCompletion:
    """{"prompt": "…", "completion": "…"}; either may be a list of messages."""

    name = "prompt_completion"
    label = "Prompts and completions"
    task = CONVERSATION
    slots: tuple[Slot, ...] = (
        Slot("prompt", "What the model is asked"),
        Slot("completion", "The answer it should give"),
        Slot("system", "How the assistant should behave", required=False),
        Slot("history", "Earlier questions and answers", required=False),
        Slot("wanted", "Whether the answer is a good one", required=False),
    )

    def score(self, table: Sheaf) -> float:
        """The share of rows with both."""
        found = self.mapping(table)
        if not found:
            return 0.0
        pairs = [(row.values.get(found["prompt"]), row.values.get(found["completion"])) for row in table.rows]
        of_turns = any(isinstance(prompt, list) and isinstance(completion, list) for prompt, completion in pairs)
        return (1.0 if of_turns else 0.95) * share_of_rows(table, (found["prompt"], found["completion"]))

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns."""
        found = by_names(table.columns, _NAMES)
        prompt = found.get("prompt", "")
        if simple(prompt) in _LISTS and not any(turns_in(row.values.get(prompt)) for row in table.rows):
            return {}
        marked = find(table.columns, _MARKED)
        if marked and all(isinstance(row.values.get(marked), bool) for row in table.rows):
            found["wanted"] = marked
        return found if is_complete(self.slots, found) else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """A question and an answer, without the separators that older models needed.

        Raises:
            ConversionProblem: one of the two is missing, or the answer is marked as a bad one.
        """
        if "wanted" in mapping and row.values.get(mapping["wanted"]) is False:
            raise ConversionProblem("an answer marked as unwanted", "one to learn")
        prompt, completion = value_of(row, mapping, "prompt"), value_of(row, mapping, "completion")
        turns: tuple[Message, ...] = ()
        if isinstance(prompt, str) and isinstance(completion, str):
            turns = continued(prompt, completion)
            prompt, completion = without_marks(prompt, completion)
        earlier = earlier_turns(row.values.get(mapping.get("history", "")))
        whole = (*earlier, *(turns or (*_turns(prompt, "user"), *_turns(completion, "assistant"))))
        return Conversion(with_system(optional_text(row, mapping, "system"), with_offered(row, whole)))


def without_marks(prompt: str, completion: str) -> tuple[str, str]:
    """Both without the marks of OpenAI's first format: "Ask ->" and " Answer END".

    "END" alone is no mark: SQL ends in it too. It goes only where the row has one of the others.
    """
    bare = _PROMPT_MARK.sub("", prompt)
    if bare != prompt or completion.startswith(" "):
        completion = _STOP_MARK.sub("", completion)
    return bare, completion.removeprefix(" ").rstrip("\r\n")


def _turns(value: object, role: Role) -> tuple[Message, ...]:
    turns = turns_in(value) or ()
    if turns and isinstance(turns[0], dict):
        names = ("from", "value") if "from" in turns[0] else ("role", "content")
        return tuple(message_of(turn, *names) for turn in turns)
    return (Message(role, as_text(value)),)
