"""Questions and answers written as a document: headings that ask, with the answer below; and tables in Markdown."""

import re
from collections.abc import Iterator

from core.data.readers.tabular import Record
from core.data.table import RawRow

_QUESTION = r"(?P<asked>[^\n]{2,200}?[?？])"
# How a question stands out: as a heading, in bold, or with a number. A document uses one of them.
_MARKS = (
    re.compile(rf"^#{{1,6}}[ \t]+(?:\d{{1,3}}[.、)][ \t]*)?{_QUESTION}\**[ \t]*(?:#+[ \t]*)?$", re.MULTILINE),
    re.compile(rf"^[ \t]*\*\*(?:\d{{1,3}}[.、)][ \t]*)?{_QUESTION}\*\*[ \t]*$", re.MULTILINE),
    re.compile(rf"^[ \t]*\d{{1,3}}[.、)）][ \t]*{_QUESTION}[ \t]*$", re.MULTILINE),
)
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_FEWEST = 3  # questions
_LEAST_SHARE = 0.6  # of the text that questions and answers have to be
_TABLE = re.compile(r"(?:^[ \t]*\|.*\|[ \t]*(?:\n|\Z))+", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*\|[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|[ \t]*$", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")


def asked_in(text: str, line: int = 1) -> list[RawRow]:
    """The questions of a text with their answers; nothing where it is no such text. `line` is that of its start."""
    for marks in _MARKS:
        rows = list(_answered(text, list(marks.finditer(text)), line))
        num_chars = sum(len(row.values["question"]) + len(row.values["answer"]) for row in rows)
        if len(rows) >= _FEWEST and num_chars >= _LEAST_SHARE * len("".join(text.split())):
            return rows
    return []


def _answered(text: str, found: list[re.Match[str]], line: int) -> Iterator[RawRow]:
    """Each question with what stands below it, to the next question or heading."""
    ends = [other.start() for other in found[1:]] + [len(text)]
    for question, end in zip(found, ends, strict=False):
        heading = _HEADING.search(text, question.end(), end)
        answer = text[question.end() : heading.start() if heading else end].strip()
        if answer:
            place = line + text.count("\n", 0, question.start())
            yield RawRow(place, {"question": question["asked"].strip(" *"), "answer": answer})


def tables_in(text: str) -> list[list[Record]]:
    """The tables of a Markdown text, each with its header and at least one row."""
    found = list[list[Record]]()
    for block in _TABLE.finditer(text):
        first = 1 + text.count("\n", 0, block.start())
        lines = list(enumerate(block.group().splitlines(), first))
        if len(lines) > len(("header", "rule")) and _RULE.match(lines[1][1]):
            found.append([Record(line, _cells(row)) for line, row in lines if not _RULE.match(row)])
    return found


def has_table(text: str) -> bool:
    """True where a line of dashes and bars parts a header from its rows."""
    return _RULE.search(text) is not None


def without_tables(text: str) -> str:
    """The rest of a Markdown text, on the lines it was on."""
    return _TABLE.sub(lambda block: "\n" * block.group().count("\n"), text)


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in _BAR.split(row.strip())[1:-1])
