from pathlib import Path

import pytest

from core.data.table import RawTable
from tests.core.data.build import write
from tests.core.data.readers.tables import read_table


def read(tmp_path: Path, text: str | bytes, name: str = "f.csv") -> RawTable:
    return read_table(write(tmp_path / name, text))


def cells(table: RawTable) -> list[list[str]]:
    return [list(row.values.values()) for row in table.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_detected(tmp_path: Path, delimiter: str):
    text = f'question{delimiter}answer\n"one, or; two|?"{delimiter}yes\nb{delimiter}c\n'
    table = read(tmp_path, text, "f.txt")
    assert table.columns == ("question", "answer")
    assert cells(table) == [["one, or; two|?", "yes"], ["b", "c"]]


def test_mixed_line_endings_and_breaks_inside_cells(tmp_path: Path):
    table = read(tmp_path, 'q,a\n1,"x\r\n\r\ny"\r\n2,"say ""hi"""\n3,z\r\n')
    assert cells(table) == [["1", "x\r\n\r\ny"], ["2", 'say "hi"'], ["3", "z"]]
    assert [row.line for row in table.rows] == [2, 5, 6]


def test_gb18030(tmp_path: Path):
    table = read(tmp_path, "问题,答案\n你们几点开门？,我们早上九点开门。\n".encode("gb18030"))
    assert table.columns == ("问题", "答案")
    assert cells(table) == [["你们几点开门？", "我们早上九点开门。"]]


def test_blank_lines_and_unused_columns_are_passed_over(tmp_path: Path):
    table = read(tmp_path, "q,a,,\n1,2,,\n,,,\n\n3,4,,\n")
    assert table.columns == ("q", "a")
    assert cells(table) == [["1", "2"], ["3", "4"]]


def test_names_used_twice_or_not_at_all(tmp_path: Path):
    table = read(tmp_path, "a,a,,a (2)\n1,2,3,4\n")
    assert table.columns == ("a", "a (2)", "column 3", "a (2) (2)")


def test_short_rows_are_filled_and_long_rows_are_problems(tmp_path: Path):
    table = read(tmp_path, "q,a\n1\n2,3,4\n5,6\n7,8\n9,10\n11,12,,\n")
    assert cells(table) == [["1", ""], ["5", "6"], ["7", "8"], ["9", "10"], ["11", "12"]]
    assert [(problem.line, problem.found) for problem in table.problems] == [(3, "3 cells")]


def test_quotation_mark_that_is_never_closed_takes_one_row(tmp_path: Path):
    table = read(tmp_path, 'q,a\n1,2\n3,"4\n5,6\n7,8\n')
    assert cells(table) == [["1", "2"], ["5", "6"], ["7", "8"]]
    assert [problem.line for problem in table.problems] == [3]


def test_blank_after_the_comma(tmp_path: Path):
    assert cells(read(tmp_path, 'q, a\n"1, 2", "3, 4"\n')) == [["1, 2", "3, 4"]]


def test_one_column_is_a_table_where_the_name_says_so(tmp_path: Path):
    assert read(tmp_path, "text\nhello\nworld\n").columns == ("text",)
    assert read(tmp_path, "text\nhello\nworld\n", "f.txt").kind == "text"


def test_missing_words_stay_words(tmp_path: Path):
    assert cells(read(tmp_path, "q,a\nNA,null\n007,1.0\n")) == [["NA", "null"], ["007", "1.0"]]


@pytest.mark.parametrize("mark", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_the_line_in_which_excel_names_the_separator(tmp_path: Path, mark: str):
    table = read(tmp_path, f"{mark}question;answer\na, b?;c\nd?;e\n")
    assert table.columns == ("question", "answer")
    assert cells(table) == [["a, b?", "c"], ["d?", "e"]]
    assert [row.line for row in table.rows] == [3, 4]


@pytest.mark.parametrize("title", ["Questions of 2024\n\n", "Questions,,\n,,\n", "# exported\n# by me\n"])
def test_a_title_above_the_header_is_passed_over(tmp_path: Path, title: str):
    table = read(tmp_path, f"{title}question,answer\na?,b\nc?,d\n")
    assert table.columns == ("question", "answer")
    assert cells(table) == [["a?", "b"], ["c?", "d"]]


def test_quotation_marks_behind_a_backslash(tmp_path: Path):
    table = read(tmp_path, 'question,answer\n"say \\"hi\\", ok?","C:\\new"\n"b?","c"\n')
    assert cells(table) == [['say "hi", ok?', "C:\\new"], ["b?", "c"]]


def test_sentences_with_tabs_between_them_are_a_table_under_any_name(tmp_path: Path):
    table = read(tmp_path, "When?\tAt nine.\nWhere?\tHere.\nWho?\tMe.\nWhy?\tFor fun.\n", "f.txt")
    assert (table.kind, table.columns, len(table.rows)) == ("csv", ("column 1", "column 2"), 4)
