"""Conversations written into one text with marks of who speaks, as chat templates and older data sets write them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.data.examples import CONVERSATION, Message, Role
from core.data.formats.base import Conversion, ConversionProblem, Slot, optional_text, required_text, with_system
from core.data.formats.columns import SYSTEM_NAMES, by_names
from core.data.formats.roles import LEFT_OUT, cast_of
from core.data.formats.speakers import name_key, role_of
from core.data.formats.voices import marks_of, names_in
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
_NAMED_SCORE = 0.8  # the same with names of any kind before what is said; less than prose in a document


@dataclass(frozen=True)
class Transcript:
    """A column in which whole conversations are written: "Human: … Assistant: …", ChatML, [INST], or any names.

    roles: the roles that are told; for the others their marks say it.
    """

    name: str = "transcript"
    label: str = "Chats written as one text (Human: … Assistant: …)"
    task: str = CONVERSATION
    slots: tuple[Slot, ...] = (
        Slot("text", "The text with both sides in it"),
        Slot("system", "How the assistant should behave", required=False),
    )
    roles: Mapping[str, str] = field(default_factory=dict)

    def score(self, table: Sheaf) -> float:
        """The share of rows with both sides in one text."""
        return max((_score(table, column) for column in table.columns), default=0.0)

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """The column that most often holds both sides."""
        scores = {column: score for column in table.columns if (score := _score(table, column))}
        column = max(scores, key=lambda name: scores[name], default=None)
        others = [name for name in table.columns if name != column]
        return {"text": column} | by_names(others, {"system": SYSTEM_NAMES}) if column else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The turns, without the marks.

        Raises:
            ConversionProblem: only one side speaks, or somebody whose role nobody told.
        """
        turns = turns_of(required_text(row, mapping, "text"), self.roles)
        if not turns:
            raise ConversionProblem("a text in which only one side speaks", "a question and an answer with their marks")
        system = optional_text(row, mapping, "system").removeprefix("SYSTEM: ")
        return Conversion(with_system(system, turns))

    def speakers(self, rows: Iterable[RawRow], mapping: Mapping[str, str]) -> list[list[str]]:
        """The names of each row, turn by turn."""
        return _spoken([optional_text(row, mapping, "text")[:_LOOKED_AT] for row in rows])

    def hearing(self, roles: Mapping[str, str]) -> "Transcript":
        """The same, once roles are told."""
        return replace(self, roles=dict(roles))


def _score(table: Sheaf, column: str) -> float:
    """How often both sides are in this column: by marks everybody knows, or by names of any kind."""
    values = (row.values.get(column) for row in table.rows)
    texts = [value[:_LOOKED_AT] for value in values if isinstance(value, str)]
    num_known = sum(bool(turns_of(text)) for text in texts)
    if not texts:
        return 0.0
    if 2 * num_known >= len(texts):
        return _SCORE * num_known / len(table.rows)
    spoken = _spoken(texts)
    roles = cast_of(spoken, {}).by_key
    num_named = sum(
        _is_told(names, roles) and bool(turns_of(text, roles)) for text, names in zip(texts, spoken, strict=True)
    )
    return max(_SCORE * num_known, _NAMED_SCORE * num_named) / len(table.rows)


def _is_told(names: Iterable[str], roles: Mapping[str, str]) -> bool:
    return all(roles.get(name_key(name)) for name in names)


def _spoken(texts: Sequence[str]) -> list[list[str]]:
    """Who speaks in each text, turn by turn: by marks everybody knows, else by names."""
    names = names_in(texts)
    found = (_own_marks(text) or (marks_of(names) if names else None) for text in texts)
    return [
        [mark[1].strip() for mark in marks.finditer(text)] if marks else []
        for text, marks in zip(texts, found, strict=True)
    ]


def _own_marks(text: str) -> re.Pattern[str] | None:
    return next((marks for marks in _known_marks(text) if _turns(text, marks, {})), None)


def _known_marks(text: str) -> Iterator[re.Pattern[str]]:
    yield from _MARKS
    yield from (marks for marks in _SHORT_MARKS if marks.match(text))


def turns_of(text: str, roles: Mapping[str, str] | None = None) -> tuple[Message, ...]:
    """The turns written in a text; nothing unless both sides speak, the user first, and none waits for its answer.
    `roles`: names that are told, by `name_key`.

    Raises:
        UnknownSpeaker: a name is told of whose role nobody knows.
    """
    for marks in (*_known_marks(text), *([marks_of(roles)] if roles else [])):
        turns = _turns(text, marks, roles or {})
        if turns:
            return turns
    return ()


def _turns(text: str, marks: re.Pattern[str], roles: Mapping[str, str]) -> tuple[Message, ...]:
    """The same, told by one kind of mark."""
    found = list(marks.finditer(text))
    if len(found) < 2:
        return ()
    turns = _cut(text, found, roles)
    if turns and turns[-1].role == "user" and not turns[-1].content:
        turns = turns[:-1]
    is_open = bool(turns) and turns[-1].role == "assistant" and not turns[-1].content
    return turns if not is_open and _alternate([turn.role for turn in turns]) else ()


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


def _cut(text: str, found: list[re.Match[str]], roles: Mapping[str, str]) -> tuple[Message, ...]:
    """What stands above, and what each says; two marks of one side in a row, as Instruction and Input, are one."""
    turns = list[Message]()
    system = _SYSTEM.search(text)
    above = system[1].strip() if system else _ENDS.sub("", text[: found[0].start()]).strip()
    if above and not above.startswith(_COMMON_START):
        turns.append(Message("system", above))
    for mark, end in zip(found, [*(other.start() for other in found[1:]), len(text)], strict=True):
        role, said = _role(mark[1], roles), _ENDS.sub("", text[mark.end() : end]).strip()
        if role is None:
            continue
        if turns and turns[-1].role == role:
            turns[-1] = Message(role, f"{turns[-1].content}\n{said}".strip())
        else:
            turns.append(Message(role, said))
    return tuple(turns)


def _role(name: str, roles: Mapping[str, str]) -> Role | None:
    """The role that goes with a mark; None for who is left out."""
    key = name_key(name)
    if roles.get(key) == LEFT_OUT:
        return None
    return _SPEAKERS[key] if key in _SPEAKERS and key not in roles else role_of(key, roles)
