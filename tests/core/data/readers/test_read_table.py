import io
import zipfile
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.readers.base import Content
from core.errors import (
    BinaryFile,
    BrokenJson,
    EmptyFile,
    FileMissing,
    TailorError,
    UnreadableFile,
    UnsupportedFile,
)
from tests.core.data.build import jsonl, workbook, write
from tests.core.data.readers.files import VALID, valid
from tests.core.data.readers.tables import read_table, tables_of

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def test_missing_file_is_named(tmp_path: Path):
    with pytest.raises(FileMissing, match=r"nowhere\.jsonl"):
        read_table(tmp_path / "nowhere.jsonl")


def test_folder_is_no_file(tmp_path: Path):
    with pytest.raises(UnsupportedFile, match="a folder"):
        read_table(tmp_path)


@pytest.mark.parametrize("content", [b"", b"  \n\t\n", b"[]", b'{"data": []}', b"question,answer\n", b"\xef\xbb\xbf"])
def test_nothing_in_it(tmp_path: Path, content: bytes):
    with pytest.raises(EmptyFile, match=r"f\.csv"):
        read_table(write(tmp_path / "f.csv", content))


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", BinaryFile, "PNG"),
        (b"\xff\xd8\xff\xe0", BinaryFile, "JPEG"),
        (b"\x1f\x8b\x08", UnreadableFile, "damaged archive"),
        (b"some text\x00more", BinaryFile, "byte 9"),
        (bytes(range(1, 32)) * 9, BinaryFile, "control code"),
        (zipped("a.txt")[:60], UnreadableFile, "damaged archive"),
        (zipped("word/document.xml"), UnreadableFile, "Word"),
        (zipped("ppt/slides"), UnsupportedFile, "PowerPoint"),
        (b"%PDF-1.7 \x00", UnreadableFile, "PDF"),
        (b"PAR1\x15\x04", UnreadableFile, "Parquet"),
        (b"ARROW1\x00\x00xyz", UnreadableFile, "Arrow"),
        (b"{\\rtf1 Hello}", UnsupportedFile, "RTF"),
        (b"<!DOCTYPE html><p>a,b</p>", UnsupportedFile, "web page"),
        (b"+-+-+-+\n1 2 3 4 5\n", UnsupportedFile, "plain text"),
        (zipped("xl/workbook.xml"), UnreadableFile, "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 900, UnreadableFile, "workbook"),
        (b"\xff\xfea", UnreadableFile, "UTF-16"),
        (b"\x28\xb5\x2f\xfdabc", BinaryFile, "Zstandard"),
        (b"BZh91AY&SY\0abc", BinaryFile, "bzip2"),
        (b"f.csv" + b"\0" * 252 + b"ustar  \0", BinaryFile, "TAR"),
        (b"\0\0\0\x18ftypmp42", BinaryFile, "a video"),
        (b"ID3\x04\0", BinaryFile, "sound"),
        (b"PK\x05\x06" + b"\0" * 18, EmptyFile, "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", UnsupportedFile, "Git LFS"),
        (OLD + "WordDocument".encode("utf-16-le"), UnsupportedFile, "old Word document"),
        (b",,,\n,,,\n", EmptyFile, "empty"),
    ],
)
def test_foreign_kinds_are_refused_by_name(tmp_path: Path, content: bytes, error: type, words: str):
    with pytest.raises(error, match=words):
        read_table(write(tmp_path / "f.txt", content))


def test_pages_and_texts_of_other_programs(tmp_path: Path):
    with pytest.raises(UnsupportedFile, match="web page"):
        read_table(write(tmp_path / "f.html", "<div><p>When?</p><p>At nine, of course.</p></div>"))
    with zipfile.ZipFile(tmp_path / "f.odt", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(UnsupportedFile, match="OpenDocument text"):
        read_table(tmp_path / "f.odt")


def test_damaged_workbook_is_unreadable(tmp_path: Path):
    whole = workbook(tmp_path / "f.xlsx", [["question", "answer"], ["a", "b"]]).read_bytes()
    with pytest.raises(UnreadableFile, match="damaged"):
        read_table(write(tmp_path / "f.xlsx", whole[: len(whole) // 2]))


def test_prose_named_json_is_broken_json(tmp_path: Path):
    with pytest.raises(BrokenJson, match="line 2, column 1"):
        read_table(write(tmp_path / "f.json", "\nJust some words.\n"))


def test_kind_is_told_by_contents(tmp_path: Path):
    assert read_table(write(tmp_path / "a.json", "question,answer\na,b\nc,d\n")).kind == "csv"
    assert read_table(jsonl(tmp_path / "b.csv", {"question": "a, b", "answer": "c"})).kind == "json"
    assert read_table(workbook(tmp_path / "c.xlsx", [["q", "a"], ["1", "2"]]).rename(tmp_path / "c")).kind == "xlsx"


def test_the_persons_name_is_the_tables(tmp_path: Path):
    path = jsonl(tmp_path / "tmp8372", {"question": "a"})
    assert read_table(path, "faq.jsonl").file == "faq.jsonl"


def reads_or_refuses(name: str, data: bytes, folder: Path) -> None:
    try:
        tables = tables_of(write(folder / "f", data), name)
    except TailorError:
        return
    for table in tables:
        assert table.rows or table.problems
        str(table).encode()
        orjson.dumps([row.values for row in table.rows], option=orjson.OPT_NON_STR_KEYS)


names = st.sampled_from(["f", "f.csv", "f.json", "f.jsonl", "f.xlsx", "f.tsv"]) | st.text(max_size=8)
jsonish = st.text(alphabet='{}[]",:0123 \n\\ue\t-tNa\r', max_size=80)
tabular = st.text(alphabet='ab,;\t"\r\n\u4f60 |', max_size=80)
starts = st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b'{"a":', b"[", b"\xef\xbb\xbf", b"a,b\n"])


@settings(max_examples=300, deadline=None)
@given(name=names, start=starts, data=st.binary(max_size=200) | (jsonish | tabular).map(str.encode))
def test_any_bytes_under_any_name(tmp_path_factory: pytest.TempPathFactory, name: str, start: bytes, data: bytes):
    reads_or_refuses(name, start + data, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("kind", sorted(VALID))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_damaged_files_of_every_kind(tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject):
    """Bytes changed, cut off, and put in: tables or a refusal, nothing else."""
    folder = tmp_path_factory.getbasetemp()
    whole = bytearray(valid(kind, folder / f"valid-{kind}"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    reads_or_refuses("f", bytes(whole[: data.draw(st.integers(0, len(whole)))]), folder)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"a": ' + b"9" * 10_000 + b"}",
        b'{"a": NaN, "b": 1e999, "c": "\\ud800", "d\\u0000": "\\u0000"}',
        b"a,a,\n1,2,3\n",
        b'a,b\n"' + b"x" * 300_000 + b'",1\n',
        b"a,b\r1,2\r3,4\r",
    ],
)
def test_hard_bytes(tmp_path: Path, data: bytes):
    reads_or_refuses("f", data, tmp_path)


def test_text_is_decoded_once_asked():
    assert Content("f.CSV", Path("nowhere")).suffix == ".csv"
