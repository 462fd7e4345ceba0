"""Two columns, a question and its answer, under any of the names people give them."""

from collections.abc import Mapping

from core.data.examples import CONVERSATION, Message
from core.data.formats.base import (
    Conversion,
    Slot,
    as_text,
    optional_text,
    required_text,
    share_of_rows,
    value_of,
    with_system,
)
from core.data.formats.columns import SYSTEM_NAMES, Match, by_names, matches, simple
from core.data.readers.exports import first_answer
from core.data.table import RawRow, Sheaf

_QUESTIONS = (
    *("question", "questions", "q", "ask", "query", "input", "user", "human", "instruction", "prompt"),
    *("问题", "提问", "问", "输入", "用户", "問題", "提問", "質問", "질문"),
    *("frage", "pregunta", "domanda", "pergunta", "вопрос", "problem", "inputs", "title", "标题"),
)
_ANSWERS = (
    *("answer", "answers", "a", "response", "reply", "output", "assistant", "bot", "completion"),
    *("答案", "回答", "回复", "答复", "答", "输出", "助手", "solution", "target", "targets", "outputs"),
    *("回覆", "答覆", "답변", "대답", "antwort", "réponse", "reponse", "respuesta", "risposta", "resposta", "ответ"),
)
# A glossary: what it is, and what that means. Surely meant only where no better pair is there.
_TERMS = ("term", "word", "phrase", "expression", "code", "symbol", "character", "concept", "keyword", "词条", "术语")
_MEANINGS = ("definition", "meaning", "explanation", "description", "details", "定义", "释义", "解释", "含义")
# A table whose names say nothing: one column of questions, and texts beside it.
_ASKED_SCORE = 0.5
_MARKS = ("?", "？", "؟", "吗", "么")
_MOST_ASKED, _FEW_ASKED = 0.6, 0.3
_FEWEST_ROWS = 2
_SHORTEST_ANSWER = 6  # characters on average; shorter ones are labels
_CONTEXTS = ("context", "background", "passage", "title", "背景", "上下文", "参考", "标题")


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
    )

    def score(self, table: Sheaf) -> float:
        """The share of rows with both columns; less where the names only contain such words, or say nothing."""
        pair = _pair(table)
        if pair is None:
            return _ASKED_SCORE * share_of_rows(table, _asked(table).values()) if _asked(table) else 0.0
        is_sure = pair[0].rank < len(_QUESTIONS) and pair[1].rank < len(_ANSWERS) and not _is_glossary(pair)
        return (0.9 if is_sure else 0.6) * share_of_rows(table, (pair[0].column, pair[1].column))

    def mapping(self, table: Sheaf) -> dict[str, str]:
        """By the names of the columns; where they say nothing, by the question marks."""
        pair = _pair(table)
        found = {"question": pair[0].column, "answer": pair[1].column} if pair else _asked(table)
        if not found:
            return {}
        others = [column for column in table.columns if column not in found.values()]
        return found | by_names(others, {"system": SYSTEM_NAMES, "context": _CONTEXTS})

    def convert(self, row: RawRow, mapping: Mapping[str, str]) -> Conversion:
        """The context, where there is one, above the question.

        Raises:
            ConversionProblem: the row lacks one of the two columns.
        """
        question = required_text(row, mapping, "question")
        answer = as_text(first_answer(value_of(row, mapping, "answer")))
        context = optional_text(row, mapping, "context")
        asked = f"{context}\n\n{question}" if context.strip() and question.strip() else question
        turns = (Message("user", asked), Message("assistant", answer))
        return Conversion(with_system(optional_text(row, mapping, "system"), turns))


def _is_glossary(pair: tuple[Match, Match]) -> bool:
    return simple(pair[0].column) in _TERMS


def _pair(table: Sheaf) -> tuple[Match, Match] | None:
    """The nearest question, and the answer that belongs to it: q_fr goes with a_fr, not with a_en."""
    for asked, said in ((_QUESTIONS, _ANSWERS), (_TERMS, _MEANINGS)):
        for question in matches(table.columns, asked):
            others = [column for column in table.columns if column != question.column]
            answers = sorted(matches(others, said), key=lambda match: match.rest != question.rest)
            if answers and (question.rest == answers[0].rest or not _is_letter(question, asked, answers[0], said)):
                return question, answers[0]
    return None


def _is_letter(question: Match, asked: tuple[str, ...], answer: Match, said: tuple[str, ...]) -> bool:
    """True where a lone "q" or "a" in a longer name is all that speaks for the pair: "grade a" is no answer."""
    pairs = ((question, asked), (answer, said))
    return any(match.rank >= len(names) and len(names[match.rank - len(names)]) == 1 for match, names in pairs)


def _asked(table: Sheaf) -> dict[str, str]:
    """The column that ends in question marks, and the one with the longest texts beside it."""
    values = {column: [row.values.get(column) for row in table.rows] for column in table.columns}
    texts = {name: [cell.strip() for cell in cells if isinstance(cell, str)] for name, cells in values.items()}
    lengths = {column: sum(map(len, values)) / max(1, len(values)) for column, values in texts.items()}
    shares = {
        column: sum(text.endswith(_MARKS) for text in values) / max(1, len(values)) for column, values in texts.items()
    }
    question = max(shares, key=lambda column: shares[column], default="")
    others = [column for column in table.columns if column != question and shares[column] < _FEW_ASKED]
    answer = max(others, key=lambda column: lengths[column], default="")
    if len(table.rows) < _FEWEST_ROWS or not answer or shares[question] < _MOST_ASKED:
        return {}
    is_prose = lengths[answer] >= _SHORTEST_ANSWER and len(set(texts[answer])) * 2 > len(set(texts[question]))
    return {"question": question, "answer": answer} if is_prose else {}
