"""The lists in one JSON document: which of them are rows, and which part of the data each is."""

import re
from collections.abc import Iterable, Sequence

from core.data.readers.json_text import Located
from core.data.readers.tabular import is_header

_PARTS = {
    "train": ("train", "training", "训练"),
    "validation": ("val", "valid", "validation", "dev", "development", "eval", "验证"),
    "test": ("test", "testing", "测试"),
}
_DEEPEST_WRAPPER = 3  # objects around the one with the list
_FEW_LABELS_SHARE = 0.5  # of the pairs; where nearly every second text is another one, they are answers


def part_of(name: str) -> str:
    """ "train", "validation" or "test" where the name of a list or a file says so."""
    words = re.split(r"[^a-z\u4e00-\u9fff]+", name.lower())
    return next((part for part, names in _PARTS.items() if any(word in names for word in words)), "")


def named_lists(value: object) -> dict[str, list[object]]:
    """The lists of an object that has two or more of them and nothing else, each with rows or pairs of texts."""
    if not isinstance(value, dict) or len(value) < 2 or any(are_turns(inner) for inner in value.values()):
        return {}
    lists = {str(name): inner for name, inner in value.items() if isinstance(inner, list) and inner}
    if len(lists) < len(value) or not all(are_rows(inner) or are_pairs(inner) for inner in lists.values()):
        return {}
    return lists


def located(items: Sequence[object]) -> Iterable[Located]:
    """The items with their places; pairs of texts as objects."""
    pairs = are_pairs(items)
    names = _names_of(items) if pairs else ("", "")
    for number, item in enumerate(items, 1):
        yield Located(number, dict(zip(names, item, strict=True)) if pairs and isinstance(item, list) else item)


def unwrapped(value: object, depth: int = 0) -> list[object]:
    """The rows of one document: those of a list, those an object is wrapped around or made of, or itself."""
    if isinstance(value, list):
        return [value] if are_turns(value) else _of_lists(value)
    if not isinstance(value, dict) or any(are_turns(inner) for inner in value.values()):
        return [value]
    lists = [inner for inner in value.values() if isinstance(inner, list) and are_rows(inner)]
    if len(lists) == 1 and (len(value) == 1 or lists[0]):
        return lists[0]
    return _of_columns(value) or _of_ids(value) or _of_wrapper(value, depth) or [value]


def _of_lists(value: list[object]) -> list[object]:
    """Rows as lists of cells, with or without a header; pairs of texts; texts alone."""
    if len(value) > 1 and all(isinstance(item, str) for item in value):
        return [{"text": text} for text in value]
    rows = [item for item in value if isinstance(item, list)]
    if len(rows) < max(1, len(value)):
        return value
    header = [str(cell) for cell in rows[0]]
    if len(rows) > 1 and is_header(header) and all(len(row) == len(header) for row in rows):
        return [dict(zip(header, row, strict=True)) for row in rows[1:]]
    if not are_pairs(value):
        return value
    return [dict(zip(_names_of(rows), row, strict=True)) for row in rows]


def _of_columns(value: dict[str, object]) -> list[object]:
    """An object of columns, as pandas writes it: each a list, or an object of row numbers."""
    names, cells = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(cells, list) and len(value) <= len(("columns", "index", "data")):
        rows = [row for row in cells if isinstance(row, list) and len(row) == len(names)]
        return [dict(zip(map(str, names), row, strict=True)) for row in rows]
    columns = [list(inner.values()) if _is_numbered(inner) else inner for inner in value.values()]  # type: ignore[attr-defined]
    lists = [column for column in columns if isinstance(column, list)]
    if len(lists) < max(2, len(value)) or len({len(column) for column in lists}) > 1 or not lists[0]:
        return []
    if any(isinstance(cell, list | dict) for column in lists for cell in column[:1]):
        return []
    return [dict(zip(value, cells, strict=True)) for cells in zip(*lists, strict=True)]


def _is_numbered(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(str(name).isdigit() for name in value)


def _of_ids(value: dict[str, object]) -> list[object]:
    """An object of rows by their ids; or of answers by their questions."""
    rows = [inner for inner in value.values() if isinstance(inner, dict)]
    if len(rows) == len(value) > 1 and set.intersection(*(set(row) for row in rows)):
        is_wrapper = any(
            isinstance(inner, list) and inner and are_rows(inner) for row in rows for inner in row.values()
        )
        return [] if is_wrapper else list(rows)
    num_asked = sum(str(name).rstrip().endswith(("?", "？")) for name in value)
    if num_asked * 2 <= len(value) or not all(isinstance(inner, str) for inner in value.values()):
        return []
    return [{"question": name, "answer": inner} for name, inner in value.items()]


def _of_wrapper(value: dict[str, object], depth: int) -> list[object]:
    """The rows of the one object in an object that has any."""
    if depth >= _DEEPEST_WRAPPER:
        return []
    inner = [item for item in value.values() if isinstance(item, dict)]
    found = [rows for item in inner if (rows := unwrapped(item, depth + 1)) != [item]]
    return found[0] if len(found) == 1 else []


def are_rows(value: Sequence[object]) -> bool:
    """True for a list of objects that are not the turns of one conversation."""
    return all(isinstance(item, dict) for item in value) and not are_turns(value)


def are_pairs(value: Sequence[object]) -> bool:
    """True for a list of two texts each."""
    return bool(value) and all(
        isinstance(item, list) and len(item) == 2 and all(isinstance(text, str) for text in item) for item in value
    )


def are_turns(value: object) -> bool:
    """True for a list of who says what: one conversation."""
    return isinstance(value, list) and bool(value) and all(_is_turn(item) for item in value)


def _names_of(pairs: Sequence[object]) -> tuple[str, str]:
    seconds = [item[1] for item in pairs if isinstance(item, list)]
    are_sentences = sum(text.rstrip().endswith((".", "!", "。", "！")) for text in seconds) * 2 > len(seconds)
    are_labels = (
        not are_sentences
        and len(set(seconds)) <= max(20, _FEW_LABELS_SHARE * len(seconds))
        and max(map(len, seconds)) <= 60
    )
    return ("text", "label") if are_labels else ("question", "answer")


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and ("role" in value or {"from", "value"} <= value.keys())
