"""Parquet tables, as Hugging Face keeps data sets."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from core.data.cleaners.base import EVERY_TASK
from core.data.examples import CONVERSATION, Example
from core.data.writers.base import Row, Shape, as_json, whole_file, whole_set
from core.data.writers.facts import WholeSet
from core.data.writers.shapes import nested_shape
from core.errors import DoesNotFit

_ROWS_AT_ONCE = 5_000  # in memory; a row group


class ParquetWriter:
    """The columns of the chats, typed; calls of tools, of which each may look different, as JSON text."""

    name = "parquet"
    label = "Table (Parquet)"
    help = (
        "Small and fast to load: what Hugging Face keeps data sets in. Chats with calls of tools stand in it as JSON "
        "text; take those as JSONL to train elsewhere."
    )
    suffix = ".parquet"
    tasks = EVERY_TASK

    def write(self, examples: Iterable[Example], path: Path, task: str = CONVERSATION) -> None:
        """Some thousand rows at a time.

        Raises:
            DoesNotFit: only some of the examples have a second answer.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        with whole_set(examples, path.parent) as whole, whole_file(path) as draft:
            shape = _shape(whole, path)
            schema = pa.schema([(column, _type(whole, column)) for column in shape.columns])
            with pq.ParquetWriter(draft, schema, compression="zstd") as table:
                for rows in _batches(whole, shape):
                    table.write_table(pa.Table.from_pylist(rows, schema))


def _shape(examples: WholeSet, path: Path) -> Shape:
    shape, facts = nested_shape(examples), examples.facts
    if facts.rejected and not facts.are_all(facts.preferences):
        lone = next(example for example in examples if not example.rejected)
        raise DoesNotFit(file=path.name, id=lone.id, found="one answer", expected="two answers to each question")
    return Shape(shape.columns, lambda example: _in_text(shape.row(example))) if facts.extras else shape


def _in_text(row: Row) -> Row:
    """The row with its lists as JSON text."""
    return {name: as_json(cell) if isinstance(cell, list) else cell for name, cell in row.items()}


def _type(examples: WholeSet, column: str) -> Any:
    import pyarrow as pa

    if column not in ("messages", "prompt", "chosen", "rejected") or examples.facts.extras:
        return pa.string()
    return pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))


def _batches(examples: WholeSet, shape: Shape) -> Iterator[list[Row]]:
    rows = map(shape.row, examples)
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        yield batch
