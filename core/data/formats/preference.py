"""Two answers to one question, the better and the worse, as DPO learns from (TRL: prompt, chosen, rejected)."""

from collections.abc import Mapping

from core.data.examples import PREFERENCE, Message
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
from core.data.formats.columns import SYSTEM_NAMES, by_names
from core.data.formats.transcripts import turns_of
from core.data.formats.turns import message_of, turns_in
from core.data.table import RawRow, Sheaf

_NAMES = {
    "chosen": (
        "chosen",
        "preferred",
        "better",
        "chosen_response",
        "response_chosen",
        "winner",
        "preferred_output",
        "response_j",
        "更好的回答",
        "优选回答",
    ),
    "rejected": (
        *("rejected", "dispreferred", "worse", "rejected_response", "response_rejected", "loser"),
        *("non_preferred_output", "response_k", "较差的回答"),
    ),
    "prompt": (
        *("prompt", "instruction", "question", "query", "提示", "指令", "问题"),
        *("messages", "conversations", "conversation"),
    ),
    "input": ("input", "context", "输入"),
    "system": SYSTEM_NAMES,
}


class Preference:
    """{"prompt": "…", "chosen": "…", "rejected": "…"}; each may be a list of messages, the prompt part of them."""

    name = "preference"
    label = "Pairs of a better and a worse answer"
    task = PREFERENCE
    slots: tuple[Slot, ...] = (
        Slot("chosen", "The better answer"),
        Slot("rejected", "The worse answer"),
        Slot("prompt", "What the model is asked", required=False),
        Slot("input", "What the question is applied to", required=False),
        Slot("system", "How the assistant should behave", required=False),
    )

    def score(self, table: Sheaf) -> float:
        """The share of rows with both answers."""
        found = self.mapping(table)
        return share_of_rows(table, (found["chosen"], found["rejected"])) if found else 0.0

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns."""
        found = by_names(table.columns, _NAMES)
        return found if is_complete(self.slots, found) else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The better answer as the one to learn, the worse beside it.

        Raises:
            ConversionProblem: an answer or the question is missing.
        """
        chosen = _turns(value_of(row, mapping, "chosen"), "chosen")
        rejected = _turns(value_of(row, mapping, "rejected"), "rejected")
        prompt = _prompt(row, mapping)
        if prompt and chosen[: len(prompt)] != prompt:
            chosen = (*prompt, *chosen)
        if all(turn.role != "user" for turn in chosen):
            raise ConversionProblem("two answers without a question", "a prompt beside them")
        return Conversion(with_system(optional_text(row, mapping, "system"), chosen), rejected[-1].content)


def _prompt(row: RawRow, mapping: Mapping[str, str]) -> tuple[Message, ...]:
    value = row.values.get(mapping.get("prompt", ""))
    listed = _listed(value)
    if listed:
        return listed[:-1] if listed[-1].role == "assistant" else listed
    asked, more = as_text(value), optional_text(row, mapping, "input")
    text = f"{asked}\n{more}" if asked.strip() and more.strip() else asked or more
    return (Message("user", text),) if text.strip() else ()


def _listed(value: object) -> tuple[Message, ...]:
    """The turns of a list of objects, or of one object; nothing for a text."""
    turns = [value] if isinstance(value, dict) else turns_in(value)
    if not turns or not isinstance(turns[0], dict):
        return ()
    names = ("from", "value") if "from" in turns[0] else ("role", "content")
    return tuple(message_of(turn, *names) for turn in turns)


def _turns(value: object, slot: str) -> tuple[Message, ...]:
    """An answer as turns; a text is one turn of the assistant."""
    text = "" if isinstance(value, list) else as_text(value)
    turns = _listed(value) or turns_of(text)
    if turns:
        return turns
    if not text.strip():
        raise ConversionProblem(f"nothing in {slot}", "two answers to compare")
    return (Message("assistant", text),)
