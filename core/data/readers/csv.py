"""Tables as text: CSV, TSV and their relatives with semicolons or bars."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from core.data.readers.base import Content
from core.data.readers.decoding import storable
from core.data.readers.faq import has_table
from core.data.readers.tabular import MOST_TITLES, Record, could_be_names, num_titles, numbered, streamed, tabulate
from core.data.table import Problem, RawTable

_DELIMITERS = (",", "\t", ";", "|")
_NUM_SAMPLED = 200
_SURE_ROWS = 3  # so many rows of two cells each, with tabs between them, are a table under any name
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?\s*\n', re.IGNORECASE)  # Excel's own
_LONGEST_CELL = 2**31 - 1  # the most a C long holds on every system
# Each search for the next good line reads the rest of the file again.
_NUM_RESTARTS = 20
# In a file too large to be looked through, a cell over more lines than these has no end.
_MOST_LINES_OF_A_RECORD = 2_000


@dataclass(frozen=True)
class _Guess:
    """How a table is written, and the share of sampled rows with as many cells as the header.

    start: the index of the header's line; above it stands a title, or nothing.
    is_escaped: a quotation mark in a cell is written \\" and not "".
    """

    delimiter: str
    header: tuple[str, ...]
    num_rows: int
    share: float
    start: int = 0
    is_escaped: bool = False

    @property
    def is_table(self) -> bool:
        """True where lines fall into the same columns, whatever the file is called."""
        if len(self.header) < 2 or not self.num_rows or self.share < 0.8:
            return False
        is_sure = self.num_rows >= _SURE_ROWS and self.share > 0.95
        return (could_be_names(self.header) and (not self.start or is_sure)) or (is_sure and self.delimiter == "\t")


class CsvReader:
    """Text with a delimiter, a header, and quotation marks around cells that need them."""

    name = "csv"
    label = "Table as text (CSV, TSV)"
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".txt")
    is_text = True

    def takes(self, content: Content) -> bool:
        """True where lines fall into the same columns, or the name says so and the header could be one."""
        return _best(content) is not None

    def read(self, content: Content) -> Iterator[RawTable]:
        """Row by row; rows with too many cells are problems. Without a header the columns have numbers."""
        best = _best(content) or _Guess(",", (), 0, 0.0)
        header = numbered(Record(0, best.header))
        if content.is_large:
            found = _bounded(_unescaped(content.lines(), best), best)
            yield RawTable(content.file, streamed(chain(header, found)), self.name)
            return
        records, problems = _records(list(_unescaped(_lines(content.text), best)), best)
        yield RawTable(content.file, tabulate([*header, *records], problems), self.name)


def _best(content: Content) -> _Guess | None:
    said = _SEPARATOR_LINE.match(content.text)
    if said:
        return _guess(content.text, said[1], start=1)
    guesses = [_guess(content.text, delimiter) for delimiter in _DELIMITERS]
    if has_table(content.text):  # bars between cells of Markdown, whose second line is a rule
        guesses.pop()
    best = max(guesses, key=lambda guess: (len(guess.header) > 1, guess.share, -guess.start, len(guess.header)))
    named_so = content.suffix in (".csv", ".tsv")
    could_be = could_be_names(best.header) or (len(best.header) > 1 and best.share >= 0.5)
    return best if best.is_table or (named_so and could_be) else None


def _guess(text: str, delimiter: str, start: int = 0) -> _Guess:
    lines = _lines(text)
    plain = _guessed(lines, _Guess(delimiter, (), 0, 0.0, start))
    if plain.share == 1 or '\\"' not in text:
        return plain
    escaped = _guessed(lines, _Guess(delimiter, (), 0, 0.0, start, is_escaped=True))
    return escaped if escaped.share > plain.share else plain


def _guessed(lines: Sequence[str], way: _Guess) -> _Guess:
    parsed = _parse(_unescaped(lines, way), way.start, way.delimiter)
    records = list(islice((record for record in parsed if not record.is_blank), _NUM_SAMPLED)) or [Record(1, ())]
    place = num_titles(records)
    header, *rows = records[place if place <= MOST_TITLES else 0 :]
    num_alike = sum(len(record.cells) == len(header.cells) for record in rows)
    return replace(
        way, header=header.cells, num_rows=len(rows), share=num_alike / max(1, len(rows)), start=header.line - 1
    )


def _unescaped(lines: Iterable[str], way: _Guess) -> Iterable[str]:
    return (line.replace('\\"', '""') for line in lines) if way.is_escaped else lines


def _lines(text: str) -> list[str]:
    # newline="" keeps line breaks as they are: those inside a cell belong to it.
    return io.StringIO(text, newline="").readlines()


def _parse(lines: Iterable[str], start: int, delimiter: str) -> Iterator[Record]:
    """The records from the line with index `start` on."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(islice(lines, start, None), delimiter=delimiter, skipinitialspace=True)
    line = start + 1
    for cells in reader:
        yield Record(line, tuple(map(storable, cells)))
        line = start + reader.line_num + 1


def _records(lines: Sequence[str], way: _Guess) -> tuple[list[Record], list[Problem]]:
    """All records; one whose quotation mark is never closed is a problem and takes only its own line."""
    records, problems, start = list[Record](), list[Problem](), way.start
    for _ in range(_NUM_RESTARTS):
        records += _parse(lines, start, way.delimiter)
        if not records or not _is_unclosed(lines, records[-1]):
            break
        start = records.pop().line
        problems.append(_unclosed(start))
    return records, problems


def _bounded(lines: Iterable[str], way: _Guess) -> Iterator[Record | Problem]:
    """The same as they come: of a record without end only its first line is lost, and memory does not grow with it."""
    csv.field_size_limit(_LONGEST_CELL)
    source, waiting, line = islice(lines, way.start, None), deque[str](), way.start + 1
    while True:
        feed = _Feed(source, waiting)
        for cells in csv.reader(feed, delimiter=way.delimiter, skipinitialspace=True):
            if feed.has_stopped and len(feed.taken) > 1:
                break
            yield Record(line, tuple(map(storable, cells)))
            line += len(feed.taken)
            feed.taken.clear()
        if not feed.taken:
            return
        yield _unclosed(line)
        waiting.extendleft(reversed(feed.taken[1:]))
        line += 1


@dataclass
class _Feed:
    """Lines for one record after the other; it stops within one that has no end.

    waiting: lines that were taken before and come again. taken: those of the record that is being read.
    """

    source: Iterator[str]
    waiting: deque[str]
    taken: list[str] = field(default_factory=list)
    has_stopped: bool = False

    def __iter__(self) -> Iterator[str]:
        while len(self.taken) < _MOST_LINES_OF_A_RECORD:
            line = self.waiting.popleft() if self.waiting else next(self.source, None)
            if line is None:
                break
            self.taken.append(line)
            yield line
        self.has_stopped = True


def _unclosed(line: int) -> Problem:
    return Problem(line, "a quotation mark that is never closed", "a second one at the cell's end")


def _is_unclosed(lines: Sequence[str], last: Record) -> bool:
    rest = lines[last.line - 1 :]
    return len(rest) > 1 and sum(line.count('"') for line in rest) % 2 == 1
