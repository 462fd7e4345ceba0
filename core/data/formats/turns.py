"""What the conversation formats share: lists of turns, and how a turn is read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.chat.thought import CLOSE, OPEN
from core.data.examples import CONVERSATION, Message
from core.data.formats.base import Conversion, ConversionProblem, Slot, as_text, value_of, with_system
from core.data.formats.columns import SYSTEM_NAMES, by_names, simple
from core.data.formats.roles import LEFT_OUT
from core.data.formats.speakers import CALLS, answered, known_role, name_key, role_of
from core.data.readers.json_text import BrokenValue, parse
from core.data.table import RawRow, Sheaf
from core.data.tools import with_tools

_ONE_SIDED = 0.9  # of the score where no list ends with an answer: what stands beside it may say more
_EARLIER = ("history", "chat_history")  # names of lists that end before the last question
_KEPT = ("tool_calls", "function_call", "tool_call_id", "name")
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
_PICTURES = ("image", "images", "video", "videos", "audio", "audios")


@dataclass(frozen=True)
class TurnFormat:
    """A format that keeps each conversation as a list in one column.

    slot: the name that list goes by.
    speaker, said: the names under which a turn keeps its role and its text.
    also: other such names, seen in files of this kind.
    roles: the roles that are told; for the others their names say it.
    """

    name: str
    label: str
    slot: str
    speaker: str
    said: str
    also: tuple[tuple[str, str], ...] = ()
    task: str = CONVERSATION
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The list, and a column of system prompts that may stand beside it."""
        return (
            Slot(self.slot, "The list of turns"),
            Slot("system", "How the assistant should behave", required=False),
        )

    def score(self, table: Sheaf) -> float:
        """The share of rows with such a list."""
        column = self._column(table)
        if not column:
            return 0.0
        is_whole = simple(column) not in _EARLIER and any(
            self._is_answered(row.values.get(column)) for row in table.rows
        )
        return (1.0 if is_whole else _ONE_SIDED) * self._count(table, column) / len(table.rows)

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """The column that most often holds such a list."""
        column = self._column(table)
        others = [name for name in table.columns if name != column]
        return {self.slot: column} | by_names(others, {"system": SYSTEM_NAMES}) if column else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The turns, with the roles of OpenAI's format.

        Raises:
            ConversionProblem: pictures, unknown speakers, or no list at all.
        """
        value = value_of(row, mapping, self.slot)
        turns = turns_in(value)
        if not turns:
            found = "a conversation without turns" if turns == [] else repr(as_text(value)[:40])
            raise ConversionProblem(found, f"a list of turns with {self.speaker} and {self.said}")
        picture = next((name for name in _PICTURES if row.values.get(name)), "")
        if picture:
            raise ConversionProblem(f"a part of the kind {picture!r}", "text only")
        speaker, said = self._names(turns[0])
        heard = [turn for turn in turns if self.roles.get(_speaker_in(turn, speaker)) != LEFT_OUT]
        if not heard:
            raise ConversionProblem("a conversation of which every turn is left out", "a question and an answer")
        messages = answered(tuple(message_of(turn, speaker, said, self.roles) for turn in heard))
        whole = with_system(_content(row.values.get(mapping.get("system", ""))), messages)
        return Conversion(with_offered(row, whole))

    def speakers(self, rows: Iterable[RawRow], mapping: Mapping[str, str]) -> list[list[str]]:
        """The names of each row, turn by turn."""
        lists = (turns_in(row.values.get(mapping[self.slot])) or [] for row in rows)
        spoken = ([turn for turn in turns if self._is_turn(turn)] for turns in lists)
        return [[str(turn[self._names(turn)[0]]).strip() for turn in turns] for turns in spoken]

    def hearing(self, roles: Mapping[str, str]) -> "TurnFormat":
        """The same, once roles are told."""
        return replace(self, roles=dict(roles))

    def _column(self, table: Sheaf) -> str | None:
        column = max(table.columns, key=lambda name: self._weight(table, name), default=None)
        return column if column is not None and self._count(table, column) else None

    def _count(self, table: Sheaf, column: str) -> int:
        return sum(self._is_list(row.values.get(column)) for row in table.rows)

    def _weight(self, table: Sheaf, column: str) -> tuple[int, bool]:
        return self._count(table, column), any(self._is_answered(row.values.get(column)) for row in table.rows)

    def _is_answered(self, value: object) -> bool:
        """True for a list in which both sides speak; a prompt or an answer may be a list too."""
        turns = [turn for turn in turns_in(value) or () if self._is_turn(turn)]
        roles = [known_role(turn[self._names(turn)[0]]) for turn in turns]
        return "user" in roles and roles[-1] != "user"

    def _is_list(self, value: object) -> bool:
        turns = turns_in(value)
        return turns is not None and any(map(self._is_turn, turns[:1]))

    def _is_turn(self, value: object) -> bool:
        if not isinstance(value, dict):
            return False
        return any({speaker, said} <= value.keys() for speaker, said in ((self.speaker, self.said), *self.also))

    def _names(self, turn: object) -> tuple[str, str]:
        """The names this row uses."""
        known = turn.keys() if isinstance(turn, dict) else ()
        fitting = (pair for pair in self.also if set(pair) <= set(known))
        return (
            (self.speaker, self.said)
            if {self.speaker, self.said} <= set(known)
            else next(fitting, (self.speaker, self.said))
        )


def turns_in(value: object) -> list[Any] | None:
    """The list in a cell, in tables as JSON text, in some files within one more list. None where there is none."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = parse(value)
        except BrokenValue:
            return None
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) and _is_object(value[0][:1]):
        value = value[0]
    return value if isinstance(value, list) else None


