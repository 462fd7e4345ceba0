"""A small file of every kind, made by the libraries that make them."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.core.data.build import jsonl, workbook, write

ROWS = [{"question": f"How is number {number}?", "answer": f"It is fine, {number} times."} for number in range(12)]
PROSE = "The river rises in the north.\n\nIt runs for ninety miles. Boats go as far as the mill.\n\nThen it is sea."


def arrow_table() -> Any:
    import pyarrow

    return pyarrow.Table.from_pylist(ROWS)


def parquet(path: Path) -> Path:
    from pyarrow.parquet import write_table

    write_table(arrow_table(), path)
    return path


def arrow(path: Path, is_stream: bool = False) -> Path:
    import pyarrow

    table = arrow_table()
    opened = pyarrow.ipc.new_stream if is_stream else pyarrow.ipc.new_file
    with opened(path, table.schema) as writer:
        writer.write_table(table)
    return path


def stream(path: Path) -> Path:
    return arrow(path, is_stream=True)


def word(path: Path) -> Path:
    from docx import Document

    document = Document()
    document.add_heading("The river")
    for paragraph in PROSE.split("\n\n"):
        document.add_paragraph(paragraph)
    table = document.add_table(3, 2)
    for line, cells in enumerate([("question", "answer"), ("a?", "b"), ("c?", "d")]):
        for column, cell in enumerate(cells):
            table.cell(line, column).text = cell
    document.save(str(path))
    return path


def pdf(path: Path, pages: tuple[str, ...] = ("The river rises in the north.", "It runs for ninety miles.")) -> Path:
    """Written by hand: a page each, in a font every reader has."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for text in pages:
        stream_bytes = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode() if text else b""
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream_bytes), stream_bytes))
        font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        contents = len(objects)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources%s/Contents %d 0 R>>" % (font, contents)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return write(path, body + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + tail)


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (members or {"a.jsonl": jsonl(path.with_suffix(".a"), *ROWS).read_bytes()}).items():
            archive.writestr(name, data)
    return path


def gzipped(path: Path) -> Path:
    return write(path, gzip.compress(jsonl(path.with_suffix(".a"), *ROWS).read_bytes()))


def sheet(path: Path) -> Path:
    rows: list[list[object]] = [["question", "answer"], *([row["question"], row["answer"]] for row in ROWS)]
    return workbook(path.with_suffix(".xlsx"), rows)


def comma(path: Path) -> Path:
    lines = [f'"{row["question"]}","{row["answer"]}"' for row in ROWS]
    return write(path, "\n".join(["question,answer", *lines]))


def lines(path: Path) -> Path:
    return jsonl(path, *ROWS)


def prose(path: Path) -> Path:
    return write(path, PROSE)


VALID: dict[str, Callable[[Path], Path]] = {
    "parquet": parquet,
    "arrow": arrow,
    "stream": stream,
    "zip": zipped,
    "gz": gzipped,
    "csv": comma,
    "jsonl": lines,
    "text": prose,
}
APART: dict[str, Callable[[Path], Path]] = {"xlsx": sheet, "docx": word, "pdf": pdf}  # a process each: slow


def valid(kind: str, path: Path) -> bytes:
    """The bytes of a good file."""
    return {**VALID, **APART}[kind](path).read_bytes()
