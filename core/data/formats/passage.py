"""Plain texts, to go on learning a language or a subject from: no question, no answer."""

from collections.abc import Mapping

from core.data.examples import PASSAGE, Message
from core.data.formats.base import Conversion, Slot, optional_text, required_text, share_of_rows
from core.data.formats.columns import by_names
from core.data.table import RawRow, Sheaf

_NAMES = {
    "text": ("text", "content", "passage", "body", "paragraph", "document", "article", "内容", "正文", "文本", "段落"),
    "title": ("title", "headline", "heading", "题目", "标题"),
}
_DOCUMENTS = ("text", "document", "pdf")  # readers that give nothing else
_SHORTEST = 20  # characters on average; what is shorter is a field, no text
_SHORTEST_CHINESE = 8


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
        return (0.9 if table.kind in _DOCUMENTS else 0.5) * share_of_rows(table, [found["text"]])

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns."""
        found = by_names(table.columns, _NAMES)
        return found if "text" in found else {}

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The text, under its title.

        Raises:
            ConversionProblem: the row has no such column.
        """
        title, text = optional_text(row, mapping, "title"), required_text(row, mapping, "text")
        return Conversion((Message("assistant", f"{title}\n{text}" if title.strip() and text.strip() else text),))


def _is_prose(table: Sheaf, column: str) -> bool:
    values = [row.values[column] for row in table.rows if row.values.get(column) is not None]
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        return False
    mean = sum(map(len, texts)) / max(1, len(texts))
    is_ascii = all(text.isascii() for text in texts)
    return mean >= (_SHORTEST if is_ascii else _SHORTEST_CHINESE)
