"""Answers that stop in the middle of a sentence."""

import re

from core.data.cleaners.base import BLANKS, EVERY_TASK, Action, Context, Hit
from core.data.cleaners.texts import looks_like_code
from core.data.examples import CLASSIFICATION, Example

_HAN = "\u3400-\u9fff"
# Words after which a sentence goes on; prepositions that may end one ("what for") are not among them.
_GOES_ON = re.compile(
    r"\b(?:the|an?|of|and|or|but|nor|with|from|into|because|although|whereas|their|its|your|our|my|than|whose|"
    r"such|between|among|during|including|which|is|are|was|were|be|has|have|been|will|would|should|may|might|"
    r"to|for|at|by|as|if|that|when|while|where|in|on|about|through|without|these|those|every|each|very|"
    r"und|oder|der|die|das|ein|eine|mit|von|für|zu|et|ou|le|la|les|des|du|de|un|une|avec|pour|que|qui|el|los|las|y|con|para)$",
    re.IGNORECASE,
)
_MAY_END = re.compile(
    r"\b(?:to|for|at|by|as|in|on|about|through|without|is|are|was|were|be|has|have|will|would|should|may|"
    r"might|that|those|these|if|when|where|each|such|including|de|la|le|y|die|das|that|while|every|very|during)$",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…。！？；~～\"'”’»」』)）\]】}>*_|`:;：]$|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]$")
_SENTENCE_END = re.compile(r"[.!?](?=[\s\"'”’)]|$)|[。！？]")
_LIST_ITEM = re.compile(
    r"^\s*(?:[-*•·+–]|\d{1,2}[.)、．]|[a-zA-Z][.)]|#{1,6} |\||>|\(\d+\)|（[一二三四五六七八九十\d]+）|[①-⑳])"
)
_EMPTY_ITEM = re.compile(r"^\s*(?:[-*•]|(\d{1,2})[.)、．])\s*$")
_COMMA = re.compile(r"[,，、]$")
_HYPHEN = re.compile(r"[a-z]{2}-$")
_BRACKETS = {")": "(", "）": "（", "」": "「", "』": "『", "】": "【", "》": "《", "”": "“"}
_PAIRED = re.compile("[" + "".join(map(re.escape, (*_BRACKETS, *_BRACKETS.values()))) + "]")
_OPENING = frozenset(_BRACKETS.values())
# Chinese that cannot end a sentence.
_HAN_GOES_ON = re.compile(
    "(?:的|和|与|及|或|但|而|因为|所以|如果|以及|并且|例如|比如|包括|通过|对于|关于|由于|从而|其|以|被|把|将|在|是|为|等等的|"
    "一边|又|并|让|使|向|从|跟|当|若|则|及其|然后|首先|其次)$"
)
# A writer who mixes marks or ends in a particle leaves out full stops as well.
_HALF_MARK = re.compile(f"[{_HAN}][,.;?!](?=[{_HAN}]|$)")
_HAN_CASUAL = re.compile("[了吗吧呢啊哦呀嘛啦哈谢]$")
_SOURCE = re.compile(r"[.!?。！？\"'”’)]\s*[-—–~]{1,2}\s?[A-Z\u3400-\u9fff][^.!?。]{0,40}(?:\.[A-Z]?[^.!?。]{0,30})*$")
_LONG = 80
_SHORT = 40  # characters: titles, names and labels have no full stop


