"""Whether two answers to one question claim different things: what can be told from the words alone.

Sure signs are another number of the same unit, yes against no, another weekday, open against closed. Less sure ones
(another name, nothing in common) count only between short answers. Where the question asks for ideas, or for work on
a text, two answers are two answers.
"""

import re

from core.data.cleaners import wording
from core.data.cleaners.likeness import say_the_same

_SHORT, _MIDDLE, _LONG = 12, 40, 80  # words of an answer
_CREATIVE = re.compile(
    r"(?:please|kindly|now|can you|could you|would you|i want you to|i need you to|help me(?: to)?|let's|[,.!\s])*"
    r"(?:write|tell|generate|create|compose|give|suggest|name|list|describe|imagine|make|come up|think|brainstorm|"
    r"design|craft|propose|recommend|rewrite|reword|rephrase|paraphrase|summari[sz]e|explain|provide|discuss|compare|"
    r"edit|continue|complete|translate|find|identify|classify|construct|produce|develop|invent|outline|add|"
    r"change|convert|correct|improve|use|pick|choose|say|act|pretend|share|show|draft|fill|form|arrange|sort|replace|"
    r"what(?:'s| is| are| were) (?:some|an? |your (?:favou?rite|opinion|name|thoughts|advice|hobb))|what would you|"
    r"what do you think|how would you|"
    r"hi|hello|hey|thanks?|thank you|good (?:morning|evening|day|night)|bye|goodbye|how are you)\b",
    re.IGNORECASE,
)
_CREATIVE_ZH = re.compile(
    r"(?:请|麻烦|帮我|帮忙|你|您|能|可以|能否|能不能|给我|为我|替我|为|根据|用|以|[，,\s])*"
    r"(?:写|讲|编|生成|创作|创建|给出|列|描述|推荐|建议|说说|说出|说一|想象|设计|起一?个?名|取一?个?名|举|谈谈|解释|介绍|续写|改写|"
    r"重写|总结|概括|翻译|提供|分析|你好|您好|谢谢|早上好|晚上好|再见|分类|找出|识别|提出|制定|构造|造句|编写|撰写|想)"
)
_YES_NO_QUESTION = re.compile(
    r"(?:^|[,.!;]\s*)(?:and |so |but )?(?:is|are|was|were|do|does|did|can|could|may|will|would|should|shall|has|have|"
    r"had|must|am)(?:n't)? |[吗嘛]|能不能|可不可以|是不是|有没有|会不会|是否|能否|可否",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:yes|yeah|yep|sure|certainly|absolutely|of course|correct|indeed|true|right)\b|"
    r"(?:是的?|可以|能|会|有|对|行|支持|当然|好的|没错|没问题|需要)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|nope|not|never|sorry|unfortunately|false|incorrect)\b|"
    r"(?:不|没有|没|无法|无需|否|抱歉|很遗憾|对不起)(?!错|问题|用谢|客气)",
    re.IGNORECASE,
)
_POLITE = re.compile(r"\bno (?:problem|worries|need|matter|doubt)\b|不客气|不用谢|没问题|没关系", re.IGNORECASE)
_FIGURE = re.compile(r"([$£€¥])?(\d+(?:[.,:]\d+)*)\s*([^\W\d_]+|[%$£€¥°])?")
_TIMES = "day"  # lengths of time may be said in other units
_ARTICLES = ("one", "once", "half", "一", "半")  # numbers only before a length of time


def contradict(question: str, one: str, other: str, *, is_sure: bool = False) -> bool:
    """Whether two answers to a question cannot both be right.

    is_sure: only what is sure counts; several answers to one question are the custom of the set.
    """
    one, other = _POLITE.sub("", one).strip(" ,.!，。！"), _POLITE.sub("", other).strip(" ,.!，。！")
    texts = [wording.words(one), wording.words(other)]
    longest = max(map(len, texts))
    if _is_yes_against_no(question, one, other):
        return True
    if asks_for_ideas(question) or say_the_same((question, one), (question, other)):
        return False
    if longest <= _LONG and _has_other_figures(one, other):
        return True
    if longest > _MIDDLE:
        return False
    of_one_thing = (longest <= _SHORT and not is_sure) or _is_of_one_thing(*texts)
    if of_one_thing and (_is_opposed(*texts) or _is_negated(*texts)):
        return True
    return not is_sure and _has_other_news(question, *texts)


