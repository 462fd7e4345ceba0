"""Alpaca: an instruction, what it is applied to, and the output wanted."""

from collections.abc import Mapping

from core.data.examples import CONVERSATION, Message
from core.data.formats.base import (
    Conversion,
    Slot,
    is_complete,
    optional_text,
    required_text,
    share_of_rows,
    with_system,
)
from core.data.formats.columns import SYSTEM_NAMES, by_names
from core.data.formats.transcripts import continued
from core.data.formats.turns import earlier_turns, with_offered
from core.data.table import RawRow, Sheaf

_NAMES = {
    "instruction": ("instruction", "instructions", "指令"),
    "output": ("output", "outputs", "response", "answer", "completion", "输出", "回答"),
    "input": ("input", "inputs", "context", "输入"),
    "system": SYSTEM_NAMES,
    "history": ("history", "历史"),
}


class Alpaca:
    """{"instruction": "…", "input": "…", "output": "…"}, with earlier turns in "history"."""

    name = "alpaca"
    label = "Instructions (Alpaca)"
    task = CONVERSATION
    slots: tuple[Slot, ...] = (
        Slot("instruction", "What the model is told to do"),
        Slot("output", "The answer it should give"),
        Slot("input", "What the instruction is applied to", required=False),
        Slot("system", "How the assistant should behave", required=False),
        Slot("history", "Earlier questions and answers", required=False),
    )

    def score(self, table: Sheaf) -> float:
        """The share of rows with instruction and output; a list of messages would say more."""
        found = self.mapping(table)
        return 0.97 * share_of_rows(table, (found["instruction"], found["output"])) if found else 0.0

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns."""
        found = by_names(table.columns, _NAMES)
        return found if is_complete(self.slots, found) else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """Instruction and input, a line each, as the question.

        Raises:
            ConversionProblem: one of the columns is missing, or the history is no list of pairs.
        """
        asked = required_text(row, mapping, "instruction")
        more = optional_text(row, mapping, "input")
        question = f"{asked}\n{more}" if asked.strip() and more.strip() else asked or more
        answer = required_text(row, mapping, "output")
        turns = continued(question, answer) or (Message("user", question), Message("assistant", answer))
        whole = (*earlier_turns(row.values.get(mapping.get("history", ""))), *turns)
        return Conversion(with_system(optional_text(row, mapping, "system"), with_offered(row, whole)))
