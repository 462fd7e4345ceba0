"""Plain texts, to go on learning a language or a subject from: no question, no answer."""

from collections.abc import Mapping
from typing import TypeGuard

from core.data.examples import PASSAGE, Message
from core.data.formats.base import Conversion, Slot, as_text, optional_text, share_of_rows, value_of
from core.data.formats.columns import by_names
from core.data.table import RawRow, Sheaf

_NAMES = {
    "text": (
        *("text", "content", "passage", "body", "paragraph", "paragraphs", "document", "article", "abstract", "story"),
        *("chapter", "page_content", "markdown", "code", "poem", "lyrics"),
        *("内容", "正文", "文本", "段落", "文章", "诗"),
    ),
    "title": ("title", "headline", "heading", "题目", "标题"),
}
DOCUMENTS = ("text", "document", "pdf")  # readers that give nothing else
_SHORTEST = 20  # characters on average; what is shorter is a field, no text
_SHORTEST_CHINESE = 8
_SHORTEST_ALONE = 2  # times as long, where no name says what it is


class Passage:
    """{"text": "…"}, with a title where there is one."""

    name = "passage"
    label = "Plain texts"
    task = PASSAGE
    slots: tuple[Slot, ...] = (
        Slot("text", "The text"),
        Slot("title", "A title above it", required=False),
    )

    def score(self, table: Sheaf) -> float:
        """Less than for any pair of columns: a text alone is what is left."""
        found = self.mapping(table)
        if not found or not _is_prose(table, found["text"]):
            return 0.0
        return (0.9 if table.kind in DOCUMENTS else 0.5) * share_of_rows(table, [found["text"]])

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns; a column that has no other beside it may be called as it likes."""
        found = by_names(table.columns, _NAMES)
        if len(table.columns) == 1 and _is_prose(table, table.columns[0], _SHORTEST_ALONE):
            found = {"text": table.columns[0]}
        return found if "text" in found else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The text, under its title.

        Raises:
            ConversionProblem: the row has no such column.
        """
        value = value_of(row, mapping, "text")
        text = "\n".join(value) if _is_lines(value) else as_text(value)
        title = optional_text(row, mapping, "title")
        return Conversion((Message("assistant", f"{title}\n{text}" if title.strip() and text.strip() else text),))


def _is_lines(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def _is_prose(table: Sheaf, column: str, times: int = 1) -> bool:
    values = [row.values[column] for row in table.rows if row.values.get(column) is not None]
    texts = ["\n".join(value) if _is_lines(value) else value for value in values]
    if not all(isinstance(text, str) for text in texts):
        return False
    mean = sum(map(len, texts)) / max(1, len(texts))
    is_ascii = all(text.isascii() for text in texts)
    return mean >= times * (_SHORTEST if is_ascii else _SHORTEST_CHINESE)
