"""Files of kinds that no reader takes, told by their first bytes, so that the refusal can name them."""

import zipfile
import zlib
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
    (b"MZ\x90", "a program"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"fLaC", "sound"),
    (b"II*\x00", "a TIFF picture"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x80\x04\x95", "Python objects (pickle)"),
    (b"GGUF", "the weights of a model"),
)
# The same, where the mark does not stand at the beginning.
_INSIDE = (
    (257, b"ustar", "a TAR archive"),
    (4, b"1AY&SY", "a bzip2 archive"),
    (4, b"ftyp", "a video"),
    (8, b"WEBP", "a WebP picture"),
    (8, b"WAVE", "sound"),
    (8, b'{"', "the weights of a model"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_PARTS = (
    ("WordDocument", "an old Word document (.doc)"),
    ("PowerPoint Document", "an old PowerPoint presentation"),
)
_DOCUMENTS = (
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"version https://git-lfs", "a placeholder of Git LFS, without the data"),
)
_MIMETYPES = {
    "opendocument.text": "an OpenDocument text",
    "opendocument.presentation": "a presentation",
    "epub": "an e-book (EPUB)",
}
_PARTS_OF_ZIPS = (("word/", "a damaged Word document"), ("ppt/", "a PowerPoint presentation"))
_MARKUP = (("<!doctype html", "a web page"), ("<html", "a web page"), ("<?xml", "an XML document"))
_MARKUP_SUFFIXES = (".html", ".htm", ".xhtml", ".xml", ".svg")
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
    for offset, mark, found in _INSIDE:
        if content.head[offset:].startswith(mark) and b"\0" in content.head:
            raise BinaryFile(file=content.file, offset=0, found=found)
    if content.head.startswith(b"PK\x05\x06"):  # an archive's end, and nothing before it
        raise EmptyFile(file=content.file)
    old = old_document(content)
    if old:
        raise UnsupportedFile(file=content.file, found=old, expected=READABLE)
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
    kind = _kind_in_zip(content.path)
    if kind:
        raise UnsupportedFile(file=content.file, found=kind, expected=READABLE)
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
    if start.startswith("<") and content.suffix in _MARKUP_SUFFIXES:
        raise UnsupportedFile(file=content.file, found="a web page", expected=READABLE)


def old_document(content: Content) -> str:
    """What a file of the office programs before 2007 is, if no workbook; "" for all others."""
    if not content.head.startswith(_OLD_OFFICE) or "Workbook".encode("utf-16-le") in content.data:
        return ""
    return next((found for part, found in _OLD_PARTS if part.encode("utf-16-le") in content.data), "")


def _kind_in_zip(path: Path) -> str:
    """The document that an archive is by its own word; "" for a plain one."""
    try:
        with zipfile.ZipFile(path) as archive:
            said = archive.read("mimetype")[:80].decode("ascii", "replace")
    except (KeyError, RuntimeError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, zlib.error):
        return ""
    return next((found for kind, found in _MIMETYPES.items() if kind in said), "")


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


def is_workbook(path: Path) -> bool:
    """True for an archive with the parts of an .xlsx, .xlsb or .ods file."""
    names = names_in_zip(path)
    is_new = any(name.startswith("xl/workbook.") for name in names)
    return is_new or ("content.xml" in names and not _kind_in_zip(path))
