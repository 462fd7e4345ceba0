"""The same rows in files of different kinds are the same examples."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.data.steps import DataSteps
from core.workspace import Workspace
from tests.core.data.build import jsonl, workbook, write

ROWS = [
    {"question": "How much is the kettle?", "answer": "It is nine euros."},
    {"question": "谁来送货？", "answer": "周三由邮差送来，\n请在家等候。"},
    {"question": 'Does "A, B" fit; or not?', "answer": "It fits,\tmostly.\n\n1. Open it.\n2. Close it."},
    {"question": "Où est-ce ?", "answer": "À l’étage — près de l’escalier."},
    {"question": "What does code 007 mean?", "answer": "007"},
]


def as_csv(path: Path, delimiter: str = ",") -> Path:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = (delimiter.join(map(quoted, row.values())) for row in ROWS)
    return write(path, "\r\n".join([delimiter.join(ROWS[0]), *lines]))


def as_parquet(path: Path) -> Path:
    import pyarrow
    from pyarrow.parquet import write_table

    write_table(pyarrow.Table.from_pylist(ROWS), path)
    return path


def as_workbook(path: Path) -> Path:
    cells: list[list[object]] = [list(ROWS[0]), *([*row.values()] for row in ROWS)]
    return workbook(path, cells)


FILES: dict[str, Any] = {
    "csv": as_csv,
    "tsv": lambda path: as_csv(path, "\t"),
    "json": lambda path: write(path, json.dumps(ROWS, ensure_ascii=False)),
    "jsonl": lambda path: jsonl(path, *ROWS),
    "xlsx": as_workbook,
    "parquet": as_parquet,
    "utf16.csv": lambda path: write(path, as_csv(path).read_text(encoding="utf-8").encode("utf-16")),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_same_rows_are_the_same_examples(tmp_path: Path, kind: str):
    steps = DataSteps(Workspace(tmp_path / "workspace"))
    dataset = steps.import_files([FILES[kind](tmp_path / f"rows.{kind}")])
    cleaned = steps.datasets.cleaned(dataset)
    read = [cleaned.read(row) for row in range(len(cleaned))]
    assert [(example.question, example.answer) for example in read] == [
        (row["question"], row["answer"].replace("\r\n", "\n")) for row in ROWS
    ]
