"""What every reader has, and the file it is given."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import Protocol

from core.data.readers.decoding import decode, encoding_of
from core.data.table import RawTable

HEAD_BYTES = 2**18  # by which a kind of file is told
# Up to this size a file is read at once, with every way to save what can be saved of a damaged one; above it row by
# row, so that memory does not grow with the file.
WHOLE_BYTES = 2**25
_LONGEST_ROW = 2**24  # characters; a row longer than this is looked for by no reader


@dataclass(frozen=True)
class Content:
    """A file's name and where it lies; what is in it is read when somebody asks for it."""

    file: str
    path: Path

    @property
    def suffix(self) -> str:
        """The name's ending in lower case: a hint, never the proof."""
        return PurePath(self.file).suffix.lower()

    @cached_property
    def num_bytes(self) -> int:
        """Its size."""
        return self.path.stat().st_size

    @property
    def is_large(self) -> bool:
        """True where it is read row by row only."""
        return self.num_bytes > WHOLE_BYTES

    @cached_property
    def head(self) -> bytes:
        """Its first bytes."""
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES)

    @cached_property
    def data(self) -> bytes:
        """All of its bytes; not for a large file of text."""
        return self.path.read_bytes()

    @cached_property
    def text(self) -> str:
        """All of it as text; of a large file its beginning, to the last whole line.

        Raises:
            BinaryFile: it is no text in any encoding.
        """
        return decode(self.file, self._beginning if self.is_large else self.data)

    def lines(self) -> Iterator[str]:
        """The lines with their ends, as they come.

        Raises:
            BinaryFile: it is no text in any encoding.
        """
        if not self.is_large:
            yield from io.StringIO(self.text, newline="")
            return
        encoding = encoding_of(self.file, self._beginning)
        with self.path.open(encoding=encoding, errors="replace", newline="") as file:
            first = file.readline().removeprefix("\ufeff")
            yield first
            yield from file

    @cached_property
    def first_line(self) -> str:
        """Its first line, or as much of it as a row may have.

        Raises:
            BinaryFile: it is no text in any encoding.
        """
        with self.path.open(encoding=encoding_of(self.file, self._beginning), errors="replace", newline="") as file:
            return file.readline(_LONGEST_ROW).removeprefix("\ufeff")

    def as_utf8(self) -> "Utf8":
        """Its bytes in UTF-8, as they come."""
        return Utf8(self.path, encoding_of(self.file, self._beginning))

    @cached_property
    def _beginning(self) -> bytes:
        if len(self.head) < HEAD_BYTES:
            return self.head
        if b"\0" in self.head[:64]:  # two or four bytes a character
            return self.head
        # Neither a line break nor a quotation mark is ever a part of a character of several bytes.
        end = max(self.head.rfind(b"\n"), self.head.rfind(b'"'))
        return self.head[: end + 1] or self.head


class Utf8:
    """A file of any encoding for a library that reads bytes of UTF-8."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._file = path.open(encoding=encoding, errors="replace", newline="")
        if self._file.read(1) != "\ufeff":
            self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Some of it; a character may be up to four bytes."""
        return self._file.read(size // 4 if size > 4 else size).encode()

    def close(self) -> None:
        """No more of it."""
        self._file.close()


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

    @property
    def is_text(self) -> bool:
        """True where the kind has no mark of its own, and the file has to be text."""
        ...

    def takes(self, content: Content) -> bool:
        """True where the contents, whatever the name says, are of this kind."""
        ...

    def read(self, content: Content) -> Iterator[RawTable]:
        """Its tables, one after the other; the rows of one are read before the next is asked for.

        Raises:
            DataError: nothing in it can be used; also while rows are read.
        """
        ...


def union(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Every name once, in the order of its first appearance."""
    return tuple(dict.fromkeys(name for group in names for name in group))
