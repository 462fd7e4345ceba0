import datetime
from pathlib import Path

import openpyxl
import pytest

from core.errors import EmptyFile, UnreadableFile
from tests.core.data.build import workbook
from tests.core.data.readers.tables import read_table, tables_of


def test_cells_are_what_people_see(tmp_path: Path):
    day, moment = datetime.date(2026, 11, 24), datetime.datetime(2026, 11, 24, 8, 5)
    rows = [["a", "b", "c", "d"], [3.0, 0.1 + 0.2, True, None], ["NA", day, moment, 12345678901]]
    table = read_table(workbook(tmp_path / "f.xlsx", rows))
    assert [list(row.values.values()) for row in table.rows] == [
        ["3", "0.3", "TRUE", ""],
        ["NA", "2026-11-24", "2026-11-24 08:05:00", "12345678901"],
    ]


def test_first_sheet_with_rows(tmp_path: Path):
    path = workbook(tmp_path / "f.xlsx", [], [["only", "header"]], [["q", "a"], ["1", "2"]], [["x"], ["y"]])
    assert read_table(path).columns == ("q", "a")


def test_title_blank_rows_and_unnamed_columns(tmp_path: Path):
    rows = [["Our FAQ"], [], ["question", "answer"], ["a", "b"], [], ["c", "d", "note"]]
    table = read_table(workbook(tmp_path / "f.xlsx", rows))
    assert table.columns == ("question", "answer", "column 3")
    assert [row.line for row in table.rows] == [4, 6]
    assert table.rows[0].values == {"question": "a", "answer": "b", "column 3": ""}


def test_no_rows_at_all(tmp_path: Path):
    with pytest.raises(EmptyFile):
        read_table(workbook(tmp_path / "f.xlsx", [["question", "answer"]]))


def test_a_cell_at_the_far_corner_ends_no_process(tmp_path: Path):
    book = openpyxl.load_workbook(workbook(tmp_path / "f.xlsx", [["question", "answer"], ["a", "b"]]))
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(UnreadableFile, match="too large"):
        read_table(tmp_path / "f.xlsx")


def test_hidden_sheets_are_not_read_and_merged_cells_count_for_each_row(tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in [
        ["Questions", "version 3"],
        ["No.", "Question", "Answer"],
        [1, "a?", "b"],
        [2, "c?", None],
        [3, "d?", "e"],
    ]:
        book.active.append(row)
    book.active.merge_cells("C3:C4")
    hidden = book.create_sheet("old")
    for row in [["question", "answer"], ["x", "y"]]:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "f.xlsx")
    (table,) = tables_of(tmp_path / "f.xlsx")
    assert [row.values for row in table.rows] == [
        {"No.": "1", "Question": "a?", "Answer": "b"},
        {"No.": "2", "Question": "c?", "Answer": "b"},
        {"No.": "3", "Question": "d?", "Answer": "e"},
    ]


def test_a_sheet_without_a_header_gets_numbers(tmp_path: Path):
    table = read_table(workbook(tmp_path / "f.xlsx", [["When do you open?", "We open at nine."], ["Where?", "Here."]]))
    assert (table.columns, len(table.rows)) == (("column 1", "column 2"), 2)
