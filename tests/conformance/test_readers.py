"""Every reader, whatever it reads, keeps the same promises."""

from pathlib import Path
from typing import Any

import pytest

from core.data.readers import READERS, open_tables
from core.data.readers.base import Content, Reader
from core.errors import EmptyFile
from tests.core.data.build import jsonl, workbook, write
from tests.core.data.readers.tables import read_table, whole

ROWS = [["question", "answer"], ["How?", "So, \n“like” this."], ["谁？", "我"]]


def a_json(path: Path, rows: list[list[str]]) -> Path:
    return jsonl(path, *(dict(zip(rows[0], row, strict=True)) for row in rows[1:]))


def a_csv(path: Path, rows: list[list[str]]) -> Path:
    return write(path, "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))


def a_parquet(path: Path, rows: list[list[str]]) -> Path:
    from pyarrow.parquet import write_table

    write_table(arrow_table(rows), path)
    return path


def an_arrow(path: Path, rows: list[list[str]]) -> Path:
    import pyarrow

    table = arrow_table(rows)
    with pyarrow.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    return path


def arrow_table(rows: list[list[str]]) -> Any:
    import pyarrow

    columns = {name: pyarrow.array([row[index] for row in rows[1:]], "string") for index, name in enumerate(rows[0])}
    return pyarrow.table(columns)


def a_document(path: Path, rows: list[list[str]]) -> Path:
    from docx import Document

    document = Document()
    table = document.add_table(len(rows), len(rows[0]))
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            table.cell(line, column).text = cell
    document.save(str(path))
    return path


# A new reader adds the file it reads.
BUILDERS = {
    "json": a_json,
    "csv": a_csv,
    "xlsx": workbook,
    "parquet": a_parquet,
    "arrow": an_arrow,
    "document": a_document,
}
TEXTS = ("pdf", "text")  # they give passages, and have tests of their own
TABLES = [reader for reader in READERS if reader.name not in TEXTS]
every = pytest.mark.parametrize("reader", list(READERS), ids=READERS.names())
readers = pytest.mark.parametrize("reader", TABLES, ids=[reader.name for reader in TABLES])


def content(reader: Reader, tmp_path: Path, rows: list[list[str]]) -> Content:
    return Content("f", BUILDERS[reader.name](tmp_path / reader.name, rows))


@every
def test_describes_itself(reader: Reader):
    assert reader.label
    assert all(suffix.startswith(".") and suffix.islower() for suffix in reader.suffixes)


@readers
def test_takes_its_own_and_no_other(reader: Reader, tmp_path: Path):
    for other in TABLES:
        found = whole(next(open_tables(content(other, tmp_path, ROWS).path)))
        assert found.kind == other.name
    assert reader.takes(content(reader, tmp_path, ROWS))


@readers
def test_gives_the_same_rows(reader: Reader, tmp_path: Path):
    table = whole(next(reader.read(content(reader, tmp_path, ROWS))))
    assert (table.file, table.kind, table.columns, table.problems) == (
        "f",
        reader.name,
        ("question", "answer"),
        (),
    )
    assert [list(row.values.values()) for row in table.rows] == ROWS[1:]
    lines = [row.line for row in table.rows]
    assert lines == sorted(set(lines))
    assert lines[0] >= 1


@readers
def test_no_rows_is_an_empty_file(reader: Reader, tmp_path: Path):
    path = BUILDERS[reader.name](tmp_path / "f", ROWS[:1])
    with pytest.raises(EmptyFile):
        read_table(path, f"f{reader.suffixes[0]}")
