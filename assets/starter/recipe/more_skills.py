"""Exercises of the second stage: other wordings of the first ones, capitals, yes or no; made anew for each pass."""

import random
from collections.abc import Callable
from functools import cache

from assets.starter.recipe.corpus import read_corpus
from assets.starter.recipe.skills import OPPOSITES, WORDS, Turns, _a, _pair, _talk

CAPITALS = [
    ("China", "中国", "Beijing", "北京"),
    ("Japan", "日本", "Tokyo", "东京"),
    ("France", "法国", "Paris", "巴黎"),
    ("Germany", "德国", "Berlin", "柏林"),
    ("Italy", "意大利", "Rome", "罗马"),
    ("Spain", "西班牙", "Madrid", "马德里"),
    ("Portugal", "葡萄牙", "Lisbon", "里斯本"),
    ("Greece", "希腊", "Athens", "雅典"),
    ("Russia", "俄罗斯", "Moscow", "莫斯科"),
    ("Egypt", "埃及", "Cairo", "开罗"),
    ("India", "印度", "New Delhi", "新德里"),
    ("Thailand", "泰国", "Bangkok", "曼谷"),
    ("Canada", "加拿大", "Ottawa", "渥太华"),
    ("Australia", "澳大利亚", "Canberra", "堪培拉"),
    ("Austria", "奥地利", "Vienna", "维也纳"),
    ("Norway", "挪威", "Oslo", "奥斯陆"),
    ("Sweden", "瑞典", "Stockholm", "斯德哥尔摩"),
    ("Poland", "波兰", "Warsaw", "华沙"),
    ("South Korea", "韩国", "Seoul", "首尔"),
    ("Ireland", "爱尔兰", "Dublin", "都柏林"),
]
ONE_WORD = {
    "en": ("Answer in one word.", "Reply with a single word.", "One word only."),
    "zh": ("只用一个词回答。", "请用一个词回答。"),
}
YES_NO = {
    "en": ("Answer only with yes or no.", "Only say yes or no.", "Reply yes or no."),
    "zh": ("只回答是或者不是。", "请只回答是或不是。"),
}


def more_skills(seed: int) -> list[Turns]:
    """A few thousand more exercises in both languages, seeded."""
    rng = random.Random(seed)
    made = [maker(rng) for maker, count in _MAKERS for _ in range(count)]
    return list({str(turns): turns for turns in made}.values())


def _sum(rng: random.Random) -> Turns:
    first, second = rng.randint(0, 20), rng.randint(0, 12)
    total = first + second
    if rng.random() < 0.5:
        ask = rng.choice(
            [
                f"add {first} and {second}",
                f"What's the sum of {first} and {second}?",
                f"{first} and {second} together, how much is that?",
                f"Could you tell me how much {first} plus {second} makes?",
                f"If I have {first} and get {second} more, how many do I have?",
                f"{first} plus {second}?",
            ]
        )
        return _talk(ask, f"{first} plus {second} is {total}.")
    ask = rng.choice(
        [
            f"{first}加{second}得多少？",
            f"{first}加上{second}是多少？",
            f"把{first}和{second}加起来是多少",
            f"我有{first}个，又得到{second}个，现在有几个？",
            f"{first}加{second}呢？",
            f"帮我算{first}加{second}",
        ]
    )
    return _talk(ask, f"{first}加{second}等于{total}。")


def _translate(rng: random.Random) -> Turns:
    english, chinese = _pair(rng)
    ask, answer = rng.choice(
        [
            (
                rng.choice(
                    [
                        f"I'd like to know the Chinese word for '{english}'.",
                        f"{english}, what is that in Chinese?",
                        f"Give me '{english}' in Chinese.",
                    ]
                ),
                f"'{english}' in Chinese is {chinese}.",
            ),
            (
                rng.choice(
                    [f"英语单词{english}是什么意思", f"{english}这个词怎么翻译成中文？", f"告诉我{english}的中文"]
                ),
                f"{english}的中文是“{chinese}”。",
            ),
            (
                rng.choice(
                    [
                        f"{chinese}的英语怎么写？",
                        f"怎么用英语说{chinese}？",
                        f"告诉我“{chinese}”的英文",
                        f"{chinese}这个词的英文是什么？",
                        f"英语里{chinese}叫什么",
                    ]
                ),
                f"“{chinese}”的英文是 {english}。",
            ),
            (
                rng.choice([f"{chinese}, what does it mean in English?", f"Give me the English word for {chinese}."]),
                f"{chinese} means '{english}' in English.",
            ),
        ]
    )
    return _talk(ask, answer)


