"""Opens a workbook and writes its cells as JSON: a program of its own, run by `xlsx.py`.

calamine reserves memory for the whole rectangle a sheet claims to have. One stray cell at the far corner
makes that hundreds of GiB, upon which it ends its process; here that is not the one that trains.

Output: {"sheets": [[name, [[line, [cell, …]], …]], …]} without blank rows, or {"error": "…"}.
"""

import datetime
import json
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

_MOST_MEMORY = 3 * 2**30  # bytes; twenty times what the largest sheet of questions and answers needs


def main() -> None:
    """Reads, converts, writes."""
    _limit_memory()
    json.dump(_answer(sys.argv[1]), sys.stdout)


def _answer(path: str) -> dict[str, object]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(Path(path).read_bytes()))
        return {"sheets": [(name, list(_rows(book.get_sheet_by_name(name)))) for name in book.sheet_names]}
    except (CalamineError, OSError, ValueError) as error:
        return {"error": str(error)}


def _rows(sheet: "CalamineSheet") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined] # noqa: F821
    for line, row in enumerate(sheet.iter_rows(), 1):
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _text(cell: object) -> str:
    """A cell as people see it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{cell:.15g}"  # the digits a spreadsheet shows
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == datetime.time() else cell.isoformat(" ", "seconds")
    return "" if cell is None else str(cell)


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
