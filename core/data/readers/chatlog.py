"""Conversations of which each turn is a row: helpdesks and chat programs export them so."""

from collections.abc import Iterable, Iterator, Mapping
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


def gathered(rows: Iterable[RawRow | Problem]) -> Iterator[RawRow | Problem]:
    """The rows; where each is a turn, those of one conversation that follow one another are one row."""
    rest = iter(rows)
    first = next(rest, None)
    if first is None:
        return
    names = _names(first.values) if isinstance(first, RawRow) else None
    everything = chain([first], rest)
    if names is None:
        yield from everything
        return
    known, speaker, said = names
    for _, turns in groupby(everything, lambda row: row.values.get(known) if isinstance(row, RawRow) else row):
        yield from _joined(turns, known, speaker, said)


def _joined(turns: Iterable[RawRow | Problem], known: str, speaker: str, said: str) -> Iterator[RawRow | Problem]:
    rest = iter(turns)
    while found := list(islice(rest, _MOST_TURNS)):
        spoken = [row for row in found if isinstance(row, RawRow)]
        yield from (row for row in found if isinstance(row, Problem))
        if spoken:
            messages = [{"role": _role(row.values.get(speaker)), "content": row.values.get(said)} for row in spoken]
            yield RawRow(spoken[0].line, {"messages": messages, "conversation_id": spoken[0].values.get(known)})


def _role(speaker: object) -> object:
    """People who answer are the assistant here."""
    return "assistant" if str(speaker).strip().lower() in ("agent", "客服") else speaker


def _names(values: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """The columns with the conversation, who speaks, and what is said."""
    by_name = {name.strip().lower(): name for name in values}
    found = [next((by_name[name] for name in names if name in by_name), "") for names in (_IDS, _SPEAKERS, _TEXTS)]
    known, speaker, said = found
    if not all(found) or any(name in by_name for name in _MORE) or not isinstance(values[said], str):
        return None
    return (known, speaker, said) if str(values[speaker]).strip().lower() in _ROLES else None