def _classify(rng: random.Random) -> Turns:
    (english, chinese), pairs = rng.choice(list(WORDS.items()))
    other_english, other_chinese = rng.choice([pair for pair in WORDS if pair != (english, chinese)])
    word, character = rng.choice(pairs)
    if rng.random() < 0.5:
        one, two = rng.sample([english, other_english], 2)
        ask = rng.choice(
            [
                f"Would you call '{word}' {_a(one)} or {_a(two)}?",
                f"{word}: {one} or {two}?",
                f"Tell me whether {word} is {_a(one)} or {_a(two)}.",
                f"Does {_a(word)} belong to {one} or {two}?",
            ]
        )
        return _talk(ask, f"{word.capitalize()} is {_a(english)}.")
    one, two = rng.sample([chinese, other_chinese], 2)
    ask = rng.choice(
        [
            f"{character}算{one}还是{two}？",
            f"{character}，{one}还是{two}",
            f"你说{character}是{one}呢，还是{two}呢？",
            f"{character}应该归到{one}还是{two}里？",
        ]
    )
    return _talk(ask, f"{character}是{chinese}。")


def _yes_no(rng: random.Random) -> Turns:
    (english, chinese), pairs = rng.choice(list(WORDS.items()))
    word, character = rng.choice(pairs)
    true = rng.random() < 0.5
    asked = (english, chinese) if true else rng.choice([pair for pair in WORDS if pair != (english, chinese)])
    if rng.random() < 0.5:
        ask = rng.choice([f"Is '{word}' {_a(asked[0])}?", f"Would you say {word} is {_a(asked[0])}?"])
        if rng.random() < 0.5:
            return _talk(ask, "Yes." if true else "No.", rng.choice(YES_NO["en"]))
        return _talk(ask, f"Yes, {word} is {_a(english)}." if true else f"No, {word} is {_a(english)}.")
    ask = rng.choice([f"{character}是{asked[1]}吗？", f"{character}属于{asked[1]}吗"])
    if rng.random() < 0.5:
        return _talk(ask, "是。" if true else "不是。", rng.choice(YES_NO["zh"]))
    return _talk(ask, f"是的，{character}是{chinese}。" if true else f"不是，{character}是{chinese}。")


def _opposite(rng: random.Random) -> Turns:
    language = rng.choice(["en", "zh"])
    first, second = rng.choice(OPPOSITES[language])
    short = rng.random() < 0.5
    system = rng.choice(ONE_WORD[language]) if short else None
    if language == "en":
        ask = rng.choice(
            [f"What is the opposite of {first}?", f"The reverse of {first}, what is it?", f"opposite of {first}?"]
        )
        return _talk(ask, second.capitalize() + "." if short else f"The opposite of {first} is {second}.", system)
    ask = rng.choice([f"“{first}”的反义词是什么？", f"{first}反过来怎么说？", f"{first}的反义词呢"])
    return _talk(ask, f"{second}。" if short else f"“{first}”的反义词是“{second}”。", system)


def _capital(rng: random.Random) -> Turns:
    country, guojia, city, chengshi = rng.choice(CAPITALS)
    short = rng.random() < 0.25
    if rng.random() < 0.5:
        ask = rng.choice(
            [
                f"What is the capital of {country}?",
                f"capital of {country}",
                f"Which city is the capital of {country}?",
                f"Do you know the capital city of {country}?",
                f"Name {country}'s capital.",
                f"Tell me what the capital of {country} is.",
            ]
        )
        return _talk(
            ask,
            f"{city}." if short else f"The capital of {country} is {city}.",
            rng.choice(ONE_WORD["en"]) if short else None,
        )
    ask = rng.choice(
        [
            f"{guojia}的首都是哪里？",
            f"{guojia}首都",
            f"请问{guojia}的首都在哪儿",
            f"哪座城市是{guojia}的首都？",
            f"{guojia}的首都叫什么名字？",
        ]
    )
    return _talk(
        ask,
        f"{chengshi}。" if short else f"{guojia}的首都是{chengshi}。",
        rng.choice(ONE_WORD["zh"]) if short else None,
    )


