"""Tables in columns: Parquet, and Arrow as `datasets` and pandas write it."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.data.readers.base import Content
from core.data.readers.decoding import storable
from core.data.readers.json_text import tidy
from core.data.readers.tabular import column_names
from core.data.table import RawRow, RawTable
from core.errors import EmptyFile, UnreadableFile

if TYPE_CHECKING:
    import pyarrow

_BATCH_ROWS = 1_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_FILE, _STREAM = b"ARROW1", b"\xff\xff\xff\xff"


class ParquetReader:
    """A Parquet file, batch by batch."""

    name = "parquet"
    label = "Parquet"
    suffixes: tuple[str, ...] = (".parquet",)
    is_text = False

    def takes(self, content: Content) -> bool:
        """True for its magic number."""
        return content.head.startswith(b"PAR1")

    def read(self, content: Content) -> Iterator[RawTable]:
        """Row by row.

        Raises:
            UnreadableFile: damaged. EmptyFile: no rows.
        """
        yield RawTable(content.file, _rows(content, "Parquet", _parquet(content)), self.name)


class ArrowReader:
    """An Arrow file or stream, batch by batch."""

    name = "arrow"
    label = "Arrow"
    suffixes: tuple[str, ...] = (".arrow", ".feather")
    is_text = False

    def takes(self, content: Content) -> bool:
        """True for the magic number of a file, or the first message of a stream."""
        return content.head.startswith((_FILE, _STREAM))

    def read(self, content: Content) -> Iterator[RawTable]:
        """Row by row.

        Raises:
            UnreadableFile: damaged. EmptyFile: no rows.
        """
        yield RawTable(content.file, _rows(content, "Arrow", _arrow(content)), self.name)


def _parquet(content: Content) -> Iterator["pyarrow.RecordBatch"]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(content.path) as file:
        yield from file.iter_batches(batch_size=_BATCH_ROWS)


def _arrow(content: Content) -> Iterator["pyarrow.RecordBatch"]:
    import pyarrow

    with pyarrow.memory_map(str(content.path)) as source:
        if content.head.startswith(_FILE):
            file = pyarrow.ipc.open_file(source)
            yield from (file.get_batch(number) for number in range(file.num_record_batches))
        else:
            yield from pyarrow.ipc.open_stream(source)


def _rows(content: Content, kind: str, batches: Iterator["pyarrow.RecordBatch"]) -> Iterator[RawRow]:
    import pyarrow

    number = 0
    try:
        for batch in batches:
            batch.validate(full=True)  # a damaged offset would end the process instead of raising
            named, columns = _named(batch), _told_apart(batch.schema.names)
            for start in range(0, batch.num_rows, _BATCH_ROWS):
                for row in batch.slice(start, _BATCH_ROWS).rename_columns(columns).to_pylist():
                    number += 1
                    yield RawRow(number, {name: _label(_plain(cell), named.get(name)) for name, cell in row.items()})
    except (
        pyarrow.ArrowException,
        OSError,
        ValueError,
        TypeError,
        ArithmeticError,
        LookupError,
        NotImplementedError,
    ) as error:
        found = " ".join(str(error).split())[:120]
        raise UnreadableFile(file=content.file, found=f"damaged ({found})", expected=f"a {kind} table") from error
    if not number:
        raise EmptyFile(file=content.file)


def _told_apart(names: list[str]) -> list[str]:
    """The names of the columns; of two with one name both are kept."""
    return names if len(set(names)) == len(names) else list(column_names(names))


def _text_in(data: bytes) -> str:
    """What bytes say where they are a text: Spark and DuckDB write texts as bytes."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "<bytes>"
    return storable(text) if text.isprintable() or not _CONTROL.search(text) else "<bytes>"


def _named(batch: "pyarrow.RecordBatch") -> dict[str, list[str]]:
    """The names of labels that are kept as numbers, as `datasets` notes them beside the columns."""
    try:
        noted = json.loads((batch.schema.metadata or {})[b"huggingface"])["info"]["features"]
        features = {name: feature for name, feature in noted.items() if isinstance(feature, dict)}
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}
    named = {name: feature.get("names") for name, feature in features.items() if feature.get("_type") == "ClassLabel"}
    return {name: names for name, names in named.items() if isinstance(names, list)}


def _label(value: object, names: list[str] | None) -> object:
    if names is None or not isinstance(value, int) or not 0 <= value < len(names):
        return value
    return names[value]


def _plain(value: Any) -> object:
    """What JSON can hold: pictures and sound become a word, dates their text."""
    if isinstance(value, bytes):
        return _text_in(value)
    if isinstance(value, list | tuple):  # a map is a list of tuples
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items() if item is not None}
    return tidy(value) if value is None or isinstance(value, str | int | float) else str(value)
