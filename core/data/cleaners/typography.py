"""Signs that are written in two ways in one text."""

import re

from core.data.cleaners.base import EVERY_TASK, Action, Context, Hit, with_texts
from core.data.cleaners.texts import changed_place, looks_like_code, outside_code
from core.data.examples import Example

_HAN = "\u3400-\u9fff"
_FULL_MARK = re.compile("[，。！？；：、]")
_HALF = re.compile(
    f"(?:(?<=[{_HAN}）》”’])([,;!?])|(?<=[{_HAN}]{{2}})(:)) ?(?=[{_HAN}“‘（《\\s]|$)"
    f"|(?<=[{_HAN}])(\\.)(?=[\\s{_HAN}]|$)"
)
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。"}
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_TO_HALF = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_REPEATED = re.compile(r"(?<=\w)([!?！？])\1{2,}|(?<=[^\W\d])([,;，；、：])\2+|(?<=\w)(?:,，|，,|。\.|\.。)")
_DOTS = re.compile(r"(?<=\w)\.{4,6}(?![.\w])|(?<=\w)。{2,6}|(?<=\w)\.\.(?=\s|$)")
_QUOTED = re.compile(f'"([^"\n]*[{_HAN}][^"\n]*)"')
_BEFORE_MARK = re.compile(r"(?<=[a-z]) ([,.])(?=\s[A-Za-z]|$)")
# One pass over the signs alone; what stands before them is asked only there.
_WORTH_A_LOOK = re.compile(
    "[,;:!?.，；、：。！？０-９Ａ-Ｚａ-ｚ]"
    f"(?:(?<=[{_HAN}）》”’][,;:!?.])(?=[\\s{_HAN}“‘（《]|$)|(?<=!!|\\?\\?|！！|？？|,,|，，|；；|;;|、、|：：|。。|，,|,，|。\\.|\\.。|\\.\\.)"
    "|(?<=[a-z] [,.])|(?<=[０-９Ａ-Ｚａ-ｚ]))"
)


class Typography:
    """One way of writing the same sign within a text."""

    name = "typography"
    label = "Mixed punctuation"
    help = (
        "Writes quotes, commas and dots one way within each text: “,” between Chinese characters as “，”, "
        "“!!!!” as “!”. Code stays as it is. A matter of taste, so nothing is done until you choose it."
    )
    actions: tuple[Action, ...] = ("keep", "fix", "drop")
    default: Action = "keep"
    tasks = EVERY_TASK

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The example with one way of writing, where a text of it has two."""
        fixed = with_texts(example, unified)
        if fixed is example:
            return None
        pairs = zip(example.messages, fixed.messages, strict=True)
        changed = ((old.content, new.content) for old, new in pairs if old != new)
        return Hit(changed_place(*next(changed, (example.rejected, fixed.rejected))), fixed)


def unified(text: str) -> str:
    """The text with each sign written one way."""
    has_quotes = ("“" in text and '"' in text) or ("’" in text and "'" in text)
    if not (has_quotes or _WORTH_A_LOOK.search(text)) or looks_like_code(text):
        return text
    before = ""
    while text != before:
        before, text = text, outside_code(text, _once)
    return text


def _once(text: str) -> str:
    text = _REPEATED.sub(_single, text)
    text = _DOTS.sub(lambda found: "……" if found[0][0] == "。" else "...", text)
    text = _BEFORE_MARK.sub(r"\1", text)
    if _FULL_MARK.search(text):
        text = _HALF.sub(lambda found: _FULL[found[1] or found[2] or found[3]], text)
    if _FULL_WIDTH.search(text) and re.search(r"[0-9A-Za-z]", text):
        text = text.translate(_TO_HALF)
    return _same_quotes(text)


def _single(found: re.Match[str]) -> str:
    sign = found[0]
    return sign[0] if len(set(sign)) == 1 else next(mark for mark in sign if mark in "，。")


def _same_quotes(text: str) -> str:
    """Straight and curly quotes in one text: curly around Chinese, straight elsewhere."""
    if "“" in text and '"' in text:
        if re.search(f"[{_HAN}]", text):
            return _QUOTED.sub("“\\1”", text) if text.count('"') % 2 == 0 else text
        return text.replace("“", '"').replace("”", '"')
    if "’" in text and re.search(r"[a-z]'[a-z]", text) and re.search(r"[a-z]’[a-z]", text):
        return re.sub(r"(?<=[a-z])’(?=[a-z])", "'", text)
    return text
