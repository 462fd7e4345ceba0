"""Conversations of which each turn is a row: helpdesks and chat programs export them so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any

from core.data.table import Problem, RawRow

_IDS = (
    "conversation_id",
    "dialog_id",
    "dialogue_id",
    "thread_id",
    "session_id",
    "chat_id",
    "ticket_id",
    "会话id",
    "对话id",
)
_MOST_TURNS = 1_000  # of one conversation that are held at once
_SPEAKERS = ("role", "speaker", "sender", "author", "from", "角色", "发言人")
_TEXTS = ("content", "text", "message", "utterance", "body", "value", "内容", "消息")
_LOOKED_AT = 200  # rows, to tell whether whoever speaks does so in turns
_MOST_SPEAKERS = 6
_MORE = ("answer", "response", "label", "output", "completion", "intent")  # columns of a row that is whole by itself
_ROLES = (
    "user",
    "human",
    "customer",
    "client",
    "assistant",
    "agent",
    "bot",
    "system",
    "gpt",
    "ai",
    "用户",
    "客户",
    "客服",
)


@dataclass(frozen=True)
class _Names:
    """The columns with the conversation, who speaks, and what is said."""

    known: str
    speaker: str
    said: str


def gathered(rows: Iterable[RawRow | Problem]) -> Iterator[RawRow | Problem]:
    """The rows; where each is a turn, those of one conversation that follow one another are one row."""
    rest = iter(rows)
    ahead = list(islice(rest, 1))
    names = _names(ahead[0].values) if ahead and isinstance(ahead[0], RawRow) else None
    if names is not None and not _is_role(ahead[0], names):
        ahead += islice(rest, _LOOKED_AT)
        names = names if _is_talk([row for row in ahead if isinstance(row, RawRow)], names) else None
    everything = chain(ahead, rest)
    if names is None:
        yield from everything
        return
    known, speaker, said = names.known, names.speaker, names.said
    for _, turns in groupby(everything, lambda row: row.values.get(known) if isinstance(row, RawRow) else row):
        yield from _joined(turns, known, speaker, said)


def _joined(turns: Iterable[RawRow | Problem], known: str, speaker: str, said: str) -> Iterator[RawRow | Problem]:
    rest = iter(turns)
    while found := list(islice(rest, _MOST_TURNS)):
        spoken = [row for row in found if isinstance(row, RawRow)]
        yield from (row for row in found if isinstance(row, Problem))
        if spoken:
            messages = [{"role": row.values.get(speaker), "content": row.values.get(said)} for row in spoken]
            yield RawRow(spoken[0].line, {"messages": messages, "conversation_id": spoken[0].values.get(known)})


def _names(values: Mapping[str, Any]) -> _Names | None:
    by_name = {name.strip().lower(): name for name in values}
    found = [next((by_name[name] for name in names if name in by_name), "") for names in (_IDS, _SPEAKERS, _TEXTS)]
    if not all(found) or any(name in by_name for name in _MORE) or not isinstance(values[found[2]], str):
        return None
    return _Names(*found)


def _is_role(row: RawRow | Problem, names: _Names) -> bool:
    return isinstance(row, RawRow) and str(row.values.get(names.speaker)).strip().lower() in _ROLES


def _is_talk(rows: Sequence[RawRow], names: _Names) -> bool:
    """True where few speak again and again, and two of them in the same conversation: whoever they are, these are
    turns."""
    spoken = [(row.values.get(names.known), str(row.values.get(names.speaker)).strip()) for row in rows]
    speakers = {speaker for _, speaker in spoken}
    together = max((len(set(turns)) for _, turns in groupby(spoken, lambda one: one[0])), default=0)
    return 2 <= len(speakers) <= min(_MOST_SPEAKERS, len(spoken) / 2) and together >= 2
