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

_MOST_MERGED = 100_000  # lines
_MOST_MEMORY = 3 * 2**30  # bytes; twenty times what the largest sheet of questions and answers needs


def main() -> None:
    """Reads, converts, writes."""
    _limit_memory()
    json.dump(_answer(sys.argv[1]), sys.stdout)


def _answer(path: str) -> dict[str, object]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(Path(path).read_bytes()))
        sheets = [(name, list(_rows(book.get_sheet_by_name(name)))) for name in _shown(book)]
        return {"sheets": sheets}
    except (CalamineError, OSError, ValueError) as error:
        return {"error": str(error)}


def _shown(book: "CalamineWorkbook") -> list[str]:  # type: ignore[name-defined] # noqa: F821
    """The sheets a person sees; all where every one is hidden."""
    seen = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith("Visible")]
    return seen or list(book.sheet_names)


def _rows(sheet: "CalamineSheet") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined] # noqa: F821
    merged = _merged(sheet)
    above: dict[int, str] = {}
    for line, row in enumerate(sheet.iter_rows(), 1):
        cells = [_text(cell) for cell in row]
        for column in merged.get(line, ()):
            cells[column] = cells[column] or above.get(column, "")
        above = dict(enumerate(cells)) if merged else above
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _merged(sheet: "CalamineSheet") -> dict[int, list[int]]:  # type: ignore[name-defined] # noqa: F821
    """For each line the columns that are one cell with the line above."""
    found: dict[int, list[int]] = {}
    first_row, first_column = sheet.start or (0, 0)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for line in range(top - first_row + 2, min(bottom - first_row + 2, _MOST_MERGED)):
            if left == right:
                found.setdefault(line, []).append(left - first_column)
    return found


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
