"""JSON arrays, written item by item."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.data.writers.base import as_json, whole_file


def write_array(path: Path, items: Iterable[dict[str, Any]]) -> None:
    """One item a line, with brackets around all of them."""
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as out:
        out.write("[")
        for number, item in enumerate(items):
            out.write((",\n" if number else "\n") + as_json(item))
        out.write("\n]\n")
