"""Small builders of files, rows and conversations for the tests of core/data."""

import json
from pathlib import Path

from core.data.examples import Example, Message
from core.data.table import RawRow, RawTable


def chat(id: str, *turns: tuple[str, str]) -> Example:
    roles = {"s": "system", "u": "user", "a": "assistant"}
    return Example(id, tuple(Message(roles[role], content) for role, content in turns))  # type: ignore[arg-type]


def pair(number: int, question: str = "", answer: str = "") -> Example:
    return chat(f"f:{number}", ("u", question or f"question {number}"), ("a", answer or f"answer {number}"))


def said(messages: tuple[Message, ...]) -> list[tuple[str, str]]:
    return [(message.role[0], message.content) for message in messages]


def table(*rows: dict[str, object], kind: str = "json", file: str = "f") -> RawTable:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return RawTable(file, tuple(RawRow(line, row) for line, row in enumerate(rows, 1)), columns, (), kind)


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
