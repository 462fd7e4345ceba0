import gzip
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core.data.readers import SUFFIXES
from core.errors import BinaryFile, EmptyFile, TailorError, UnreadableFile, UnsupportedFile
from tests.core.data.build import jsonl, workbook, write
from tests.core.data.readers import files
from tests.core.data.readers.tables import read_table, tables_of


@pytest.mark.parametrize("kind", ["parquet", "arrow", "stream", "zip", "gz", "csv", "jsonl", "xlsx"])
def test_every_kind_of_table_gives_the_same_rows(tmp_path: Path, kind: str):
    table = read_table({**files.VALID, **files.APART}[kind](tmp_path / "f"))
    assert [row.values for row in table.rows] == files.ROWS


def test_the_dialog_offers_every_ending():
    assert {".jsonl", ".csv", ".tsv", ".xlsx", ".xls", ".ods", ".parquet", ".arrow", ".txt", ".md"} <= set(SUFFIXES)
    assert {".docx", ".pdf", ".gz", ".zip"} <= set(SUFFIXES)


def test_members_of_an_archive_are_named_and_the_rest_passed_over(tmp_path: Path):
    rows = jsonl(tmp_path / "a", *files.ROWS).read_bytes()
    path = files.zipped(
        tmp_path / "f.zip",
        **{"in/train.jsonl": rows, "../../test.jsonl": rows, "picture.png": b"\x89PNG", "__MACOSX/._x": b"x"},
    )
    tables = tables_of(path)
    assert [(table.file, table.part) for table in tables] == [
        ("f.zip/test.jsonl", "test"),
        ("f.zip/train.jsonl", "train"),
    ]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (gzip.compress(b"a,b\n" * 2_000_000, 9), UnreadableFile, "unpacks to more"),
        (gzip.compress(b""), EmptyFile, "empty"),
        (gzip.compress(b"\x89PNG\r\n"), BinaryFile, "PNG"),
        (gzip.compress(b"question,answer\na,b\n" * 50)[:40], UnreadableFile, "damaged"),
    ],
    ids=["bomb", "empty", "picture", "cut"],  # the bytes hold the time, and would name the test differently each second
)
def test_archives_that_are_refused(tmp_path: Path, data: bytes, error: type[Exception], words: str):
    with pytest.raises(error, match=words):
        tables_of(write(tmp_path / "f.gz", data))


def test_too_many_members(tmp_path: Path):
    path = files.zipped(tmp_path / "f.zip", **{f"{number}.txt": b"words in a file" for number in range(1001)})
    with pytest.raises(UnreadableFile, match="1001 files"):
        tables_of(path)


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path):
    inner = files.zipped(tmp_path / "inner.zip").read_bytes()
    with pytest.raises(BinaryFile, match="ZIP"):
        tables_of(files.zipped(tmp_path / "f.zip", **{"inner.zip": inner}))


def test_every_sheet_is_a_table(tmp_path: Path):
    path = workbook(tmp_path / "f.xlsx", [["q", "a"], ["1", "2"]], [["alone"]], [["x", "y"], ["3", "4"]])
    assert [(table.name, len(table.rows)) for table in tables_of(path)] == [("Sheet", 1), ("Sheet2", 1)]


def test_a_document_gives_its_text_and_its_tables(tmp_path: Path):
    text, table = tables_of(files.word(tmp_path / "f.docx"))
    assert [row.values["text"] for row in text.rows] == [f"# The river\n\n{files.PROSE}"]
    assert [row.values for row in table.rows] == [
        {"question": "a?", "answer": "b"},
        {"question": "c?", "answer": "d"},
    ]


def test_a_pdf_gives_the_text_of_its_pages(tmp_path: Path):
    table = read_table(files.pdf(tmp_path / "f.pdf"))
    assert [(row.line, row.values["text"]) for row in table.rows] == [
        (1, "The river rises in the north."),
        (2, "It runs for ninety miles."),
    ]