def asks_for_ideas(question: str) -> bool:
    """Whether a question has many good answers: "write a poem", "hello"."""
    text = question.strip()
    return bool(_CREATIVE.match(text) or _CREATIVE_ZH.match(text))


def _is_yes_against_no(question: str, one: str, other: str) -> bool:
    says_no, says_yes = ([bool(sign.match(text.lstrip())) for text in (one, other)] for sign in (_NO, _YES))
    if says_no[0] == says_no[1]:
        return False
    positive, words = says_no.index(False), [wording.words(one), wording.words(other)]
    if says_yes[positive]:
        return True
    return bool(_YES_NO_QUESTION.search(question)) and not any(map(wording.is_negation, words[positive]))


def _has_other_figures(one: str, other: str) -> bool:
    """Whether some unit is counted in both and none of its numbers is the same: 30 days, 14 days."""
    some, others = _figures(one), _figures(other)
    return any(not _meet(some[unit], others[unit]) for unit in some.keys() & others.keys())


def _meet(some: set[str], others: set[str]) -> bool:
    """Whether two sets have a number in common, as exact as the less exact of them is given."""
    return any(
        one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.") for one in some for other in others
    )


def _figures(text: str) -> dict[str, set[str]]:
    """Unit to numbers; the unit is the word behind a number, or a currency."""
    text = wording.unified(text)
    found: dict[str, set[str]] = {"周": set(days)} if (days := wording.weekdays(text)) else {}
    for before, number, after in _FIGURE.findall(text):
        unit = before or (after if wording.words(after)[:1] == [after] else after[:1])
        found.setdefault(_unit(unit), set()).add(number.replace(",", ""))
    words = wording.folded(text)
    for word, following in zip(words, [*words[1:], ""], strict=False):
        is_number = wording.value(word) and not word[0].isdigit()
        if is_number and (word not in _ARTICLES or wording.kinds({following}) & wording.kinds({_TIMES})):
            found.setdefault(_unit(following), set()).add(wording.value(word))
    return found


def _unit(word: str) -> str:
    plain = word.casefold()
    return plain[:-1] if plain.endswith("s") and len(plain) > 2 else plain


def _is_opposed(one: list[str], other: list[str]) -> bool:
    """Whether words of a kind (weekdays, open and closed) stand in both, and none of them in both."""
    some, others = {word.casefold() for word in one}, {word.casefold() for word in other}
    kinds = wording.kinds(_of_letters(some - others)) & wording.kinds(_of_letters(others - some))
    return bool(kinds - wording.kinds(some & others) - wording.kinds({_TIMES}))


def _of_letters(words: set[str]) -> set[str]:
    """Without Chinese characters, which seldom are a word by themselves."""
    return {word for word in words if len(word) > 1}


def _is_negated(one: list[str], other: list[str]) -> bool:
    """Whether one of two answers says "not" and the other does not."""
    return any(map(wording.is_negation, one)) != any(map(wording.is_negation, other))


def _is_of_one_thing(one: list[str], other: list[str]) -> bool:
    """Whether longer answers share half of the words that matter, so that one "not" is about the same."""
    some, others = _weighty(one), _weighty(other)
    return 2 * len(some & others) >= 0.5 * (len(some) + len(others))


def _has_other_news(question: str, one: list[str], other: list[str]) -> bool:
    """Whether two answers have nothing in common but what was asked, or differ in the one word that says it."""
    asked = _weighty(wording.words(question))
    some, others = _weighty(one) - asked, _weighty(other) - asked
    if not some or not others:
        return False
    if some.isdisjoint(others):
        return True
    return len(some - others) == len(others - some) == 1 and _are_names(one, other, some ^ others)


def _are_names(one: list[str], other: list[str], words: set[str]) -> bool:
    written = {word.casefold() for text in (one, other) for word in text[1:] if wording.is_name(word)}
    return words <= written


def _weighty(words: list[str]) -> set[str]:
    return {_unit(word) for word in words if not wording.is_light(word) and not wording.is_negation(word)}
