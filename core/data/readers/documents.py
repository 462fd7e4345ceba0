"""Opens a .docx or .pdf and writes its text as JSON: a program of its own, run by `document.py`.

Output: {"paragraphs": [text, …], "tables": [[[cell, …], …], …]} or {"pages": [text, …]}, or {"error": "…"}.
"""

import json
import sys
from pathlib import Path
from typing import Any

_MOST_MEMORY = 3 * 2**30  # bytes
_MOST_PAGES = 5_000


def main() -> None:
    """Reads, converts, writes."""
    _limit_memory()
    path = sys.argv[1]
    with Path(path).open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    try:
        answer = _pdf(path) if is_pdf else _word(path)
    except Exception as error:  # noqa: BLE001 - both libraries raise whatever a damaged file leads them to
        answer = {"error": " ".join(str(error).split())[:120] or type(error).__name__}
    json.dump(answer, sys.stdout)


def _pdf(path: str) -> dict[str, Any]:
    import logging

    from pypdf import PdfReader

    logging.disable()
    reader = PdfReader(path)
    if reader.is_encrypted and not _is_open(reader):
        return {"locked": True}
    return {"pages": [page.extract_text() or "" for page in reader.pages[:_MOST_PAGES]]}


def _is_open(reader: Any) -> bool:
    """Whether the pages can be read without a password, and without a library for ciphers that is not here."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except DependencyError:
        return False


def _word(path: str) -> dict[str, Any]:
    from docx import Document

    document = Document(path)
    tables = [[[cell.text.strip() for cell in row.cells] for row in table.rows] for table in document.tables]
    return {"paragraphs": [_paragraph(paragraph) for paragraph in document.paragraphs], "tables": tables}


def _paragraph(paragraph: Any) -> str:
    """A heading with the mark Markdown has for it, so that passages end before it."""
    style = str(getattr(paragraph.style, "name", "") or "")
    return f"# {paragraph.text}" if style.startswith(("Heading", "Title")) and paragraph.text else str(paragraph.text)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    except (ValueError, OSError):
        return  # macOS has no such limit


if __name__ == "__main__":
    main()
