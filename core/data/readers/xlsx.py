"""Workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.data.readers.base import Content
from core.data.readers.decoding import storable
from core.data.readers.foreign import ZIP, is_workbook, old_document
from core.data.readers.sandbox import read_apart
from core.data.readers.tabular import Record, num_titles, numbered, tabulate
from core.data.table import RawTable
from core.errors import EmptyFile, UnreadableFile

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST_UNPACKED = 2**30  # bytes; a workbook of a few KB can unpack to many GB
_PROGRAM = Path(__file__).with_name("workbook.py")


class XlsxReader:
    """Every sheet that has rows below a header."""

    name = "xlsx"
    label = "Workbook (Excel, LibreOffice)"
    suffixes: tuple[str, ...] = (".xlsx", ".xls", ".ods")
    is_text = False

    def takes(self, content: Content) -> bool:
        """True for the archive of a new workbook and the container of an old one."""
        if content.head.startswith(_OLD_OFFICE):
            return not old_document(content)
        return content.head.startswith(ZIP) and is_workbook(content.path)

    def read(self, content: Content) -> Iterator[RawTable]:
        """The cells as people see them: 3 rather than 3.0, dates as 2026-11-24.

        Raises:
            UnreadableFile: damaged, protected by a password, or too large.
            EmptyFile: no sheet with a row below its header.
        """
        _refuse_bomb(content)
        num_tables = 0
        for name, sheet in _sheets(content):
            records = _from_header([Record(line, tuple(map(storable, cells))) for line, cells in sheet])
            if len(records) > 1:
                num_tables += 1
                yield RawTable(content.file, tabulate([*numbered(records[0]), *records]), self.name, storable(name))
        if not num_tables:
            raise EmptyFile(file=content.file)


def _sheets(content: Content) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """The names and the filled rows of each sheet, with their numbers."""
    answer = read_apart(_PROGRAM, content, "an Excel workbook", "a sheet that is damaged or too large to open")
    if "error" in answer:
        raise _unreadable(content, f"a workbook that does not open ({answer['error'][:120]})")
    return [(name, rows) for name, rows in answer["sheets"]]


def _refuse_bomb(content: Content) -> None:
    if not content.head.startswith(ZIP):
        return
    with zipfile.ZipFile(content.path) as archive:
        num_bytes = sum(part.file_size for part in archive.infolist())
    if num_bytes > _LARGEST_UNPACKED:
        raise _unreadable(content, f"a workbook that unpacks to {num_bytes / 2**30:.1f} GiB")


def _unreadable(content: Content, found: str) -> UnreadableFile:
    return UnreadableFile(file=content.file, found=found, expected="an Excel workbook")


def _from_header(records: Sequence[Record]) -> list[Record]:
    """The records from the header on, which is made as wide as the sheet.

    Titles above the header are passed over.
    """
    filled = [record for record in records if not record.is_blank]
    header, *body = filled[num_titles(filled) :] or [Record(1, ())]
    width = max(len(record.cells) for record in (header, *body))
    missing = ("",) * (width - len(header.cells))
    return [Record(header.line, header.cells + missing), *body]
