"""Texts with a label each, as for a classifier: the text is asked, the label is the answer."""

from collections.abc import Mapping, Sequence

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
from core.data.formats.columns import SYSTEM_NAMES, by_names, find, matches
from core.data.formats.pairs import is_surely_asked
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
# Two texts that are judged together.
_TWO_TEXTS = (
    *(("premise", "hypothesis"), ("sentence1", "sentence2"), ("sentence_1", "sentence_2")),
    *(("sentence_a", "sentence_b"), ("句子1", "句子2"), ("问题1", "问题2")),
    *(("text1", "text2"), ("text_1", "text_2"), ("text_a", "text_b"), ("question1", "question2"), ("query1", "query2")),
)
_SURE, _BESIDE_ANSWERS, _GUESSED = 0.93, 0.85, 0.45
_LONGEST_LABEL = 60  # characters; what is longer is an answer
_MOST_LABELS_SHARE = 0.5  # of the rows looked at; where nearly every row has its own, they are no classes
_FEW_ROWS = 20  # of so few rows each may well have its own label
# Two columns whose names say nothing.
_LONGEST_WORD = 30
_MOST_WORDS_SHARE = 0.1
_SHORTEST_TEXT = 20  # characters on average


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
        others = [column for column in table.columns if column != found["label"]]
        named = _BESIDE_ANSWERS if is_surely_asked(others) else _SURE
        score = named if self._named(table) else _GUESSED
        return score * share_of_rows(table, (found["text"], found["label"]))

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns; of two columns whose names say nothing, by what stands in them."""
        return self._named(table) or _guessed(table)

    def _named(self, table: Sheaf) -> dict[str, str]:
        """A label in words comes before a number for it."""
        labels = [match.column for match in matches(table.columns, _LABELS)]
        worded = [column for column in labels if not _is_number(table, column)]
        label = next(iter(worded or labels), None)
        others = [column for column in table.columns if column not in labels]
        two = _two_texts(others)
        text = two.get("text") or next((match.column for match in matches(others, _TEXTS)), None)
        if label is None or text is None:
            return {}
        others = [column for column in others if column != text]
        return {"text": text, "label": label} | by_names(others, {"title": _TITLES, "system": SYSTEM_NAMES}) | two

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


def _two_texts(columns: Sequence[str]) -> dict[str, str]:
    """The first stands above the second, as a title would."""
    for names in _TWO_TEXTS:
        first, second = (find(columns, [name]) for name in names)
        if first and second:
            return {"title": first, "text": second}
    return {}


def _guessed(table: Sheaf) -> dict[str, str]:
    """Of two columns the one with few words that come again and again, and the one with texts."""
    if len(table.columns) != 2 or len(table.rows) < _FEW_ROWS:
        return {}
    for label, text in (table.columns, table.columns[::-1]):
        words, texts = _texts(table, label), _texts(table, text)
        if min(len(words), len(texts)) < len(table.rows) or _is_number(table, label):
            continue
        mean = sum(map(len, texts)) / len(texts)
        are_words = all(word.strip() and len(word) <= _LONGEST_WORD for word in words)
        if are_words and 1 < len(set(words)) <= _MOST_WORDS_SHARE * len(words) and mean >= _SHORTEST_TEXT:
            return {"text": text, "label": label}
    return {}


def _texts(table: Sheaf, column: str) -> list[str]:
    return [value for row in table.rows if isinstance(value := row.values.get(column), str)]


def _are_labels(table: Sheaf, column: str) -> bool:
    values = [as_text(row.values.get(column)) for row in table.rows]
    few = len(set(values)) <= max(_FEW_ROWS, _MOST_LABELS_SHARE * len(values))
    return few and all(len(value) <= _LONGEST_LABEL for value in values)


def _is_number(table: Sheaf, column: str) -> bool:
    return all(as_text(row.values.get(column)).strip().lstrip("-").isdigit() for row in table.rows)
