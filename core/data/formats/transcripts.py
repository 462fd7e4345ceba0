"""Conversations written into one text with marks of who speaks, as chat templates and older data sets write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.data.examples import CONVERSATION, Message, Role
from core.data.formats.base import Conversion, ConversionProblem, Slot, optional_text, required_text, with_system
from core.data.formats.columns import SYSTEM_NAMES, by_names
from core.data.table import RawRow, Sheaf

_SPEAKERS: dict[str, Role] = {
    **dict.fromkeys(("system", "系统"), "system"),
    **dict.fromkeys(("user", "human", "instruction", "input", "prompter", "inst", "instruct"), "user"),
    **dict.fromkeys(("q", "question", "问", "问题", "用户", "提问"), "user"),
    **dict.fromkeys(("assistant", "response", "gpt", "bot", "ai", "output", "/inst", "model"), "assistant"),
    **dict.fromkeys(("a", "answer", "答", "答案", "回答", "助手"), "assistant"),
    **dict.fromkeys(("function response", "observation"), "tool"),
}
# The strictest first. Each gives the speaker's word in a group.
_MARKS = (
    re.compile(r"<\|im_start\|>(system|user|assistant)\n", re.IGNORECASE),
    re.compile(r"<\|start_header_id\|>(system|user|assistant)<\|end_header_id\|>\n*", re.IGNORECASE),
    re.compile(r"<start_of_turn>(user|model)\n", re.IGNORECASE),
    re.compile(r"<\|(system|user|assistant|prompter|observation)\|>:?\n?", re.IGNORECASE),
    re.compile(r"<｜(User|Assistant)｜>"),
    re.compile(r"\[\|(Human|AI)\|\] ?"),
    re.compile(r"\[(/?INST)\]", re.IGNORECASE),
    re.compile(r"#{2,3} ?(System|User|Human|Instruction|Input|Assistant|Response|Output):\s*", re.IGNORECASE),
    re.compile(r"(?:^|\n\n)(Human|Assistant|System):(?: |\n|$)"),
    re.compile(r"(?:^|\n+)(USER|ASSISTANT|SYSTEM|FUNCTION RESPONSE): "),
    re.compile(r"(?:^|\s|</s>)(USER|ASSISTANT): "),
)
# Marks so short that a text may hold them by chance: one of them begins it, or it is none of these.
_SHORT_MARKS = (
    re.compile(r"(?:^|\n+)(Human|Assistant|System): ?"),
    re.compile(r"(?:^|\n+)(User|Assistant|System|AI|Bot): ?"),
    re.compile(r"(?:^|\n+)(Instruct|Output): ?"),
    re.compile(r"(?:^|\n+)(Question|Answer): ?"),
    re.compile(r"(?:^|\n+)(Q|A): ?"),
    re.compile(r"(?:^|\n+)(?:\[Round \d+\]\s*)?(问题|答案|回答|提问|用户|助手|系统|问|答)[:：]\s*"),
)
_ENDS = re.compile(
    r"<\|im_end\|>|<\|eot_id\|>|<end_of_turn>|<\|endoftext\|>|<\|begin_of_text\|>|<\|end\|>|<bos>|</?s>"
    r"|<｜(?:begin|end)▁of▁sentence｜>|<<SYS>>.*?<</SYS>>",
    re.DOTALL,
)
_SYSTEM = re.compile(r"<<SYS>>(.*?)<</SYS>>", re.DOTALL)
_COMMON_START = "Below is a"  # of Alpaca's prompt, the same above every instruction
_LAST_OF_MARKS = (":", "：", ">", "]")
_PLACE = "…"
_LOOKED_AT = 10_000  # characters of a text, to tell what it is
_SCORE = 0.92  # a column of labels or an answer beside it would say more


@dataclass(frozen=True)
class Transcript:
    """A column in which whole conversations are written: "Human: … Assistant: …", ChatML, [INST], ### Instruction."""

    name: str = "transcript"
    label: str = "Chats written as one text (Human: … Assistant: …)"
    task: str = CONVERSATION
    slots: tuple[Slot, ...] = (
        Slot("text", "The text with both sides in it"),
        Slot("system", "How the assistant should behave", required=False),
    )

    def score(self, table: Sheaf) -> float:
        """The share of rows with both sides in one text."""
        column = self._column(table)
        return _SCORE * self._count(table, column) / len(table.rows) if column else 0.0

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """The column that most often holds both sides."""
        column = self._column(table)
        others = [name for name in table.columns if name != column]
        return {"text": column} | by_names(others, {"system": SYSTEM_NAMES}) if column else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The turns, without the marks.

        Raises:
            ConversionProblem: only one side speaks.
        """
        turns = turns_of(required_text(row, mapping, "text"))
        if not turns:
            raise ConversionProblem("a text in which only one side speaks", "a question and an answer with their marks")
        system = optional_text(row, mapping, "system").removeprefix("SYSTEM: ")
        return Conversion(with_system(system, turns))

    def _column(self, table: Sheaf) -> str | None:
        column = max(table.columns, key=lambda name: self._count(table, name), default=None)
        return column if column is not None and self._count(table, column) else None

    def _count(self, table: Sheaf, column: str) -> int:
        values = (row.values.get(column) for row in table.rows)
        return sum(isinstance(value, str) and bool(turns_of(value[:_LOOKED_AT])) for value in values)


def turns_of(text: str) -> tuple[Message, ...]:
    """The turns written in a text; nothing unless both sides speak, the user first, and none waits for its answer."""
    for marks in (*_MARKS, *(marks for marks in _SHORT_MARKS if marks.match(text))):
        found = list(marks.finditer(text))
        if len(found) > 1:
            turns = _cut(text, found)
            if turns[-1].role == "user" and not turns[-1].content:
                turns = turns[:-1]
            is_open = turns[-1].role == "assistant" and not turns[-1].content
            if not is_open and _alternate([turn.role for turn in turns]):
                return turns
    return ()


def continued(prompt: str, completion: str) -> tuple[Message, ...]:
    """The turns of a prompt that ends with the mark of the assistant, and what it says next; nothing for others."""
    end = prompt.rstrip()
    if end[-1:] not in _LAST_OF_MARKS and not end.endswith("<|im_start|>assistant"):
        return ()
    turns = turns_of(f"{prompt}{_PLACE}" if prompt[-1:].isspace() else f"{prompt} {_PLACE}")
    if not turns or turns[-1] != Message("assistant", _PLACE):
        return ()
    return (*turns[:-1], Message("assistant", _ENDS.sub("", completion).strip()))


def _alternate(roles: list[Role]) -> bool:
    return "user" in roles and "assistant" in roles[roles.index("user") :]


def _cut(text: str, found: list[re.Match[str]]) -> tuple[Message, ...]:
    """What stands above, and what each says; two marks of one side in a row, as Instruction and Input, are one."""
    turns = list[Message]()
    system = _SYSTEM.search(text)
    above = system[1].strip() if system else _ENDS.sub("", text[: found[0].start()]).strip()
    if above and not above.startswith(_COMMON_START):
        turns.append(Message("system", above))
    for mark, end in zip(found, [*(other.start() for other in found[1:]), len(text)], strict=True):
        role, said = _SPEAKERS[mark[1].lower()], _ENDS.sub("", text[mark.end() : end]).strip()
        if turns and turns[-1].role == role:
            turns[-1] = Message(role, f"{turns[-1].content}\n{said}".strip())
        else:
            turns.append(Message(role, said))
    return tuple(turns)
