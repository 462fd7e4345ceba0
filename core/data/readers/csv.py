"""Tables as text: CSV, TSV and their relatives with semicolons or bars."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from core.data.readers.base import Content
from core.data.readers.decoding import storable
from core.data.readers.tabular import Record, streamed, tabulate
from core.data.table import Problem, RawTable

_DELIMITERS = (",", "\t", ";", "|")
_NUM_SAMPLED = 200
_LONGEST_CELL = 2**31 - 1  # the most a C long holds on every system
# Each search for the next good line reads the rest of the file again.
_NUM_RESTARTS = 20


@dataclass(frozen=True)
class _Guess:
    """A delimiter, the header it gives, and the share of sampled rows with as many cells as the header."""

    delimiter: str
    header: tuple[str, ...]
    num_rows: int
    share: float


class CsvReader:
    """Text with a delimiter, a header, and quotation marks around cells that need them."""

    name = "csv"
    label = "Table as text (CSV, TSV)"
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".txt")
    is_text = True

    def takes(self, content: Content) -> bool:
        """True where lines fall into the same columns, or the name says so and the header could be one."""
        return _delimiter(content) is not None

    def read(self, content: Content) -> Iterator[RawTable]:
        """Row by row; rows with too many cells are problems. Without a header the columns have numbers."""
        delimiter = _delimiter(content) or ","
        header = _numbered(content.text, delimiter)
        if content.is_large:
            records = chain(header, _parse(content.lines(), 0, delimiter))
            yield RawTable(content.file, streamed(records), self.name)
            return
        found, problems = _records(content.text, delimiter)
        yield RawTable(content.file, tabulate([*header, *found], problems), self.name)


def _delimiter(content: Content) -> str | None:
    guesses = [_guess(content.text, delimiter) for delimiter in _DELIMITERS]
    best = max(guesses, key=lambda guess: (len(guess.header) > 1, guess.share, len(guess.header)))
    if len(best.header) > 1 and best.num_rows and best.share >= 0.8 and _could_be_names(best.header):
        return best.delimiter
    named_so = content.suffix in (".csv", ".tsv")
    if named_so and (_could_be_names(best.header) or (len(best.header) > 1 and best.share >= 0.5)):
        return best.delimiter
    return None


def _numbered(text: str, delimiter: str) -> list[Record]:
    """A header of numbers for a table that begins with a sentence; none for one that has names."""
    guess = _guess(text, delimiter)
    if _could_be_names(guess.header) or len(guess.header) < 2:
        return []
    return [Record(0, tuple(f"column {number}" for number in range(1, len(guess.header) + 1)))]


def _guess(text: str, delimiter: str) -> _Guess:
    records = (record for record in _parse(_lines(text), 0, delimiter) if not record.is_blank)
    header, *rows = list(islice(records, _NUM_SAMPLED)) or [Record(1, ())]
    num_alike = sum(len(record.cells) == len(header.cells) for record in rows)
    return _Guess(delimiter, header.cells, len(rows), num_alike / max(1, len(rows)))


def _could_be_names(header: Sequence[str]) -> bool:
    """False for sentences: prose has commas too."""
    cells = [cell.strip() for cell in header]
    return all(len(cell) <= 60 and not cell.endswith((".", "!", "。", "！", "…")) for cell in cells)


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


def _records(text: str, delimiter: str) -> tuple[list[Record], list[Problem]]:
    """All records; one whose quotation mark is never closed is a problem and takes only its own line."""
    lines, records, problems = _lines(text), list[Record](), list[Problem]()
    start = 0
    for _ in range(_NUM_RESTARTS):
        records += _parse(lines, start, delimiter)
        if not records or not _is_unclosed(lines, records[-1]):
            break
        start = records.pop().line
        problems.append(Problem(start, "a quotation mark that is never closed", "a second one at the cell's end"))
    return records, problems


def _is_unclosed(lines: Sequence[str], last: Record) -> bool:
    rest = lines[last.line - 1 :]
    return len(rest) > 1 and sum(line.count('"') for line in rest) % 2 == 1
