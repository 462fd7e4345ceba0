"""Characters that went wrong on the way: bytes read as another encoding, and signs nobody can see."""

import re

from core.data.cleaners.base import EVERY_TASK, Action, Context, Hit, with_texts
from core.data.cleaners.mojibake import MISREAD_FIRST, MISREAD_NEXT, repaired
from core.data.cleaners.texts import changed_place, excerpt
from core.data.examples import Example

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_LINES = {"\x0b": "\n", "\x0c": "\n", "\x1c": "\n", "\x1d": "\n", "\x1e": "\n", "\u2028": "\n", "\u2029": "\n\n"}
_INVISIBLE = (
    "\x80-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e007f"
)
# Almost every clean text is told by one of these. ASCII has its own, for it is far quicker; the other asks for the
# first character alone, and for what follows only behind one that is worth it.
_IN_ASCII = re.compile(f"[{_CONTROL}]")
_SIGN = f"{_CONTROL}{_INVISIBLE}\ud800-\udfff"
_SUSPECT = re.compile(f"[{_SIGN}{MISREAD_FIRST}](?:(?<=[{_SIGN}])|{MISREAD_NEXT})")
_LOST = re.compile("[\ufffd\ud800-\udfff]|锟斤拷")
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_SIGNS = re.compile(f"[{_CONTROL}{_INVISIBLE}]")
_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Scripts whose letters are joined or kept apart by the joiners, and those that part words by the blank without width.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1b00-\u1c4f\ua840-\uabff\ufb50-\ufefc]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u19e0-\u19ff]")
_PICTURE = re.compile("[\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u20e3\xa9\xae\U0001f000-\U0001faff]")


class Encoding:
    """Repairs bytes read as another encoding, and removes control and invisible characters."""

    name = "encoding"
    label = "Garbled characters"
    help = (
        "Repairs text that was read in the wrong encoding (“cafÃ©” is “café”) and removes control characters and "
        "signs without width. What is lost for good (“�”) cannot be put right: those examples are left out."
    )
    actions: tuple[Action, ...] = ("fix", "drop", "keep")
    default: Action = "fix"
    tasks = EVERY_TASK

    def judge(self, example: Example, context: Context) -> Hit | None:
        """The example with readable texts; nothing to put right where characters are lost."""
        texts = _texts(example)
        if not any(map(_is_suspect, texts)):
            return None
        fixed = with_texts(example, readable)
        left = next(filter(None, (_LOST.search(text) for text in _texts(fixed))), None)
        if left:
            return Hit(excerpt(left.string, *left.span()))
        if fixed is example:
            return None
        return Hit(
            next(changed_place(old, new) for old, new in zip(texts, _texts(fixed), strict=True) if old != new), fixed
        )


def readable(text: str) -> str:
    """The text as it was meant; what is lost stays as it is."""
    if not _is_suspect(text):
        return text
    for _ in range(4):  # read wrongly twice, and once more for signs that come to light
        before, text = text, _without_signs(repaired(text))
        if text == before:
            break
    return text


def _texts(example: Example) -> list[str]:
    return [*(turn.content for turn in example.messages), example.rejected]


def _is_suspect(text: str) -> bool:
    return (_IN_ASCII if text.isascii() else _SUSPECT).search(text) is not None


def _without_signs(text: str) -> str:
    from_right = _FROM_RIGHT.search(text) is not None
    text = _TERMINAL.sub("", text)

    def kept(found: re.Match[str]) -> str:
        sign, at = found[0], found.start()
        before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
        return _LINES.get(sign) or (sign if _is_needed(sign, before, after, from_right) else "")

    return _SIGNS.sub(kept, text)


def _is_needed(sign: str, before: str, after: str, from_right: bool) -> bool:
    """True for a sign without width that the writing or the picture needs where it stands."""
    if sign == "\ufffd":
        return True  # reported as lost
    if sign in _DIRECTIONS:
        return from_right
    if sign == "\u200b":
        return bool(_UNSPACED.match(before) and _UNSPACED.match(after))
    if sign in "\u200c\u200d":
        is_joined = _JOINING.match(before) is not None
        return is_joined or bool(sign == "\u200d" and _PICTURE.match(before) and _PICTURE.match(after))
    if sign == "\u180e":
        return "\u1800" <= before <= "\u18af"
    return sign >= "\U000e0000" and (before == "\U0001f3f4" or before >= "\U000e0000")
