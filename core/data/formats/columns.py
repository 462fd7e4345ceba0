"""Finds the column for a slot by the many names people give it, in English and Chinese."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SYSTEM_NAMES = (
    *("system", "system_prompt", "system_message", "system_instruction", "system_instructions", "systemprompt"),
    *("系统", "系统提示", "系统提示词"),
)

SOURCE_NAMES = (
    *("conversation_id", "dialog_id", "dialogue_id", "thread_id", "session_id", "chat_id", "document_id", "doc_id"),
    *("conversation_hash", "会话id", "对话id"),
)
PART_NAMES = ("split", "partition", "data_split", "subset", "数据集划分", "划分")
# Behind the name of a thing, these say something of it: "answer_id" is no answer.
_FACTS = (
    *("id", "ids", "uid", "uuid", "no", "nr", "num", "number", "count", "len", "length", "tokens", "date", "time"),
    *("timestamp", "created", "type", "lang", "language", "url", "link", "score", "scores", "rating", "confidence"),
    *("author", "user_id", "index", "idx", "key", "hash", "source", "编号", "时间", "日期", "类型", "来源"),
)


@dataclass(frozen=True)
class Match:
    """A column, how near its name comes, and what its name says besides ("en" of "q_en").

    rank: the place in the list of names; names found only as a part of the column's come after all of them.
    """

    column: str
    rank: int
    rest: str


def simple(name: str) -> str:
    """A column name without case, blanks and punctuation: "Question (EN)" and "questionEn" as "question_en"."""
    return re.sub(r"[\W_]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")


def matches(columns: Iterable[str], names: Sequence[str]) -> list[Match]:
    """The columns that could be meant, the nearest first; equals in the order of the file."""
    found = [match for column in columns if (match := _match(column, names))]
    return sorted(found, key=lambda match: match.rank)


def find(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column whose whole name is one of `names`, the earliest name first."""
    whole = [match for match in matches(columns, names) if match.rank < len(names)]
    return whole[0].column if whole else None


def by_names(columns: Iterable[str], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Slot to column, for the slots whose names occur."""
    known = tuple(columns)
    found = {slot: find(known, aliases) for slot, aliases in names.items()}
    return {slot: column for slot, column in found.items() if column}


def _match(column: str, names: Sequence[str]) -> Match | None:
    name = simple(column)
    if name in names:
        return Match(column, names.index(name), "")
    words = name.split("_")
    for rank, alias in enumerate(names, len(names)):
        if alias in (words[0], words[-1]):
            words.remove(alias)
            return _unless_fact(column, rank, "_".join(words))
        if not alias.isascii() and len(alias) > 1 and alias in name:
            return _unless_fact(column, rank, name.replace(alias, ""))
    return None


def _unless_fact(column: str, rank: int, rest: str) -> Match | None:
    return None if rest.strip("_") in _FACTS else Match(column, rank, rest)