class Truncated:
    """Marks answers that were cut off."""

    name = "truncated"
    label = "Answers cut off"
    help = (
        "Finds answers that stop in mid-sentence, often because a limit was reached when they were written. A model "
        "learns to stop there too. Nobody but you knows the rest, so they are only marked."
    )
    actions: tuple[Action, ...] = ("keep", "drop")
    default: Action = "keep"
    tasks = EVERY_TASK - {CLASSIFICATION}

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The end of the first answer that is cut off."""
        for turn in example.messages:
            if turn.role == "assistant" and not turn.extra and is_cut_off(turn.content):
                return Hit("…" + " ".join(turn.content.rstrip(BLANKS)[-30:].split()))
        return None


def is_cut_off(text: str) -> bool:
    """Whether a text stops in mid-sentence. Lists, titles, code and short answers do not."""
    text = text.rstrip(BLANKS)
    fences = text.count("```")
    if fences:
        return fences % 2 == 1 or (not text.endswith("```") and is_cut_off(text.rsplit("```", 1)[1]))
    lines = text.split("\n")
    if _is_empty_item(lines):
        return True
    if not text or _ENDED.search(text[-1:]):
        return _is_open(text) and not looks_like_code(text)
    if looks_like_code(text):
        return False
    return _stops_short(lines[-1], text) or _is_open(text) or _lacks_its_end(lines, text)


def _stops_short(last: str, text: str) -> bool:
    """A comma, a hyphen, or a word after which something must follow."""
    if _COMMA.search(last) or _HYPHEN.search(last):
        return len(text) > (5 if re.search(f"[{_HAN}]", last) else 12)
    words = last.split()
    if _GOES_ON.search(last) and len(words) > 3 and words[-1].islower():
        is_prose = _SENTENCE_END.search(text) is not None or len(words) > 7
        return is_prose or not _MAY_END.search(last)
    return len(last) > 8 and _HAN_GOES_ON.search(last) is not None and re.search("[，。]", text) is not None


def _is_empty_item(lines: list[str]) -> bool:
    """The number of an item that never came."""
    found = _EMPTY_ITEM.match(lines[-1])
    return found is not None and any(_LIST_ITEM.match(line) and not _EMPTY_ITEM.match(line) for line in lines[:-1])


def _is_open(text: str) -> bool:
    """A bracket or quote of the last paragraph that is never closed."""
    waiting: list[str] = []
    for sign in _PAIRED.findall(text.rsplit("\n\n", 1)[-1]):
        if sign in _OPENING:
            waiting.append(sign)
        elif waiting and _BRACKETS.get(sign) == waiting[-1]:
            waiting.pop()
    if not waiting:
        return False
    tail = text[text.rindex(waiting[-1]) + 1 :]
    return len(tail) < 200 and not _SENTENCE_END.search(tail) and "\n" not in tail


def _lacks_its_end(lines: list[str], text: str) -> bool:
    """A last sentence without an end, of a writer who ends the others."""
    last = lines[-1]
    ends = [found.end() for found in _SENTENCE_END.finditer(last)]
    rest = last[ends[-1] :].strip(BLANKS) if ends else last
    if len(text) < _SHORT or _SOURCE.search(last) or "://" in rest or "#" in rest:
        return False  # a name or a title, who said it, a link, a hashtag
    if _LIST_ITEM.match(last):
        return _ends_items(lines[:-1]) and not _ENDED.search(last[-1:])
    num_ended = len(_SENTENCE_END.findall(text))
    if re.search(f"[{_HAN}]", rest):
        is_even = len(rest) > 2 and _HALF_MARK.search(text) is None and not _HAN_CASUAL.search(rest)
        return is_even and num_ended > 1 and (bool(ends) or _ends_lines(lines[:-1]))
    words = rest.split()
    if not re.search(r"[a-z]$|^[A-Z]$", rest):
        return False
    if ends and (len(words) > 2 or num_ended > 1 or len(text) > _LONG):
        return rest[0].isupper() or len(words) > 2
    is_prose = _ends_lines(lines[:-1]) if num_ended > 1 or len(lines) > 1 else len(words) > 8
    return is_prose and last[:1].isupper() and _is_running(words)


def _is_running(words: list[str]) -> bool:
    """No title and no name: words in small letters."""
    return len(words) > 2 and sum(word[0].islower() for word in words) * 3 > len(words) * 2 - 1


def _ends_lines(lines: list[str]) -> bool:
    """Whether the prose before ends where it should: verses and notes do not."""
    prose = [line for line in lines if len(line) > 16 and not _LIST_ITEM.match(line)]
    return bool(prose) and all(_ENDED.search(line.rstrip(BLANKS)[-1:]) for line in prose[-4:])


def _ends_items(lines: list[str]) -> bool:
    """Whether all items of the list before end like sentences."""
    items = [line for line in lines if _LIST_ITEM.match(line)]
    return len(items) > 0 and all(re.search(r"[.!?。！？；;]$", line.rstrip(BLANKS)) for line in items)