def test_a_scanned_and_a_locked_pdf_are_refused(tmp_path: Path):
    from pypdf import PdfReader, PdfWriter

    with pytest.raises(UnsupportedFile, match="scanned"):
        read_table(files.pdf(tmp_path / "scan.pdf", ("", "")))
    writer = PdfWriter(clone_from=PdfReader(files.pdf(tmp_path / "open.pdf")))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(UnreadableFile, match="password"):
        read_table(tmp_path / "locked.pdf")


@pytest.mark.parametrize("kind", sorted(files.APART))
def test_cut_documents_are_refused_in_words(tmp_path: Path, kind: str):
    whole = files.valid(kind, tmp_path / "f")
    for share in (0.3, 0.8):
        with pytest.raises((UnreadableFile, UnsupportedFile, BinaryFile)):
            tables_of(write(tmp_path / "cut", whole[: int(share * len(whole))]), f"cut.{kind}")


def test_passages_keep_to_their_length_and_to_headings(tmp_path: Path):
    text = "# One\n\n" + "A sentence of five words. " * 200 + "\n\n# Two\n\nshort\n\n" + "这是一句中文。" * 200
    rows = read_table(write(tmp_path / "f.md", text)).rows
    assert all(len(row.values["text"]) <= 1_600 for row in rows)
    assert [row.line for row in rows] == sorted(row.line for row in rows)
    assert "".join("".join(row.values["text"].split()) for row in rows) == "".join(text.split())
    assert any(row.values["text"].startswith("# Two") for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "Q: What is it?\nA: A kettle.\n\nQ: How much?\nA: Nine euros.\nAnd a bag.\n",
        "问：这是什么？\n答：水壶。\n\n问：多少钱？\n答：九欧元。\n",
        "**User:** What is it?\n\n**Assistant:** A kettle.\n\n**User:** How much?\n\n**Assistant:** Nine euros.\n",
    ],
)
def test_conversations_in_a_text_are_found(tmp_path: Path, text: str):
    rows = read_table(write(tmp_path / "f.txt", text)).rows
    assert [[turn["role"] for turn in row.values["messages"]] for row in rows] == [["user", "assistant"]] * 2
    assert rows[0].line == 1


def test_json_as_it_occurs(tmp_path: Path):
    loose = (
        '// a comment\n[\n  {"question": "a // b", "answer": "c",}, /* */\n {"question": "d, ]", "answer": ""},\n]\n'
    )
    table = read_table(write(tmp_path / "f.json", loose))
    assert [row.values["question"] for row in table.rows] == ["a // b", "d, ]"]
    broken = '{"question": "a", "answer": "b"}\n{"question": "line\nbreak", "answer": "c"}\n{"question": oops}\n{"question": "d", "answer": "e"}\n'  # noqa: E501
    table = read_table(write(tmp_path / "g.jsonl", broken))
    assert [(row.line, row.values["question"]) for row in table.rows] == [(1, "a"), (2, "line\nbreak"), (5, "d")]
    assert [problem.line for problem in table.problems] == [4]


def test_lists_with_names_are_a_table_each(tmp_path: Path):
    data = '{"train": [["hi", "greet"], ["yo", "greet"]], "oos_val": [["why", "oos"]], "test": [["bye", "leave"]]}'
    tables = tables_of(write(tmp_path / "f.json", data))
    assert [(table.name, table.part, len(table.rows)) for table in tables] == [
        ("train", "train", 2),
        ("oos_val", "validation", 1),
        ("test", "test", 1),
    ]
    assert tables[0].rows[0].values == {"text": "hi", "label": "greet"}


