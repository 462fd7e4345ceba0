"""Reads the hand-written corpus (see FORMAT.md) and fills its slots."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LANGUAGES = ("en", "zh")

SLOTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": (
            "Anna",
            "Ben",
            "Clara",
            "David",
            "Emma",
            "Leo",
            "Maya",
            "Nina",
            "Oscar",
            "Paul",
            "Rosa",
            "Sam",
            "Tina",
            "Tom",
        ),
        "city": ("Paris", "Rome", "London", "Berlin", "Madrid", "Vienna", "Oslo", "Dublin", "Lisbon", "Athens"),
        "animal": ("cat", "dog", "horse", "rabbit", "duck", "sheep", "goat", "parrot", "turtle"),
        "food": ("soup", "rice", "bread", "pasta", "salad", "pizza", "noodles", "pancakes", "curry"),
        "fruit": ("apples", "pears", "grapes", "oranges", "plums", "bananas", "cherries", "peaches"),
        "color": ("red", "blue", "green", "yellow", "white", "purple", "orange", "brown"),
        "hobby": ("painting", "running", "reading", "cooking", "gardening", "swimming", "dancing", "fishing"),
        "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "job": ("teacher", "nurse", "baker", "farmer", "driver", "painter", "cook", "gardener"),
        "number": ("two", "three", "four", "five", "six", "seven", "eight"),
    },
    "zh": {
        "name": ("小明", "小红", "小华", "小丽", "小刚", "小芳", "阿强", "阿梅", "小雨", "小杰", "晓东", "文文"),
        "city": ("北京", "上海", "广州", "成都", "杭州", "西安", "南京", "武汉", "重庆", "青岛"),
        "animal": ("猫", "狗", "马", "兔子", "鸭子", "羊", "鹦鹉", "乌龟", "仓鼠"),
        "food": ("米饭", "面条", "饺子", "馒头", "粥", "炒饭", "包子", "馄饨"),
        "fruit": ("苹果", "梨", "葡萄", "橙子", "李子", "香蕉", "樱桃", "桃子"),
        "color": ("红色", "蓝色", "绿色", "黄色", "白色", "紫色", "橙色", "棕色"),
        "hobby": ("画画", "跑步", "看书", "做饭", "种花", "游泳", "跳舞", "钓鱼"),
        "day": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
        "job": ("老师", "护士", "面包师", "农民", "司机", "画家", "厨师", "园丁"),
        "number": ("两", "三", "四", "五", "六", "七", "八"),
    },
}
_SLOT = re.compile(r"\{(" + "|".join(SLOTS["en"]) + r")\}")


@dataclass(frozen=True)
class Exchange:
    """One thing a person says, in several wordings, and the answers that would do."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A short conversation: an optional system turn, then exchanges in order."""

    language: str
    topic: str
    system: str | None
    exchanges: tuple[Exchange, ...]


def read_corpus() -> tuple[Entry, ...]:
    """Every entry of every topic, in a fixed order."""
    return tuple(entry for language in LANGUAGES for entry in _read_language(language))


def read_more_wordings() -> dict[tuple[str, str, str], tuple[str, ...]]:
    """The second stage's wordings, by language, topic and the first wording of the entry they belong to."""
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for language in LANGUAGES:
        for path in sorted((HERE / "wordings" / language).glob("*.txt")):
            for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
                first, *rest = [line.strip() for line in block.splitlines() if line.strip()]
                words = tuple(line[2:].strip().replace("\\n", "\n") for line in rest)
                found[language, path.stem, first[2:].strip().replace("\\n", "\n")] = words
    return found


def fill_slots(texts: list[str], language: str, rng: random.Random) -> list[str]:
    """The texts of one conversation, each slot replaced by one value throughout."""
    values = {slot: rng.choice(choices) for slot, choices in SLOTS[language].items()}
    return [_SLOT.sub(lambda match: values[match.group(1)], text) for text in texts]


def _read_language(language: str) -> Iterator[Entry]:
    for path in sorted((HERE / "corpus" / language).glob("*.txt")):
        for number, block in enumerate(re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))):
            lines = [line.strip() for line in block.splitlines() if line.strip() and not line.startswith("#")]
            if lines:
                yield _entry(lines, language, path.stem, f"{path.name}, entry {number + 1}")


def _entry(lines: list[str], language: str, topic: str, place: str) -> Entry:
    system: str | None = None
    groups: list[tuple[list[str], list[str]]] = []
    for line in lines:
        mark, _, text = line.partition(":")
        text = text.strip().replace("\\n", "\n")
        if not text or mark not in ("s", "q", "a"):
            raise ValueError(f"{place}: {line!r} does not begin with 's:', 'q:' or 'a:' and a text")
        if mark == "s":
            system = text
        elif mark == "q":
            if not groups or groups[-1][1]:
                groups.append(([], []))
            groups[-1][0].append(text)
        else:
            groups[-1][1].append(text)
    if any(not answers for _, answers in groups):
        raise ValueError(f"{place}: a question without an answer")
    return Entry(language, topic, system, tuple(Exchange(tuple(q), tuple(a)) for q, a in groups))
