"""Plain text and Markdown."""

from collections.abc import Iterator
from itertools import islice

from core.data.readers.base import Content
from core.data.readers.faq import has_table, tables_in, without_tables
from core.data.readers.passages import rows_of
from core.data.readers.tabular import tabulate
from core.data.table import RawRow, RawTable

_LINES_AT_ONCE = 20_000
_LEAST_LETTERS_SHARE = 0.5  # of the characters; below, it is no prose
_LEAST_IN_TEXT = 0.25  # of those in a file that is called a text: a chat log is full of times


class TextReader:
    """What no other reader takes, if it is words: passages, or the conversations written in it."""

    name = "text"
    label = "Text (plain, Markdown)"
    suffixes: tuple[str, ...] = (".txt", ".md")
    is_text = True

    def takes(self, content: Content) -> bool:
        """True for words; a table or JSON by its name is one that is damaged."""
        if content.suffix in (".json", ".jsonl", ".ndjson", ".csv", ".tsv"):
            return False
        letters = sum(map(str.isalpha, content.text))
        least = _LEAST_IN_TEXT if content.suffix in self.suffixes else _LEAST_LETTERS_SHARE
        return letters >= least * sum(not char.isspace() for char in content.text) > 0

    def read(self, content: Content) -> Iterator[RawTable]:
        """Passages with the line each begins on, then the tables of a Markdown text."""
        if content.is_large or not has_table(content.text):
            yield RawTable(content.file, _rows(content), self.name)
            return
        text = _unified(content.text)
        rest = without_tables(text)
        if rest.strip():
            yield RawTable(content.file, rows_of(rest), self.name)
        for number, records in enumerate(tables_in(text), 1):
            yield RawTable(content.file, tabulate(records), self.name, f"table {number}")


def _rows(content: Content) -> Iterator[RawRow]:
    lines, number = content.lines(), 1
    while block := list(islice(lines, _LINES_AT_ONCE)):
        yield from rows_of(_unified("".join(block)), number)
        number += len(block)


def _unified(text: str) -> str:
    """The text with one kind of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
