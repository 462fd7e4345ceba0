"""The kinds of file that can be read, each told by its contents and not by its name."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from core.data.readers.archive import is_archive, unpacked
from core.data.readers.base import Content, Reader
from core.data.readers.chatlog import gathered
from core.data.readers.columnar import ArrowReader, ParquetReader
from core.data.readers.csv import CsvReader
from core.data.readers.decoding import storable
from core.data.readers.document import PdfReader, WordReader
from core.data.readers.exports import opened
from core.data.readers.foreign import READABLE, refusal, refuse_foreign, refuse_markup, refuse_office
from core.data.readers.json import JsonReader
from core.data.readers.text import TextReader
from core.data.readers.xlsx import XlsxReader
from core.data.table import RawTable
from core.errors import EmptyFile, FileMissing, UnreadableFile, UnsupportedFile
from core.registry import Table

# The first that takes a file reads it: what has a mark before text, an array before a table that begins with "[",
# and words last.
READERS: Table[Reader] = Table(
    "reader",
    XlsxReader(),
    WordReader(),
    PdfReader(),
    ParquetReader(),
    ArrowReader(),
    JsonReader(),
    CsvReader(),
    TextReader(),
)
_NOTHING = b" \t\r\n\x0b\x0c,;|"  # a table of blank cells is empty too
SUFFIXES = (*(suffix for reader in READERS for suffix in reader.suffixes), ".gz", ".zip")


def open_tables(path: Path, name: str | None = None) -> Iterator[RawTable]:
    """The tables of a file of any kind; `name` is what the person called it.

    The rows of a table are read before the next table is asked for.

    Raises:
        DataError: no such file, nothing in it, a kind no reader takes, or nothing usable; also while rows are read.
    """
    file = storable(name or path.name)
    refuse_unopenable(path, storable(name or str(path)))
    yield from _tables(Content(file, path))


def _tables(content: Content, is_inside: bool = False) -> Iterator[RawTable]:
    if not content.head.strip(_NOTHING):
        raise EmptyFile(file=content.file)
    reader = _reader(content, is_text=False)
    if reader is None and is_archive(content) and not is_inside:
        refuse_office(content)
        yield from unpacked(content, lambda inner: _tables(inner, is_inside=True))
        return
    for table in (reader or _text_reader(content)).read(content):
        yield _with_rows(table)


def _with_rows(table: RawTable) -> RawTable:
    """The table, once its first row is there.

    Raises:
        EmptyFile: it has none.
    """
    rows = gathered(opened(table.rows))
    first = next(rows, None)
    if first is None:
        raise EmptyFile(file=table.file)
    return replace(table, rows=chain([first], rows))


def _reader(content: Content, *, is_text: bool) -> Reader | None:
    return next((reader for reader in READERS if reader.is_text == is_text and reader.takes(content)), None)


def _text_reader(content: Content) -> Reader:
    refuse_foreign(content)
    reader = _reader(content, is_text=True)
    if reader is None or reader.name == TextReader.name:
        refuse_markup(content)
    if reader is None:
        raise refusal(content)
    return reader


def refuse_unopenable(path: Path, file: str) -> None:
    """Returns for a file that can be read.

    Raises:
        FileMissing, UnsupportedFile, UnreadableFile: there is none, it is a folder, or it is not the person's to read.
    """
    if path.is_dir():
        raise UnsupportedFile(file=file, found="a folder", expected=READABLE)
    try:
        with path.open("rb"):
            return
    except FileNotFoundError as error:
        raise FileMissing(file=file) from error
    except OSError as error:
        found = f"the file cannot be opened ({error.strerror})"
        raise UnreadableFile(file=file, found=found, expected="a file you may read") from error
