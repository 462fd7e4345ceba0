"""The kinds of file that can be read, each told by its contents and not by its name."""

from pathlib import Path

from core.data.readers.base import Content, Reader
from core.data.readers.csv import CsvReader
from core.data.readers.decoding import storable
from core.data.readers.foreign import READABLE, refusal, refuse_foreign, refuse_markup
from core.data.readers.json import JsonReader
from core.data.readers.xlsx import XlsxReader
from core.data.table import RawTable
from core.errors import EmptyFile, FileMissing, UnreadableFile, UnsupportedFile
from core.registry import Table

# The first that takes a file reads it: a workbook before text, an array before a table that begins with "[".
READERS: Table[Reader] = Table("reader", XlsxReader(), JsonReader(), CsvReader())


def read_table(path: Path, name: str | None = None) -> RawTable:
    """The rows of a file of any kind; `name` is what the person called it.

    Raises:
        DataError: no such file, nothing in it, a kind no reader takes, or nothing usable.
    """
    content = Content(storable(name or path.name), _bytes_of(path, storable(name or str(path))))
    if not content.data.strip():
        raise EmptyFile(file=content.file)
    refuse_foreign(content)
    reader = next((reader for reader in READERS if reader.takes(content)), None)
    if reader is not None:
        return reader.read(content)
    refuse_markup(content)
    raise refusal(content)


def _bytes_of(path: Path, file: str) -> bytes:
    if path.is_dir():
        raise UnsupportedFile(file=file, found="a folder", expected=READABLE)
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(file=file) from error
    except OSError as error:
        found = f"the file cannot be opened ({error.strerror})"
        raise UnreadableFile(file=file, found=found, expected="a file you may read") from error
