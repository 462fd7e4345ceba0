"""Words of a text, and which of them bear its meaning: what checks that compare rows know about language.

English and Chinese are known well; of other languages only what looks the same everywhere (numbers, capitals).
"""

import re
import unicodedata

# A Chinese or Japanese character is a word by itself; others go from blank to blank, apostrophes inside included.
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:['’][^\W_{_HAN}]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天])")
_LIST_MARK = re.compile(r"^\s*(?:\d{1,2}|[a-h])[.)、]\s+", re.MULTILINE)
_OPERATOR = re.compile(r"[+/=<>^%×÷√≤≥$£€¥₹]|(?<=[\d)] )[-*](?= [\d(])|(?<=\b\w )[-*](?= \w\b)|(?<=\d)[-*](?=\d)")

_NEGATIONS = (
    "no not never none neither nor cannot nothing nobody nowhere without except unless hardly only "
    "不 没 無 无 非 未 勿 别 莫 免 禁 仅 只"
)
# Words that can come or go without another meaning.
_LIGHT_WORDS = (
    "a an the this that these those it its i me my mine we us our ours you your yours he she they them their one "
    "is are am was were be been being do does did doing done have has had can could will would shall should may might "
    "to of in on at by for from with into onto about as and or so then than too also just please kindly thanks thank "
    "hi hello hey dear sir madam ok okay well there here what's it's i'm i'd i'll we're you're let's if how what which "
    "who when where very really quite simply now again any some get got want need like know tell exactly actually "
    "的 了 吗 嘛 呢 吧 啊 呀 哦 嗯 请 问 您 你 我 们 怎 么 样 如 何 是 就 会 可 以 能 想 要 一 下 个 这 那 在 和 与 "
    "及 也 都 还 把 被 给 对 于 得 地 着 过 好 谢 该 应 需 来 去 里 中 上 有 为 呵 哈 并 而 且 或 将 让 使 再 很 什"
)
_NEGATION, _LIGHT = frozenset(_NEGATIONS.split()), frozenset(_LIGHT_WORDS.split())
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_LARGE = {
    "hundred": 100,
    "thousand": 1000,
    "dozen": 12,
    "once": 1,
    "twice": 2,
    "两": 2,
    "百": 100,
    "千": 1000,
    "万": 10000,
}
_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_NUMBER_WORDS = {
    **{word: number for number, word in enumerate(_UP_TO_TWENTY.split())},
    **{word: number for number, word in enumerate("零一二三四五六七八九十")},
    **_TENS,
    **_LARGE,
}
# Of one line, two different words say different things.
_KINDS = (
    "monday tuesday wednesday thursday friday saturday sunday weekday weekdays weekend weekends daily weekly monthly",
    "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
    "january february march april may june july august september october november december",
    "second seconds minute minutes hour hours day days week weeks month months year years 天 周 月 年 时 分 秒 日",
    "always sometimes rarely often never seldom",
    "yes no",
    "morning noon afternoon evening night midnight",
    "open closed opened",
    "free paid chargeable costs",
    "before after during",
    "first last final initial",
    "left right",
    "up down",
    "increase decrease increases decreases",
    "more less fewer",
    "allowed forbidden prohibited permitted banned",
    "possible impossible",
    "required optional mandatory voluntary",
    "true false correct incorrect wrong",
    "enable disable enabled disabled",
    "accept reject refuse accepts rejects refuses accepted rejected refused",
    "include exclude includes excludes included excluded",
    "safe unsafe dangerous",
    "hot cold warm",
    "north south east west",
    "minimum maximum least most",
    "all none some only",
    "buyer seller customer",
    "male female man woman men women",
    "red blue green yellow black white orange purple pink brown grey gray",
    "large small medium big tiny",
    "上 下",
    "左 右",
    "前 后",
    "东 南 西 北",
    "早 晚",
    "大 小",
    "多 少",
    "男 女",
    "买 卖",
    "开 关 闭",
    "内 外",
)
_KINDS_OF = {word: {kind for kind in _KINDS if word in kind.split()} for line in _KINDS for word in line.split()}
_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis")


def unified(text: str) -> str:
    """The text with full-width letters and digits as the usual ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def words(text: str) -> list[str]:
    """The words as they are written, without punctuation; each Chinese character is one."""
    return _WORD.findall(unified(text))


def folded(text: str) -> list[str]:
    """The words without case."""
    return _WORD.findall(unified(text).casefold())


def numbers(text: str) -> list[str]:
    """The numbers in digits, without the marks of numbered lists, and Chinese weekdays; in rising order."""
    if text.isascii() and not any(map(text.__contains__, "0123456789")):
        return []
    text = unified(text)
    found = _NUMBER.findall(_LIST_MARK.sub("", text))
    return sorted([*(number.replace(",", "") for number in found), *weekdays(text)])


def weekdays(text: str) -> list[str]:
    """The weekdays in Chinese: one character of "Sunday" or "Wednesday" is all that differs."""
    return _WEEKDAY.findall(text)


def operators(text: str) -> list[str]:
    """The signs that mean something in formulas and code."""
    return _OPERATOR.findall(text)


def is_light(word: str) -> bool:
    """Whether a word can come or go without another meaning."""
    return word.casefold() in _LIGHT


def is_negation(word: str) -> bool:
    """Whether a word turns the meaning round."""
    plain = word.casefold()
    return plain in _NEGATION or plain.endswith(("n't", "n’t"))


def value(word: str) -> str:
    """The number a word stands for, "" for none."""
    return word if word[0].isdigit() else str(_NUMBER_WORDS.get(word.casefold(), ""))


def are_opposed(one: str, other: str) -> bool:
    """Whether two words of a kind say different things: two numbers, two weekdays, open and closed."""
    one, other = one.casefold(), other.casefold()
    if one == other:
        return False
    if value(one) and value(other):
        return value(one) != value(other)
    if any(one == prefix + other or other == prefix + one for prefix in _PREFIXES):
        return min(len(one), len(other)) > 2
    return bool(kinds({one}) & kinds({other}))


def kinds(words: set[str]) -> set[str]:
    """The kinds that words without case belong to; two different words of a kind say different things."""
    return {kind for word in words for kind in _KINDS_OF.get(word, ())}


def is_name(word: str) -> bool:
    """Whether a word inside a sentence looks like a name."""
    return word[0].isupper() and not word.startswith("I'") and word != "I"
