"""Two texts side by side with what differs marked. Pure: texts in, markup out."""

import re
from difflib import SequenceMatcher

from core.data.cleaners.base import is_blank
from core.data.examples import Example, Message
from ui.markup import Markup, div, join, span, tag
from ui.words import Words

_PIECES = re.compile(r"[^\W\d_\u3000-\u9fff]+|\d+|[^\S\n]+|\n|.", re.DOTALL)
_MOST_PIECES = 1_500  # of the part that differs; beyond it all of that part is marked
_AROUND = 160  # letters of what is the same, before and behind each difference
CHANGED, UNLIKE = ("del", "ins"), ("mark", "mark")  # one became the other; or both are there
_SEEN = {" ": "\u00b7", "\t": "\u2192", "\n": "\u21b5\n", "\u00a0": "\u00b7", "\u3000": "\u25a1"}


def compared(before: str, after: str, marks: tuple[str, str] = CHANGED) -> tuple[Markup, Markup]:
    """Both texts, what only one of them has in the tags of `marks`; long stretches that are the same are shortened."""
    first, second = _PIECES.findall(before), _PIECES.findall(after)
    left: list[Markup] = []
    right: list[Markup] = []
    changes = _changes(first, second)
    for number, (kind, a, b, c, d) in enumerate(changes):
        gone, come = "".join(first[a:b]), "".join(second[c:d])
        if kind == "equal":
            shown = Markup(join(_shortened(gone, is_first=number == 0, is_last=number == len(changes) - 1)))
            left.append(shown)
            right.append(shown)
            continue
        left.append(tag(marks[0], _seen(gone)) if gone else Markup(""))
        right.append(tag(marks[1], _seen(come)) if come else Markup(""))
    return join(*left), join(*right)


def pair_html(
    words: Words, before: Example, after: Example, titles: tuple[str, str], marks: tuple[str, str] = CHANGED
) -> Markup:
    """Two conversations beside each other, turn by turn."""
    longest = max(len(before.messages), len(after.messages))
    turns = [_turn_pair(words, (_at(before, index), _at(after, index)), marks) for index in range(longest)]
    columns = zip(titles, zip(*turns, strict=True), strict=True)
    return div("change", *(tag("div", tag("small", title), *shown, class_="conversation") for title, shown in columns))


def noted_html(words: Words, example: Example, note: str) -> Markup:
    """One conversation, with the place that is meant marked."""
    turns = (_turn(words, turn, _marked(turn.content, note)) for turn in example.messages)
    return tag("article", *turns, class_="conversation")


def _turn_pair(
    words: Words, turns: tuple[Message | None, Message | None], marks: tuple[str, str]
) -> tuple[Markup, Markup]:
    before, after = (turn.content if turn else "" for turn in turns)
    texts = zip(turns, compared(before, after, marks), strict=True)
    left, right = (_turn(words, turn, text) if turn else Markup("") for turn, text in texts)
    return left, right


def _turn(words: Words, turn: Message, text: Markup) -> Markup:
    return div(f"bubble {turn.role}", span("who", words(f"role.{turn.role}")), tag("p", text))


def _at(example: Example, index: int) -> Message | None:
    return example.messages[index] if index < len(example.messages) else None


def _changes(first: list[str], second: list[str]) -> list[tuple[str, int, int, int, int]]:
    """As SequenceMatcher's opcodes; what begins and ends the same is taken off first, so that long texts are quick."""
    shortest = min(len(first), len(second))
    head = next((at for at in range(shortest) if first[at] != second[at]), shortest)
    rest = shortest - head
    tail = next((at for at in range(rest) if first[-1 - at] != second[-1 - at]), rest)
    ends = len(first) - tail, len(second) - tail
    middle = first[head : ends[0]], second[head : ends[1]]
    if max(map(len, middle)) > _MOST_PIECES:
        inner = [("replace", 0, len(middle[0]), 0, len(middle[1]))]
    else:
        inner = list(SequenceMatcher(None, *middle, autojunk=False).get_opcodes())
    moved = [(kind, a + head, b + head, c + head, d + head) for kind, a, b, c, d in inner]
    same = [("equal", 0, head, 0, head)] if head else []
    return [*same, *moved, *([("equal", ends[0], len(first), ends[1], len(second))] if tail else [])]


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    """The letters near the differences, and the rest as dots."""
    if is_first and is_last:
        return text if len(text) <= 3 * _AROUND else f"{text[: 2 * _AROUND]} …"
    head, tail = (0 if is_first else _AROUND), (0 if is_last else _AROUND)
    if len(text) <= head + tail + _AROUND:
        return text
    return f"{text[:head]} … {text[len(text) - tail :] if tail else ''}"


def _seen(text: str) -> str:
    """Blanks as signs, where blanks are all there is; what nobody could see by its number."""
    blank = is_blank(text)
    return "".join(_SEEN.get(letter, letter) if blank else letter for letter in map(_visible, text))


def _visible(letter: str) -> str:
    return letter if letter in _SEEN or letter.isprintable() else f"\\u{ord(letter):04x}"


def place_of(note: str) -> str:
    """The place a note quotes, without the dots where it was cut out."""
    return note.strip("…").strip()


def _marked(text: str, note: str) -> Markup:
    quoted = place_of(note)
    at = text.find(quoted) if quoted else -1
    return join(text) if at < 0 else join(text[:at], tag("mark", quoted), text[at + len(quoted) :])
