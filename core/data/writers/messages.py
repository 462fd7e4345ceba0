"""Chats as JSON lines, as OpenAI and TRL take them; holds every kind of data without loss."""

from collections.abc import Iterable
from pathlib import Path

from core.data.cleaners.base import EVERY_TASK
from core.data.examples import CONVERSATION, Example
from core.data.writers.base import as_json, whole_file, whole_set
from core.data.writers.shapes import nested_shape


class MessagesWriter:
    """{"messages": [{"role": "user", "content": "…"}, …]}, one conversation a line."""

    name = "messages"
    label = "Chats (JSONL)"
    help = "One conversation a line, as OpenAI and Hugging Face take them. Holds everything; choose this when in doubt."
    suffix = ".jsonl"
    tasks = EVERY_TASK

    def write(self, examples: Iterable[Example], path: Path, task: str = CONVERSATION) -> None:
        """Messages; pairs of answers as prompt, chosen and rejected; plain texts as text."""
        with whole_set(examples, path.parent) as whole, whole_file(path) as draft:
            shape = nested_shape(whole)
            with draft.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(as_json(shape.row(example)) + "\n" for example in whole)
