"""The lists in one JSON document: which of them are rows, and which part of the data each is."""

import re
from collections.abc import Iterable, Sequence

from core.data.readers.json_text import Located

_PARTS = {
    "train": ("train", "training", "训练"),
    "validation": ("val", "valid", "validation", "dev", "development", "eval", "验证"),
    "test": ("test", "testing", "测试"),
}
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
        is_pair = pairs and isinstance(item, list)
        yield Located(number, dict(zip(names, item, strict=True)) if is_pair else item)  # type: ignore[arg-type]


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
    are_labels = len(set(seconds)) <= max(20, _FEW_LABELS_SHARE * len(seconds)) and max(map(len, seconds)) <= 60
    return ("text", "label") if are_labels else ("question", "answer")


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and ("role" in value or {"from", "value"} <= value.keys())
