"""Plain text as rows: passages of a document, or the conversations written in it."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from core.data.readers.faq import asked_in
from core.data.table import RawRow

LONGEST_PASSAGE = 1_500  # characters: 300 to 400 tokens of English
LONGEST_CHINESE = 600  # the same in Chinese
_HEADING = re.compile(r"^#{1,6}\s|^[^\n]{1,80}\n[=-]{3,}\s*$")
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"(?<=[.!?。！？…])[\s”’\"']*")
_SPEAKERS = {
    "user": ("q", "question", "user", "human", "customer", "问", "问题", "用户", "客户", "提问"),
    "assistant": ("a", "answer", "assistant", "ai", "bot", "agent", "答", "答案", "回答", "助手", "客服"),
    "system": ("system", "系统"),
}
_ROLES = {name: role for role, names in _SPEAKERS.items() for name in names}
_NAMES = "|".join(sorted(map(re.escape, _ROLES), key=len, reverse=True))
_TURN = re.compile(rf"^[ \t>*-]*+({_NAMES})\**+[ \t]*+(?:\d++[ \t]*+)?[:：]\**[ \t]*", re.IGNORECASE | re.MULTILINE)
_FEWEST_TURNS = 4


def rows_of(text: str, line: int = 1) -> Iterator[RawRow]:
    """The conversations or the questions of a text that has them, else its passages; `line` is that of its start."""
    turns = _turns(text)
    yield from _conversations(text, turns, line) if turns else asked_in(text, line) or _passages(text, line)


def _turns(text: str) -> list[re.Match[str]]:
    """Where somebody begins to speak; nothing unless both sides do, one after the other."""
    turns = list(_TURN.finditer(text))
    roles = [_role(turn) for turn in turns]
    num_answers = sum(pair == ("user", "assistant") for pair in pairwise(roles))
    return turns if len(turns) >= _FEWEST_TURNS and num_answers * 3 >= len(turns) else []


def _conversations(text: str, turns: list[re.Match[str]], line: int) -> Iterator[RawRow]:
    """A conversation ends where a person speaks again after an empty line, or where a system turn begins."""
    messages: list[dict[str, str]] = []
    start, counted = line, 0
    ends = [turn.start() for turn in turns[1:]] + [len(text)]
    for turn, end in zip(turns, ends, strict=True):
        role, said = _role(turn), text[turn.end() : end]
        answered = bool(messages) and messages[-1]["role"] == "assistant"
        if role != "assistant" and answered:
            yield RawRow(start, {"messages": messages})
            messages = []
        if not messages:
            start, counted = start + text.count("\n", counted, turn.start()), turn.start()
        messages.append({"role": role, "content": said.strip()})
    if messages:
        yield RawRow(start, {"messages": messages})


def _role(turn: re.Match[str]) -> str:
    return _ROLES[turn.group(1).lower()]


def _passages(text: str, line: int) -> Iterator[RawRow]:
    """Paragraphs joined to passages, never across a heading."""
    passage: list[str] = []
    start, num_chars = line, 0
    for number, paragraph in _paragraphs(text, line):
        limit = LONGEST_CHINESE if len(_CHINESE.findall(paragraph)) * 3 > len(paragraph) else LONGEST_PASSAGE
        if passage and (num_chars + len(paragraph) > limit or _HEADING.match(paragraph)):
            yield RawRow(start, {"text": "\n\n".join(passage)})
            passage, num_chars = [], 0
        for piece in _cut(paragraph, limit):
            if num_chars and num_chars + len(piece) > limit:
                yield RawRow(start, {"text": "\n\n".join(passage)})
                passage, num_chars = [], 0
            if not passage:
                start = number
            passage.append(piece)
            num_chars += len(piece)
    if passage:
        yield RawRow(start, {"text": "\n\n".join(passage)})


def _paragraphs(text: str, line: int) -> Iterable[tuple[int, str]]:
    position = counted = 0
    for gap in [*_BLANK_LINES.finditer(text), None]:
        end = gap.start() if gap else len(text)
        paragraph = text[position:end]
        if paragraph.strip():
            line, counted = line + text.count("\n", counted, position), position
            yield line, paragraph.strip()
        position = gap.end() if gap else end


def _cut(paragraph: str, limit: int) -> Iterator[str]:
    """A paragraph longer than a passage, at the ends of its sentences; a sentence without end at the limit."""
    if len(paragraph) <= limit:
        yield paragraph
        return
    piece = ""
    for sentence in _sentences(paragraph, limit):
        joint = "" if _CHINESE.match(sentence) else " "
        if piece and len(piece) + len(sentence) > limit:
            yield piece
            piece = sentence
        else:
            piece = f"{piece}{joint}{sentence}" if piece else sentence
    if piece.strip():
        yield piece


def _sentences(paragraph: str, limit: int) -> Iterator[str]:
    for sentence in _SENTENCE.split(paragraph):
        yield from (sentence[start : start + limit] for start in range(0, len(sentence), limit))
