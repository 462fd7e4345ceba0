"""Questions with answers to choose from: they are written under the question, and the right one is the answer."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.data.formats.base import as_text
from core.data.readers.json_text import BrokenValue, parse
from core.data.table import RawRow

CHOICES_NAMES = ("choices", "options", "candidates", "选项", "备选项", "候选答案")
_LETTERS = string.ascii_uppercase
_COLUMNS = ("{}", "option_{}", "option{}", "choice_{}", "op{}", "选项{}")  # with a letter: a column each


@dataclass(frozen=True)
class Choices:
    """What can be chosen, and what each is called: A, B, C where the file has no names."""

    names: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def listed(self) -> str:
        """A line each."""
        return "\n".join(f"{name}. {text}" for name, text in zip(self.names, self.texts, strict=True))

    def answer(self, value: object) -> str:
        """The right one with its name; the value as it is where it names none."""
        place = self._place(value)
        return f"{self.names[place]}. {self.texts[place]}" if 0 <= place < len(self.texts) else as_text(value)

    def _place(self, value: object) -> int:
        """Counted from 0, as files do that say it by a number; -1 for none."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        said = as_text(value).strip()
        for known in (self.names, self.texts):
            if said in known:
                return known.index(said)
        if said.upper().strip("().") in self.names:
            return self.names.index(said.upper().strip("()."))
        return int(said) if said.isascii() and said.isdigit() and len(said) < 3 else -1


def choices_in(row: RawRow, mapping: Mapping[str, str]) -> Choices | None:
    """What the row offers: in a list, or in columns called A, B, C; None for a question that is open."""
    value = row.values.get(mapping.get("choices", ""))
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            value = parse(value)
        except BrokenValue:
            return None
    if isinstance(value, dict) and isinstance(value.get("text"), list):
        return _named(value.get("label") or (), value["text"])
    if isinstance(value, dict):
        return _named(tuple(map(str, value)), tuple(value.values()))
    if isinstance(value, list):
        return _of_list(value)
    return _of_columns(row)


def _of_list(values: list[object]) -> Choices | None:
    """Texts, or objects of a label and a text."""
    objects = [value for value in values if isinstance(value, dict) and "text" in value]
    if objects:
        return _named([str(value.get("label", "")) for value in objects], [value["text"] for value in objects])
    return _named((), values)


def _of_columns(row: RawRow) -> Choices | None:
    known = {name.strip().lower().replace(" ", "_"): value for name, value in row.values.items()}
    for pattern in _COLUMNS:
        names = [pattern.format(letter.lower()) for letter in _LETTERS]
        texts = [as_text(known[name]) for name in names if name in known]
        if len(texts) > 1 and all(name in known for name in names[: len(texts)]):
            return _named((), [text for text in texts if text.strip()])
    return None


def _named(names: Sequence[object], texts: Sequence[object]) -> Choices | None:
    if not 1 < len(texts) <= len(_LETTERS):
        return None
    given = tuple(map(str, names)) if len(set(names)) == len(texts) and all(names) else tuple(_LETTERS[: len(texts)])
    return Choices(given, tuple(map(as_text, texts)))
