"""Small builders of files, rows and conversations for the tests of core/data."""

import json
from pathlib import Path

from core.data.examples import Example, Message
from core.data.intake import Understanding, understand
from core.data.lines import ExampleLines
from core.data.shapes import Choice
from core.data.spool import spool
from core.data.table import Problem, RawRow, RawTable, Sheaf
from core.progress import nobody_watches
from core.workspace import DatasetFolder


def chat(id: str, *turns: tuple[str, str]) -> Example:
    roles = {"s": "system", "u": "user", "a": "assistant"}
    return Example(id, tuple(Message(roles[role], content) for role, content in turns))  # type: ignore[arg-type]


def pair(number: int, question: str = "", answer: str = "") -> Example:
    return chat(f"f:{number}", ("u", question or f"question {number}"), ("a", answer or f"answer {number}"))


def said(messages: tuple[Message, ...]) -> list[tuple[str, str]]:
    return [(message.role[0], message.content) for message in messages]


def table(*rows: dict[str, object], kind: str = "json", file: str = "f") -> Sheaf:
    """Rows with what columns any of them has, as formats are shown them."""
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return Sheaf(file, kind, columns, tuple(RawRow(line, row) for line, row in enumerate(rows, 1)), len(rows))


def raw(*rows: dict[str, object] | Problem, kind: str = "json", file: str = "f", **more: str) -> RawTable:
    """Rows and problems as a reader gives them; a row's line is its place."""
    placed = (row if isinstance(row, Problem) else RawRow(line, row) for line, row in enumerate(rows, 1))
    return RawTable(file, placed, kind, **more)


def understood(folder: Path, *tables: RawTable, choice: Choice | None = None) -> tuple[Understanding, list[Example]]:
    """What intake makes of tables."""
    place = DatasetFolder(folder)
    place.examples.parent.mkdir(parents=True, exist_ok=True)
    infos = spool(tables, place, nobody_watches)
    found = understand(place, infos, choice or Choice(), nobody_watches)
    return found, list(ExampleLines(place.examples))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(path: Path, *rows: object) -> Path:
    return write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for index, rows in enumerate(sheets):
        sheet = book.active if index == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path