def _speaker_in(turn: object, speaker: str) -> str:
    return name_key(turn.get(speaker)) if isinstance(turn, dict) else ""


def _is_object(values: list[Any]) -> bool:
    return bool(values) and isinstance(values[0], dict)


def earlier_turns(value: object) -> Iterator[Message]:
    """The turns of a history: pairs of what was asked and answered, or turns as they are.

    Raises:
        ConversionProblem: it is something else.
    """
    turns = turns_in(value) or ()
    for pair in turns:
        if isinstance(pair, dict) and {"role", "content"} <= pair.keys():
            yield message_of(pair, "role", "content")
            continue
        if not isinstance(pair, list) or len(pair) != 2:
            raise ConversionProblem(f"{as_text(pair)[:40]!r} in the history", "pairs of question and answer")
        yield Message("user", as_text(pair[0]))
        yield Message("assistant", as_text(pair[1]))


def with_offered(row: RawRow, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The turns with the tools that the row says may be called; their list may be JSON text."""
    offered = row.values.get("tools")
    tools = turns_in(offered)
    return with_tools(messages, offered if tools is None else tools)


def message_of(turn: object, speaker: str, said: str, roles: Mapping[str, str] | None = None) -> Message:
    """One turn; `speaker` and `said` are the names it keeps them under, `roles` those that are told. Calls of tools
    stay beside the text.

    Raises:
        ConversionProblem: it is no turn of text.
    """
    if not isinstance(turn, dict):
        raise ConversionProblem(f"{as_text(turn)[:40]!r} as a turn", f"an object with {speaker} and {said}")
    extra = {name: turn[name] for name in _KEPT if turn.get(name)}
    missing = [name for name in (speaker, said) if name not in turn and not (name == said and extra)]
    if missing:
        names = ", ".join(map(str, turn))[:60] or "nothing"
        raise ConversionProblem(f"a turn with {names}", f"a turn with {missing[0]}")
    role, content = role_of(turn[speaker], roles), _content(turn.get(said))
    if role != "tool":
        extra.pop("name", None)  # of a person, not of a tool
    if role == "assistant":
        content = _with_thought(turn, content)
        if str(turn[speaker]).strip().lower() in CALLS:
            extra, content = {"tool_calls": _calls(content)}, ""
    return Message(role, content, json.dumps(extra, ensure_ascii=False) if extra else "")


def _with_thought(turn: Mapping[str, Any], content: str) -> str:
    """The answer behind the thought that led to it, which some files keep beside it."""
    thought = next((turn[name] for name in _THOUGHTS if isinstance(turn.get(name), str)), "").strip()
    return f"{OPEN}\n{thought}\n{CLOSE}\n\n{content}" if thought and OPEN not in content else content


def _calls(text: str) -> list[Any]:
    """The calls in a ShareGPT turn, as OpenAI writes them."""
    try:
        found = parse(text)
    except BrokenValue:
        found = {"name": text}
    return [{"type": "function", "function": call} for call in (found if isinstance(found, list) else [found])]


def _content(value: object) -> str:
    """The text of a turn; a list of parts is joined where all are text."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and isinstance(value.get("parts"), list):
        value = value["parts"]
    return "\n".join(_part(part) for part in value) if isinstance(value, list) else as_text(value)


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, dict) and isinstance(part.get("text"), str):
        return str(part["text"])
    kind = part.get("type") if isinstance(part, dict) else type(part).__name__
    raise ConversionProblem(f"a part of the kind {as_text(kind)[:40]!r}", "text only")