@pytest.mark.parametrize("wrap", ["{}", '{{"data": {}}}'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_large_files_are_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrap: str, encoding: str):
    import json

    rows = [{"question": f"第{number}个问题是什么？我们这里有的", "answer": "的一是不了" * 9} for number in range(3000)]
    text = wrap.format(json.dumps(rows, ensure_ascii=False))
    path = write(tmp_path / "f.json", text.encode(encoding))
    small = read_table(path)
    monkeypatch.setattr("core.data.readers.base.WHOLE_BYTES", 1000)
    assert read_table(path) == small
    assert [row.values for row in small.rows] == rows


@pytest.mark.parametrize("kind", ["csv", "jsonl", "text"])
def test_large_files_give_the_rows_of_small_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str):
    path = files.VALID[kind](tmp_path / "f")
    small = read_table(path)
    monkeypatch.setattr("core.data.readers.base.WHOLE_BYTES", 10)
    assert read_table(path) == small


def test_a_table_without_a_header_gets_numbers(tmp_path: Path):
    text = "How much is the kettle?,It is nine euros.\nHow much is the tent?,It is ninety euros.\n"
    table = read_table(write(tmp_path / "f.csv", text))
    assert table.columns == ("column 1", "column 2")
    assert len(table.rows) == 2


def test_names_in_archives_made_on_chinese_windows(tmp_path: Path):
    path = files.zipped(tmp_path / "f.zip", **{"AAAA.csv": b"question,answer\na,b\n"})
    path.write_bytes(path.read_bytes().replace(b"AAAA", "测试".encode("gbk")))
    assert [(table.file, table.part) for table in tables_of(path)] == [("f.zip/测试.csv", "test")]


def test_labels_and_texts_as_others_keep_them(tmp_path: Path):
    import json

    import pyarrow
    from pyarrow import parquet

    features = {"label": {"names": ["bad", "good"], "_type": "ClassLabel"}, "text": {"_type": "Value"}}
    noted = {"huggingface": json.dumps({"info": {"features": features}})}
    columns = {"text": ["a", "b", "c"], "label": [1, 0, -1], "raw": ["é".encode(), b"\x00\x01", b"\xff"]}
    parquet.write_table(pyarrow.table(columns).replace_schema_metadata(noted), tmp_path / "f.parquet")
    rows = [row.values for row in read_table(tmp_path / "f.parquet").rows]
    assert [row["label"] for row in rows] == ["good", "bad", -1]
    assert [row["raw"] for row in rows] == ["é", "<bytes>", "<bytes>"]


@pytest.mark.parametrize("start", ["Anna, 10:05: When do you open?\n", "10:05 - 10:06\n"])
def test_a_text_full_of_numbers_is_a_text(tmp_path: Path, start: str):
    text = start + "2024-01-05 10:01:22\nWhen do you open\n2024-01-05 10:02:10\nAt nine\n"
    assert read_table(write(tmp_path / "f.txt", text)).kind == "text"


def test_offsets_that_lie_are_refused_before_they_are_followed(tmp_path: Path):
    import pyarrow

    columns = pyarrow.table({"question": ["a", "bcd"], "answer": ["x", "y"]})
    with pyarrow.ipc.new_stream(tmp_path / "f.arrow", columns.schema) as writer:
        writer.write_table(columns)
    offsets, lie = (b"".join(n.to_bytes(4, "little") for n in ends) for ends in ((0, 1, 4), (0, 1, 2**31 - 1)))
    data = (tmp_path / "f.arrow").read_bytes()
    assert offsets in data
    with pytest.raises(UnreadableFile, match="damaged"):
        read_table(write(tmp_path / "g.arrow", data.replace(offsets, lie)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f.txt", "a" + " " * 400_000),
        ("f.txt", "user" + " " * 400_000),
        ("f.json", "\n" * 400_000 + "x"),
        ("f.json", '{"a": "\n' * 30_000),
        ("f.jsonl", '"broken\n' * 30_000),
        ("f.csv", "a," * 100_000 + "\n" + "1," * 100_000),
        ("f.md", "## a?" + " " * 200_000 + "x\n" + "#" * 200_000),
    ],
)
def test_texts_made_to_take_long_do_not(tmp_path: Path, name: str, text: str):
    begun = time.perf_counter()
    with suppress(TailorError):
        tables_of(write(tmp_path / name, text))
    assert time.perf_counter() - begun < 10
