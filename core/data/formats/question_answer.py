"""Two columns, a question and its answer, under any of the names people give them."""

from collections.abc import Mapping

from core.data.examples import CONVERSATION, Message
from core.data.formats.base import (
    Conversion,
    Slot,
    as_text,
    optional_text,
    share_of_rows,
    value_of,
    with_system,
)
from core.data.formats.choices import CHOICES_NAMES, choices_in
from core.data.formats.columns import SYSTEM_NAMES, by_names, simple
from core.data.formats.pairs import pair_in
from core.data.formats.turns import with_offered
from core.data.readers.exports import first_answer
from core.data.table import RawRow, Sheaf

_CONTEXTS = ("context", "background", "passage", "title", "question_title", "背景", "上下文", "参考", "标题")
_HEADS_OF_MAILS = ("subject", "title")


class QuestionAnswer:
    """question, answer; optional columns for a system prompt and for text the question is about."""

    name = "question_answer"
    label = "Questions and answers (a table)"
    task = CONVERSATION
    slots: tuple[Slot, ...] = (
        Slot("question", "The question"),
        Slot("answer", "The answer"),
        Slot("system", "How the assistant should behave", required=False),
        Slot("context", "Text the question is about", required=False),
        Slot("choices", "Answers to choose from", required=False),
    )

    def score(self, table: Sheaf) -> float:
        """The share of rows with both columns; less where the names only contain such words, or say nothing."""
        pair = pair_in(table)
        return pair.score * share_of_rows(table, (pair.question, pair.answer)) if pair else 0.0

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns; where they say nothing, by the question marks."""
        pair = pair_in(table)
        if pair is None:
            return {}
        others = [column for column in table.columns if column not in (pair.question, pair.answer)]
        contexts = _HEADS_OF_MAILS if simple(pair.question) == "body" else _CONTEXTS
        more = by_names(others, {"system": SYSTEM_NAMES, "context": contexts, "choices": CHOICES_NAMES})
        return {"question": pair.question, "answer": pair.answer} | more

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The context, where there is one, above the question; answers to choose from below it.

        Raises:
            ConversionProblem: the row lacks one of the two columns.
        """
        question = as_text(_first(value_of(row, mapping, "question")))
        answer = value_of(row, mapping, "answer")
        choices = choices_in(row, mapping)
        said = choices.answer(answer) if choices else as_text(_first(answer))
        context = optional_text(row, mapping, "context")
        asked = f"{context}\n\n{question}" if context.strip() and question.strip() else question
        turns = (Message("user", f"{asked}\n{choices.listed}" if choices else asked), Message("assistant", said))
        return Conversion(with_system(optional_text(row, mapping, "system"), with_offered(row, turns)))


def _first(value: object) -> object:
    """Of several ways to ask the same, or of several right answers, the first; also of those in a list in a list."""
    found = first_answer(value)
    return first_answer(found) if isinstance(found, list) else found
