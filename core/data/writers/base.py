"""What every writer has. Examples pass by twice: first to see what columns they need, then to be written.

Memory: one example; those that can be had only once wait on disk in between.
"""

import json
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from core.data.examples import CONVERSATION, Example, as_line, each_example
from core.data.writers.facts import WholeSet

Row = dict[str, Any]


class Writer(Protocol):
    """Turns examples into a file that other programs read."""

    @property
    def name(self) -> str:
        """The word for this kind of file."""
        ...

    @property
    def label(self) -> str:
        """The kind in plain English."""
        ...

    @property
    def help(self) -> str:
        """What it is for, in a sentence or two."""
        ...

    @property
    def suffix(self) -> str:
        """The ending of its files."""
        ...

    @property
    def tasks(self) -> frozenset[str]:
        """The kinds of data it holds."""
        ...

    def write(self, examples: Iterable[Example], path: Path, task: str = CONVERSATION) -> None:
        """Writes all of them: the old file or the new one is there, never half of it.

        Raises:
            DoesNotFit: an example such a file cannot hold without losing something.
        """
        ...


@dataclass(frozen=True)
class Shape:
    """The columns of a file, and what stands in them. A row has all of them, so that any program finds the same."""

    columns: tuple[str, ...]
    row: Callable[[Example], Row]


def as_json(value: object) -> str:
    """JSON text without a control code: too many of those, and readers take a file for no text at all."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@contextmanager
def whole_set(examples: Iterable[Example], folder: Path) -> Iterator[WholeSet]:
    """The examples, by way of a file in `folder` where they come only once."""
    if isinstance(examples, Sequence):
        yield WholeSet(examples)
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix=".waiting-") as waiting:
        lines = Path(waiting) / "examples.jsonl"
        with lines.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(as_line(example) + "\n" for example in examples)
        yield WholeSet(_Lines(lines))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place once it is whole."""
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class _Lines:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Example]:
        return each_example(self._path)
