"""Files of kinds that no reader takes, told by their first bytes, so that the refusal can name them."""

import zipfile
from pathlib import Path

from core.data.readers.base import Content
from core.errors import BinaryFile, BrokenJson, DataError, EmptyFile, UnreadableFile, UnsupportedFile

READABLE = "JSONL, JSON, CSV, TSV, XLSX, XLS, ODS, Parquet, Arrow, TXT, MD, DOCX, PDF, or a .zip or .gz of them"
ZIP = b"PK\x03\x04"

_PICTURES_AND_ARCHIVES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\x7fELF", "a program"),
)
_DOCUMENTS = (
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
_PARTS_OF_ZIPS = (("word/", "a damaged Word document"), ("ppt/", "a PowerPoint presentation"))
_MARKUP = (("<!doctype html", "a web page"), ("<html", "a web page"), ("<?xml", "an XML document"))
_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".ods")


def refuse_foreign(content: Content) -> None:
    """Returns for whatever a reader may take.

    Raises:
        BinaryFile: a picture, an archive or a program.
        UnsupportedFile: a document or database of a known kind.
    """
    for start, found in _PICTURES_AND_ARCHIVES:
        if content.head.startswith(start):
            raise BinaryFile(file=content.file, offset=0, found=found)
    for start, found in _DOCUMENTS:
        if content.head.startswith(start):
            raise UnsupportedFile(file=content.file, found=found, expected=READABLE)
    if content.head.startswith(ZIP):
        raise BinaryFile(file=content.file, offset=0, found="a ZIP archive")


def refuse_office(content: Content) -> None:
    """Returns for an archive that may hold data.

    Raises:
        UnsupportedFile: a document of a kind that is not read.
        UnreadableFile: a damaged workbook.
    """
    names = names_in_zip(content.path)
    for part, found in _PARTS_OF_ZIPS:
        if any(name.startswith(part) for name in names):
            raise UnsupportedFile(file=content.file, found=found, expected=READABLE)
    if content.suffix in _WORKBOOK_SUFFIXES:
        raise UnreadableFile(file=content.file, found="a damaged archive", expected="an Excel workbook")


def refuse_markup(content: Content) -> None:
    """Returns unless the text is HTML or XML.

    Raises:
        UnsupportedFile: it is.
    """
    start = content.text[:200].lstrip().lower()
    for mark, found in _MARKUP:
        if start.startswith(mark):
            raise UnsupportedFile(file=content.file, found=found, expected=READABLE)


def refusal(content: Content) -> DataError:
    """The error for text that no reader takes: JSON to be corrected where the name promises JSON."""
    lines = [line.strip() for line in content.text.splitlines()]
    number, line = next(((number, line) for number, line in enumerate(lines, 1) if line), (0, ""))
    if not line:
        return EmptyFile(file=content.file)
    if content.suffix in (".json", ".jsonl", ".ndjson"):
        facts = {"line": number, "column": 1, "found": repr(line[:30]), "expected": "'{' or '['"}
        return BrokenJson(file=content.file, **facts)
    found = "plain text without columns"
    return UnsupportedFile(file=content.file, found=found, expected=READABLE)


def names_in_zip(path: Path) -> tuple[str, ...]:
    """What an archive holds; nothing where it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return ()


def is_workbook(names: tuple[str, ...]) -> bool:
    """True for the parts of an .xlsx, .xlsb or .ods file."""
    return any(name.startswith("xl/workbook.") for name in names) or "content.xml" in names
