"""What every reader has, and the file it is given."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Protocol

from core.data.readers.decoding import decode
from core.data.table import RawTable


@dataclass(frozen=True)
class Content:
    """A file's name and bytes, and the text in them once somebody asks for it."""

    file: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The name's ending in lower case: a hint, never the proof."""
        return PurePath(self.file).suffix.lower()

    @cached_property
    def text(self) -> str:
        """The bytes as text.

        Raises:
            BinaryFile: they are no text in any encoding.
        """
        return decode(self.file, self.data)


class Reader(Protocol):
    """Turns one kind of file into rows."""

    @property
    def name(self) -> str:
        """The word for this kind."""
        ...

    @property
    def label(self) -> str:
        """The kind in plain English."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings a file dialog offers for it."""
        ...

    def takes(self, content: Content) -> bool:
        """True where the contents, whatever the name says, are of this kind."""
        ...

    def read(self, content: Content) -> RawTable:
        """The rows.

        Raises:
            DataError: nothing in it can be used.
        """
        ...


def union(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Every name once, in the order of its first appearance."""
    return tuple(dict.fromkeys(name for group in names for name in group))
