"""Whether two rows say the same in almost the same words: true similarity, for the few pairs that signatures suggest.

One word can be all that matters ("the capital of France"), so it is not enough that few words differ: no number, name,
weekday or "not" may, and no word that changes in the question may change in the same way in the answer.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.data.cleaners import wording

Swap = tuple[tuple[str, ...], tuple[str, ...]]  # words of the one text, and what the other has in their place

LEAST_ALIKE = 0.75  # of the questions, as of the answers; two words of eight
# Where another word that matters stands in the question (one of ten), the answers have to be the same.
_SWAPPED_QUESTION, _ITS_ANSWER = 0.8, 0.9
_NEWS_IN_COMMON = 0.5  # "a synonym is …": where only what was asked for differs, the answers are two
_LONGEST = 400  # words that are aligned; of longer differences only the share is known


@dataclass(frozen=True)
class Difference:
    """ratio: twice the words in common, by the words of both texts. swaps: where they differ, as written."""

    ratio: float
    swaps: tuple[Swap, ...]

    @property
    def bears_meaning(self) -> bool:
        """Whether another number, name, weekday, "not" … is among what differs."""
        negations = [sum(map(wording.is_negation, side)) for side in self._sides()]
        return negations[0] != negations[1] or any(_is_opposed(*swap) for swap in self.swaps)

    @property
    def weighty(self) -> frozenset[tuple[str, str]]:
        """Words that matter and only one of the texts has, each with each that only the other has."""
        one, other = ({word.casefold() for word in side if not wording.is_light(word)} for side in self._sides())
        moved = one & other
        return frozenset((a, b) for a in one - moved for b in other - moved if not _is_same_word(a, b))

    def _sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(w for one, _ in self.swaps for w in one), tuple(w for _, other in self.swaps for w in other)


def difference(one: Sequence[str], other: Sequence[str]) -> Difference:
    """Compares two texts by their words as written; case makes no difference."""
    plain_one, plain_other = [word.casefold() for word in one], [word.casefold() for word in other]
    total = len(one) + len(other)
    if plain_one == plain_other:
        return Difference(1.0, ())
    start = _common(plain_one, plain_other)
    end = _common(plain_one[start:][::-1], plain_other[start:][::-1])
    middle_one, middle_other = plain_one[start : len(one) - end], plain_other[start : len(other) - end]
    if max(len(middle_one), len(middle_other)) > _LONGEST:
        shared = sum((Counter(plain_one) & Counter(plain_other)).values())
        return Difference(2 * shared / total, ((tuple(one), tuple(other)),))
    codes = SequenceMatcher(None, middle_one, middle_other, autojunk=False).get_opcodes()
    differing = sum(j - i + m - k for tag, i, j, k, m in codes if tag != "equal")
    swaps = (
        (tuple(one[start + i : start + j]), tuple(other[start + k : start + m]))
        for tag, i, j, k, m in codes
        if tag != "equal"
    )
    return Difference(1 - differing / total, tuple(swaps))


def say_the_same(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Whether question and answer of two rows are almost the same, and mean the same as far as words tell."""
    sides = list(zip(first, second, strict=True))
    if min(_most_alike(*side) for side in sides) < LEAST_ALIKE:
        return False
    if any(wording.numbers(one) != wording.numbers(other) for one, other in sides):
        return False
    if any(wording.operators(one) != wording.operators(other) for one, other in sides):
        return False
    question, answer = (difference(wording.words(one), wording.words(other)) for one, other in sides)
    if min(question.ratio, answer.ratio) < LEAST_ALIKE or question.bears_meaning or answer.bears_meaning:
        return False
    if question.weighty:  # another question, unless the answer is the same
        return question.ratio >= _SWAPPED_QUESTION and answer.ratio >= _ITS_ANSWER and not answer.weighty
    return not answer.weighty or _news_in_common(sides) >= _NEWS_IN_COMMON


def _most_alike(one: str, other: str) -> float:
    """What the ratio of two texts is at most: with their words in any order."""
    some, others = Counter(wording.folded(one)), Counter(wording.folded(other))
    total = some.total() + others.total()
    return 2 * (some & others).total() / total if total else 1.0


def _news_in_common(sides: Sequence[tuple[str, str]]) -> float:
    """Of the words that matter in the answers and are not in the questions: the share that both answers have."""
    asked = {word for text in sides[0] for word in wording.folded(text)}
    news = [{word for word in wording.folded(text) if not wording.is_light(word)} - asked for text in sides[1]]
    return len(news[0] & news[1]) / max(1, *map(len, news))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words are equal at the start."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _is_opposed(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if any(wording.are_opposed(left, right) for left in one for right in other):
        return True
    names = [{word.casefold() for word in side if wording.is_name(word)} for side in (one, other)]
    return bool(names[0] and names[1]) and not any(_is_same_word(a, b) for a in names[0] for b in names[1])


def _is_same_word(one: str, other: str) -> bool:
    """Whether two words are forms or spellings of one: "return" and "returned", "adress" and "address"."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4:
        return one == other
    rest = len(shorter) - _common(one, other)
    same_end = _common(one[::-1], other[::-1])
    return (rest <= 1 and len(longer) - len(shorter) <= 3) or _common(one, other) + same_end >= len(longer) - 1
