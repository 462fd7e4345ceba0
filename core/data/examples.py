"""Examples in the OpenAI `messages` format: what a model is taught with."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.workspace import write_whole

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Message:
    """One turn: who speaks, and what is said."""

    role: Role
    content: str

    def as_dict(self) -> dict[str, str]:
        """The turn as chat templates take it."""
        return {"role": self.role, "content": self.content}


@dataclass(frozen=True)
class Example:
    """One conversation, and the row it came from (id: unique in its dataset, stable through cleaning)."""

    id: str
    messages: tuple[Message, ...]

    def as_dicts(self) -> list[dict[str, str]]:
        """The turns as chat templates take them."""
        return [message.as_dict() for message in self.messages]

    @property
    def key(self) -> str:
        """Equal for two examples that say exactly the same."""
        return json.dumps(self.as_dicts(), ensure_ascii=False)


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Writes OpenAI messages JSONL, one conversation a line, with the id beside it."""
    lines = (json.dumps({"messages": example.as_dicts(), "id": example.id}, ensure_ascii=False) for example in examples)
    write_whole(path, "".join(line + "\n" for line in lines))


def read_examples(path: Path) -> tuple[Example, ...]:
    """Reads what `write_examples` wrote. (People's files go through the readers.)"""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return tuple(Example(row["id"], messages_of(row["messages"])) for row in rows)


def messages_of(turns: Sequence[dict[str, str]]) -> tuple[Message, ...]:
    """Turns as chat templates take them, as messages."""
    return tuple(Message(turn["role"], turn["content"]) for turn in turns)  # type: ignore[arg-type]
