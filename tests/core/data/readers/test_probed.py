"""What files of odd make once broke."""

from pathlib import Path

import pytest

from core.errors import UnreadableFile
from tests.core.data.build import jsonl, write
from tests.core.data.readers import files
from tests.core.data.readers.tables import read_table, tables_of


@pytest.fixture
def all_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.data.readers.base.WHOLE_BYTES", 1000)


@pytest.mark.usefixtures("all_large")
def test_a_quotation_mark_without_end_costs_one_line_of_a_large_table(tmp_path: Path):
    good = "".join(f"how is number {number} today,it is fine\n" for number in range(5000))
    table = read_table(
        write(tmp_path / "f.csv", f'question,answer\na,5" pipe\n"open,b\n{good}"c\nd",5"\n"also open,e\n{good}')
    )
    assert [problem.line for problem in table.problems] == [3, 5006]
    assert len(table.rows) == 10_002
    assert table.rows[-1].line == 10_006


@pytest.mark.usefixtures("all_large")
def test_marks_without_end_in_thousands(tmp_path: Path):
    block = '"open,b\n' + "how is it today,it is fine\n" * 2500
    table = read_table(write(tmp_path / "f.csv", "question,answer\n" + "how,fine\n" * 300 + block * 40))
    assert len(table.rows) + len(table.problems) == 300 + 40 * 2501


def test_each_answer_with_one_comma_is_no_table_of_commas(tmp_path: Path):
    table = read_table(
        write(tmp_path / "f.csv", "question;answer\n" + "where were you?;in the town, by the river\n" * 9)
    )
    assert (table.columns, len(table.rows)) == (("question", "answer"), 9)


def test_columns_in_parquet_that_few_people_have(tmp_path: Path):
    import pyarrow
    from pyarrow import parquet

    pairs = pyarrow.array([[("k", "v")]], pyarrow.map_(pyarrow.string(), pyarrow.string()))
    parquet.write_table(pyarrow.Table.from_arrays([["a"], ["b"], pairs], ["text", "text", "map"]), tmp_path / "f")
    assert read_table(tmp_path / "f").rows[0].values == {"text": "a", "text (2)": "b", "map": [["k", "v"]]}
    times = pyarrow.array([1], pyarrow.timestamp("us", "Nowhere/There"))
    parquet.write_table(pyarrow.table({"text": ["a"], "time": times}), tmp_path / "g")
    with pytest.raises(UnreadableFile, match="Nowhere"):
        read_table(tmp_path / "g")


@pytest.mark.usefixtures("all_large")
def test_a_first_line_longer_than_what_kinds_are_told_by(tmp_path: Path):
    path = jsonl(tmp_path / "f", {"text": "a text of words " * 20_000}, *({"text": f"text {n}"} for n in range(9)))
    assert [len(row.values["text"]) for row in read_table(path).rows] == [320_000, *[6] * 9]
    pretty = write(tmp_path / "g", '{"data":\n[' + ",\n".join([path.read_text().splitlines()[0]] * 3) + "]}")
    assert len(read_table(pretty).rows) == 3


def test_members_of_one_name_are_told_apart_by_their_folders(tmp_path: Path):
    data = b'{"text": "a"}\n{"text": "b"}\n'
    names = ["train/data.jsonl", "test/data.jsonl", "a\\b\\dev.jsonl", "..", "/train/one.jsonl"]
    tables = tables_of(files.zipped(tmp_path / "f.zip", **dict.fromkeys(names, data)))
    assert {table.file: table.part for table in tables} == {
        "f.zip/train/data.jsonl": "train",
        "f.zip/test/data.jsonl": "test",
        "f.zip/dev.jsonl": "validation",
        "f.zip/file": "",
        "f.zip/one.jsonl": "",
    }
