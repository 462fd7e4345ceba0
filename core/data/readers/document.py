"""Documents: .docx and .pdf, opened in a process of their own."""

from collections.abc import Iterator
from pathlib import Path

from core.data.readers.base import Content
from core.data.readers.decoding import storable
from core.data.readers.foreign import ZIP, names_in_zip
from core.data.readers.passages import rows_of
from core.data.readers.sandbox import read_apart
from core.data.readers.tabular import Record, tabulate
from core.data.table import Problem, RawRow, RawTable
from core.errors import EmptyFile, UnreadableFile, UnsupportedFile

_PROGRAM = Path(__file__).with_name("documents.py")


class WordReader:
    """A Word document: its tables each as a table, its text as passages."""

    name = "document"
    label = "Word document"
    suffixes: tuple[str, ...] = (".docx",)
    is_text = False

    def takes(self, content: Content) -> bool:
        """True for an archive with the parts of one."""
        return content.head.startswith(ZIP) and "word/document.xml" in names_in_zip(content.path)

    def read(self, content: Content) -> Iterator[RawTable]:
        """The text, then each table with a header and a row.

        Raises:
            UnreadableFile: damaged. EmptyFile: nothing in it.
        """
        answer = read_apart(_PROGRAM, content, "a Word document", "a document that is damaged or too large to open")
        if "error" in answer:
            raise UnreadableFile(file=content.file, found=f"damaged ({answer['error']})", expected="a Word document")
        text = storable("\n\n".join(answer["paragraphs"])).strip()
        tables = [table for table in answer["tables"] if len(table) > 1]
        if not text and not tables:
            raise EmptyFile(file=content.file)
        if text:
            yield RawTable(content.file, rows_of(text), self.name)
        for number, table in enumerate(tables, 1):
            records = [Record(line, tuple(map(storable, cells))) for line, cells in enumerate(table, 1)]
            yield RawTable(content.file, tabulate(records), self.name, f"table {number}")


class PdfReader:
    """A PDF with text in it: passages, with the page each begins on as their line."""

    name = "pdf"
    label = "PDF"
    suffixes: tuple[str, ...] = (".pdf",)
    is_text = False

    def takes(self, content: Content) -> bool:
        """True for its mark, which may stand a little behind the beginning."""
        return b"%PDF-" in content.head[:1024]

    def read(self, content: Content) -> Iterator[RawTable]:
        """The passages of each page.

        Raises:
            UnreadableFile: damaged, or protected by a password.
            UnsupportedFile: pictures of text.
        """
        answer = read_apart(_PROGRAM, content, "a PDF document", "a PDF that is damaged or too large to open")
        if "error" in answer:
            raise UnreadableFile(file=content.file, found=f"damaged ({answer['error']})", expected="a PDF document")
        if "locked" in answer:
            found = "a PDF protected by a password"
            raise UnreadableFile(file=content.file, found=found, expected="one without")
        if not any(page.strip() for page in answer["pages"]):
            found = "a PDF without text (scanned pages)"
            raise UnsupportedFile(file=content.file, found=found, expected="a PDF whose text can be marked")
        yield RawTable(content.file, _page_rows(answer["pages"]), self.name)


def _page_rows(pages: list[str]) -> Iterator[RawRow | Problem]:
    for number, page in enumerate(pages, 1):
        yield from (RawRow(number, row.values) for row in rows_of(storable(page)))
