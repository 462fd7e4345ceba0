"""Examples in the OpenAI `messages` format: what a model is taught with."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.workspace import write_whole

Role = Literal["system", "user", "assistant", "tool"]

# What the examples of a dataset are. In all of them the last turn of the assistant is what is learned:
# an answer, a label, the better of two answers, or a text alone.
CONVERSATION, CLASSIFICATION, PREFERENCE, PASSAGE = TASKS = ("conversation", "classification", "preference", "passage")

# Where an example belongs, where its file or a split says so; and the column in which files say it.
PARTS = TRAIN, VALIDATION, TEST = ("train", "validation", "test")
PART_COLUMN = "split"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: who speaks, and what is said.

    extra: the other fields of a turn that calls a tool or answers such a call, as JSON text; "" for none.
    """

    role: Role
    content: str
    extra: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The turn as chat templates take it."""
        return {"role": self.role, "content": self.content, **(json.loads(self.extra) if self.extra else {})}


@dataclass(frozen=True, slots=True)
class Example:
    """One conversation, and the row it came from.

    id: unique in its dataset, stable through cleaning.
    rejected: the answer not wanted, where the example has one (TRL's `rejected`).
    part: "train", "validation" or "test" where the file says where it belongs.
    source: examples of the same source (a document, a chat) stay on one side of the split; "" for none.
    """

    id: str
    messages: tuple[Message, ...]
    rejected: str = ""
    part: str = ""
    source: str = ""

    def as_dicts(self) -> list[dict[str, Any]]:
        """The turns as chat templates take them."""
        return [message.as_dict() for message in self.messages]

    @property
    def key(self) -> str:
        """Equal for two examples that say exactly the same."""
        said = json.dumps([[turn.role, turn.content, turn.extra] for turn in self.messages], ensure_ascii=False)
        return f"{said}\n{self.rejected}" if self.rejected else said

    @property
    def question(self) -> str:
        """All that comes before the last answer, system turns left out."""
        ends_with_answer = bool(self.messages) and self.messages[-1].role == "assistant"
        turns = self.messages[:-1] if ends_with_answer else self.messages
        return "\n".join(turn.content for turn in turns if turn.role != "system")

    @property
    def answer(self) -> str:
        """The last answer; "" where the assistant does not have the last word."""
        last = self.messages[-1] if self.messages else None
        return last.content if last and last.role == "assistant" else ""


def as_line(example: Example) -> str:
    """One line of OpenAI messages JSONL, with what Tailor keeps beside the messages."""
    row: dict[str, Any] = {"messages": example.as_dicts(), "id": example.id}
    kept = {"rejected": example.rejected, "part": example.part, "source": example.source}
    return json.dumps(row | {name: value for name, value in kept.items() if value}, ensure_ascii=False)


def from_line(line: str | bytes) -> Example:
    """The example of a line that `as_line` wrote. (People's files go through the readers.)"""
    row = json.loads(line)
    return Example(
        row["id"], messages_of(row["messages"]), row.get("rejected", ""), row.get("part", ""), row.get("source", "")
    )


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Writes OpenAI messages JSONL, one conversation a line, with the id beside it."""
    write_whole(path, "".join(as_line(example) + "\n" for example in examples))


def read_examples(path: Path) -> tuple[Example, ...]:
    """Reads what `write_examples` wrote."""
    return tuple(each_example(path))


def each_example(path: Path) -> Iterator[Example]:
    """The examples of a file one after another, for files that do not fit into memory."""
    with path.open("rb") as file:
        yield from map(from_line, file)


def messages_of(turns: Sequence[dict[str, Any]]) -> tuple[Message, ...]:
    """Turns as chat templates take them, as messages."""
    return tuple(_message(turn) for turn in turns)


def _message(turn: dict[str, Any]) -> Message:
    if len(turn) == 2:
        return Message(turn["role"], turn["content"])
    extra = {name: value for name, value in turn.items() if name not in ("role", "content")}
    return Message(turn["role"], turn["content"], json.dumps(extra, ensure_ascii=False) if extra else "")
