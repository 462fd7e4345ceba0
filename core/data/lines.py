"""Examples on disk, reached by their row number: a JSONL file, and beside it where each line begins."""

from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from core.data.examples import Example, as_line, from_line


class ExampleWriter:
    """Appends examples to a new file; the offsets follow when it closes.

    Memory: 8 bytes a row.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.open("wb")
        self._offsets = array("q")

    @property
    def num_rows(self) -> int:
        """Written so far."""
        return len(self._offsets)

    def add(self, example: Example) -> int:
        """Writes one example and returns its row number."""
        self._offsets.append(self._file.tell())
        self._file.write(as_line(example).encode() + b"\n")
        return len(self._offsets) - 1

    def read(self, row: int) -> Example:
        """A row that is written already."""
        self._file.flush()
        with self._path.open("rb") as file:
            file.seek(self._offsets[row])
            return from_line(file.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        np.save(_offsets_of(self._path), np.asarray(self._offsets, dtype=np.int64))


class ExampleLines:
    """A file that `ExampleWriter` wrote: all rows in order, or any row at once. Holds no text in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offsets = np.load(_offsets_of(path), mmap_mode="r")

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[Example]:
        with self._path.open("rb") as file:
            yield from map(from_line, file)

    def __getitem__(self, row: int) -> Example:
        with self.opened() as read:
            return read(row)

    @contextmanager
    def opened(self) -> Iterator[Callable[[int], Example]]:
        """Any row at once, for many of them."""
        with self._path.open("rb") as file:

            def read(row: int) -> Example:
                file.seek(int(self._offsets[row]))
                return from_line(file.readline())

            yield read


def _offsets_of(path: Path) -> Path:
    return path.with_suffix(".offsets.npy")