def _list(rng: random.Random) -> Turns:
    (english, chinese), pairs = rng.choice([item for item in WORDS.items() if " " not in item[0][0]])
    one, two, three = rng.sample(pairs, 3)
    if rng.random() < 0.5:
        ask = rng.choice(
            [
                f"three {english}s please",
                f"I can't think of any {english}s. Give me three.",
                f"Which {english}s do you know? Three are enough.",
                f"Could you write down three {english}s?",
            ]
        )
        return _talk(ask, f"Three {english}s are {one[0]}, {two[0]} and {three[0]}.")
    ask = rng.choice(
        [
            f"来三种{chinese}",
            f"你知道哪些{chinese}？说三种就行",
            f"麻烦写下三种{chinese}",
            f"想不出{chinese}了，给我三种吧",
        ]
    )
    return _talk(ask, f"三种{chinese}：{one[1]}、{two[1]}、{three[1]}。")


@cache
def _sentences(language: str) -> tuple[str, ...]:
    """All answers of a language's corpus; no question, so that held-out wordings stay unseen."""
    entries = [entry for entry in read_corpus() if entry.language == language]
    return tuple(text for e in entries for x in e.exchanges for text in x.answers if "{" not in text)


def _piece(rng: random.Random) -> str:
    """A word, in some case, or halves of two words: every token of the vocabulary must be written now and then."""
    words = rng.choice(_sentences("en")).split()
    word, other = rng.choice(words), rng.choice(words)
    return rng.choice([word, word.capitalize(), word.upper(), word[: rng.randint(1, 4)] + other[-rng.randint(1, 5) :]])


def _slice(rng: random.Random) -> str:
    text = rng.choice(_sentences("zh"))
    start = rng.randrange(max(1, len(text) - 3))
    return text[start : start + rng.randint(2, 8)]


def _copy(rng: random.Random) -> Turns:
    if rng.random() < 0.55:
        text = (
            rng.choice(_sentences("en"))
            if rng.random() < 0.3
            else " ".join(_piece(rng) for _ in range(rng.randint(2, 6)))
        )
        return _talk(rng.choice(["Repeat after me: ", "Copy this: ", "Say exactly: ", "Write: "]) + text, text)
    text = (
        rng.choice(_sentences("zh")) if rng.random() < 0.3 else "".join(_slice(rng) for _ in range(rng.randint(1, 3)))
    )
    return _talk(rng.choice(["请跟我说：", "照着写：", "重复：", "写下来："]) + text, text)


def _numbered(rng: random.Random) -> Turns:
    """Lists with a number and a line each, so that line breaks and numbers are nothing new."""
    count = rng.choice([2, 3, 3, 4])
    if rng.random() < 0.5:
        items = [" ".join(rng.choice(_sentences("en")).split()[: rng.randint(1, 5)]) for _ in range(count)]
        ask = rng.choice(["Number these, one a line: ", "Make a numbered list of: "]) + "; ".join(items)
    else:
        items = [_slice(rng) for _ in range(count)]
        ask = rng.choice(["把这几项编号，一行一个：", "列成编号的清单："]) + "；".join(items)
    return _talk(ask, "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)))


def _code(rng: random.Random) -> Turns:
    """A line or two of Python between fences, named in the question."""
    name, other = (
        rng.choice(["total", "name", "count", "items", "text", "price", "n", "x", "words", "value"]) for _ in "ab"
    )
    line = rng.choice(
        [
            f"{name} = {rng.randint(0, 99)}",
            f"print({name})",
            f"for {name} in {other}:\n    print({name})",
            f"if {name} > {rng.randint(0, 9)}:\n    {other} = {name}",
            f"def {name}({other}):\n    return {other}",
            f'{name} = "{other}"',
            f"import {rng.choice(['math', 'random', 'json'])}",
        ]
    )
    ask = rng.choice(["Put this in a code block: ", "Write this as a Python block: ", "把这段放进代码块："])
    return _talk(ask + line, f"```python\n{line}\n```")


_MAKERS: list[tuple[Callable[[random.Random], Turns], int]] = [
    (_sum, 1400),
    (_translate, 2000),
    (_classify, 1000),
    (_yes_no, 900),
    (_opposite, 500),
    (_capital, 500),
    (_list, 700),
    (_copy, 3000),
    (_numbered, 900),
    (_code, 500),
]
