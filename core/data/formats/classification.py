"""Texts with a label each, as for a classifier: the text is asked, the label is the answer."""

from collections.abc import Mapping

from core.data.examples import CLASSIFICATION, Message
from core.data.formats.base import (
    Conversion,
    ConversionProblem,
    Slot,
    as_text,
    optional_text,
    required_text,
    share_of_rows,
    value_of,
    with_system,
)
from core.data.formats.columns import SYSTEM_NAMES, by_names, matches
from core.data.table import RawRow, Sheaf

_TEXTS = (
    *("text", "sentence", "utterance", "content", "review", "comment", "message", "description", "tweet", "query"),
    *("document", "title", "文本", "内容", "句子", "评论", "正文"),
)
_LABELS = (
    *("label", "labels", "category", "class", "intent", "sentiment", "label_text", "label_name", "target", "tag"),
    *("topic", "emotion", "标签", "类别", "分类", "意图", "情感"),
)
_TITLES = ("title", "headline", "subject", "标题")
_LONGEST_LABEL = 60  # characters; what is longer is an answer
_MOST_LABELS_SHARE = 0.5  # of the rows looked at; where nearly every row has its own, they are no classes
_FEW_ROWS = 20  # of so few rows each may well have its own label


class Classification:
    """text, label; under any of the names people give them."""

    name = "classification"
    label = "Texts with a label"
    task = CLASSIFICATION
    slots: tuple[Slot, ...] = (
        Slot("text", "The text"),
        Slot("label", "Its label"),
        Slot("title", "A title above the text", required=False),
        Slot("system", "How the assistant should behave", required=False),
    )

    def score(self, table: Sheaf) -> float:
        """The share of rows with both, where the labels are short and come again."""
        found = self.mapping(table)
        if not found or not _are_labels(table, found["label"]):
            return 0.0
        return 0.93 * share_of_rows(table, (found["text"], found["label"]))

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns; a label in words before a number for it."""
        labels = [match.column for match in matches(table.columns, _LABELS)]
        worded = [column for column in labels if not _is_number(table, column)]
        label = next(iter(worded or labels), None)
        others = [column for column in table.columns if column not in labels]
        text = next((match.column for match in matches(others, _TEXTS)), None)
        if label is None or text is None:
            return {}
        others = [column for column in others if column != text]
        return {"text": text, "label": label} | by_names(others, {"title": _TITLES, "system": SYSTEM_NAMES})

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The text as the question, under its title where it has one; the label as the answer.

        Raises:
            ConversionProblem: a column is missing, or the label is an object.
        """
        title, text = optional_text(row, mapping, "title"), required_text(row, mapping, "text")
        label = value_of(row, mapping, "label")
        if isinstance(label, list) and label and all(isinstance(name, str | int) for name in label):
            label = ", ".join(map(as_text, label))
        if isinstance(label, list | dict):
            raise ConversionProblem(f"{as_text(label)[:40]!r} as a label", "one label a row")
        asked = f"{title}\n{text}" if title.strip() and text.strip() else text or title
        turns = (Message("user", asked), Message("assistant", as_text(label)))
        return Conversion(with_system(optional_text(row, mapping, "system"), turns))


def _are_labels(table: Sheaf, column: str) -> bool:
    values = [as_text(row.values.get(column)) for row in table.rows]
    few = len(set(values)) <= max(_FEW_ROWS, _MOST_LABELS_SHARE * len(values))
    return few and all(len(value) <= _LONGEST_LABEL for value in values)


def _is_number(table: Sheaf, column: str) -> bool:
    return all(as_text(row.values.get(column)).strip().lstrip("-").isdigit() for row in table.rows)
