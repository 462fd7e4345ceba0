"""Every reader, whatever it reads, keeps the same promises."""

from pathlib import Path

import pytest

from core.data.readers import READERS, read_table
from core.data.readers.base import Content, Reader
from core.errors import EmptyFile
from tests.core.data.build import jsonl, workbook, write

ROWS = [["question", "answer"], ["How?", "So, \n“like” this."], ["谁？", "我"]]


def a_json(path: Path, rows: list[list[str]]) -> Path:
    return jsonl(path, *(dict(zip(rows[0], row, strict=True)) for row in rows[1:]))


def a_csv(path: Path, rows: list[list[str]]) -> Path:
    return write(path, "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))


# A new reader adds the file it reads.
BUILDERS = {"json": a_json, "csv": a_csv, "xlsx": workbook}
readers = pytest.mark.parametrize("reader", list(READERS), ids=READERS.names())


def content(reader: Reader, tmp_path: Path, rows: list[list[str]]) -> Content:
    return Content("f", BUILDERS[reader.name](tmp_path / "f", rows).read_bytes())


@readers
def test_describes_itself(reader: Reader):
    assert reader.label
    assert all(suffix.startswith(".") and suffix.islower() for suffix in reader.suffixes)


@readers
def test_takes_its_own_and_no_other(reader: Reader, tmp_path: Path):
    for other in READERS:
        taken = next(entry for entry in READERS if entry.takes(content(other, tmp_path, ROWS)))
        assert taken is other
    assert reader.takes(content(reader, tmp_path, ROWS))


@readers
def test_gives_the_same_rows(reader: Reader, tmp_path: Path):
    table = reader.read(content(reader, tmp_path, ROWS))
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
