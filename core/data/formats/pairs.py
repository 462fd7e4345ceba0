"""Which two columns are a question and its answer, under any of the names people give them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.data.formats.columns import Match, find, matches, simple
from core.data.table import Sheaf

_QUESTIONS = (
    *("question", "questions", "q", "ask", "query", "input", "user", "human", "instruction", "prompt"),
    *("问题", "提问", "问", "输入", "用户", "問題", "提問", "質問", "질문"),
    *("frage", "pregunta", "domanda", "pergunta", "вопрос", "problem", "inputs"),
    *("question_body", "question_content", "question_text", "body", "patient", "customer", "client", "inquiry"),
    *("enquiry", "issue", "utterance", "咨询", "客户", "患者", "病人", "指令", "提示", "title", "标题"),
)
_ANSWERS = (
    *("answer", "answers", "a", "response", "reply", "output", "assistant", "bot", "completion"),
    *("答案", "回答", "回复", "答复", "答", "输出", "助手", "solution", "target", "targets", "outputs"),
    *("回覆", "答覆", "답변", "대답", "antwort", "réponse", "reponse", "respuesta", "risposta", "resposta", "ответ"),
    *("best_answer", "correct_answer", "accepted_answer", "answer_text", "answer_key", "responses", "replies"),
    *("resolution", "doctor", "agent", "gpt", "chatgpt", "ground_truth"),
    *("客服", "医生"),
)
# A glossary: what it is, and what that means. Surely meant only where no better pair is there.
_TERMS = ("term", "word", "phrase", "expression", "code", "symbol", "character", "concept", "keyword", "词条", "术语")
_MEANINGS = ("definition", "meaning", "explanation", "description", "details", "定义", "释义", "解释", "含义")
# A text and what was made of it: an answer to a mail, a summary, a translation.
_TEXTS = (
    *("text", "content", "message", "email", "ticket", "description", "comment", "post", "review", "article"),
    *("document", "dialogue", "dialog", "conversation", "passage", "source", "src", "source_text", "original"),
    *("原文", "内容", "正文", "文本", "文章"),
)
_MADE = (
    *("answer", "response", "reply", "resolution", "summary", "highlights", "tldr", "translation", "target", "tgt"),
    *("target_text", "output", "rewrite", "paraphrase", "correction", "corrected", "回答", "回复", "答案", "摘要"),
    *("总结", "译文", "翻译", "改写", "答复"),
)
_WEAK = frozenset(("title", "标题", "body", "issue", "utterance", "input", "inputs"))  # may be something else's
# A table whose names say nothing: one column of questions, and texts beside it.
_MARKS = ("?", "？", "؟", "吗", "么")
_MOST_ASKED, _FEW_ASKED = 0.6, 0.3
_FEWEST_ROWS = 2
_SURE, _LIKELY, _GUESSED = 0.9, 0.6, 0.5
_SHORTEST_ANSWER = 6  # characters on average; shorter ones are labels


@dataclass(frozen=True)
class Pair:
    """The column of questions and that of answers, and how sure it is that they are, 0 to 1."""

    question: str
    answer: str
    score: float


def pair_in(table: Sheaf) -> Pair | None:
    """The likeliest question and answer: by the names of the columns; where they say nothing, by question marks."""
    names = table.columns
    named = _worked(names) or _named(names, _QUESTIONS, _ANSWERS, _SURE) or _named(names, _TERMS, _MEANINGS)
    return named or _made(names) or _asked(table)


def is_surely_asked(columns: Sequence[str]) -> bool:
    """True where columns are called question and answer, so that a category beside them is no label to learn."""
    pair = _named(columns, _QUESTIONS, _ANSWERS, _SURE)
    return pair is not None and pair.score == _SURE and simple(pair.question) not in _WEAK


def _named(columns: Sequence[str], asked: tuple[str, ...], said: tuple[str, ...], sure: float = _LIKELY) -> Pair | None:
    """The nearest question, and the answer that belongs to it: q_fr goes with a_fr, not with a_en."""
    for question in matches(columns, asked):
        others = [column for column in columns if column != question.column]
        answers = sorted(matches(others, said), key=lambda match: match.rest != question.rest)
        if answers and (question.rest == answers[0].rest or not _is_letter(question, asked, answers[0], said)):
            are_whole = question.rank < len(asked) and answers[0].rank < len(said)
            return Pair(question.column, answers[0].column, sure if are_whole else _LIKELY)
    return None


def _is_letter(question: Match, asked: tuple[str, ...], answer: Match, said: tuple[str, ...]) -> bool:
    """True where a lone "q" or "a" in a longer name is all that speaks for the pair: "grade a" is no answer."""
    pairs = ((question, asked), (answer, said))
    return any(match.rank >= len(names) and len(names[match.rank - len(names)]) == 1 for match, names in pairs)


def _worked(columns: Sequence[str]) -> Pair | None:
    """A problem and the way to its solution, which says more than the result in a column beside it."""
    problem, solution = find(columns, ("problem",)), find(columns, ("solution",))
    return Pair(problem, solution, _SURE) if problem and solution else None


def _made(columns: Sequence[str]) -> Pair | None:
    text = find(columns, _TEXTS)
    made = find([column for column in columns if column != text], _MADE)
    return Pair(text, made, _LIKELY) if text and made else None


def _asked(table: Sheaf) -> Pair | None:
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
        return None
    is_prose = lengths[answer] >= _SHORTEST_ANSWER and len(set(texts[answer])) * 2 > len(set(texts[question]))
    return Pair(question, answer, _GUESSED) if is_prose else None
