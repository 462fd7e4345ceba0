"""Multiplies the hand-written corpus into conversations: rewordings, slots, system turns, chains of several turns.

python -m assets.starter.recipe.generate        prints the counts and a few conversations
"""

import json
import random
from collections import Counter
from dataclasses import dataclass

from assets.starter.recipe.corpus import HERE, LANGUAGES, Entry, fill_slots, read_corpus
from assets.starter.recipe.skills import skills

Turns = list[dict[str, str]]

NEUTRAL_SYSTEMS = {
    "en": (
        "You are a helpful assistant.",
        "You are a friendly assistant.",
        "Answer the person's questions.",
        "You are an assistant.",
        "Be helpful and polite.",
        "You are a helpful assistant on a small computer.",
    ),
    "zh": (
        "你是一个乐于助人的助手。",
        "你是一个友好的助手。",
        "请回答对方的问题。",
        "你是一个助手。",
        "请礼貌、耐心地回答。",
        "你是一个运行在小电脑上的助手。",
    ),
}
OPENINGS = {
    "en": (
        "Hi, ",
        "Hello, ",
        "Please tell me: ",
        "I have a question: ",
        "Can you help me? ",
        "Quick question: ",
        "Excuse me, ",
        "Hey, ",
    ),
    "zh": ("你好，", "请问，", "我想问一下，", "有个问题：", "麻烦问一下，", "帮我看看，", "那个，", "嗨，"),
}


@dataclass(frozen=True)
class Recipe:
    """What the model is trained on, and what is held back from it."""

    train: list[Turns]
    held_out: list[Turns]


def build(seed: int = 7) -> Recipe:
    """The conversations of one pass, and one wording in nine of every hand-written question held out."""
    rng = random.Random(seed)
    entries = read_corpus()
    blocked = {prompt["prompt"].strip().lower() for prompt in held_back_prompts()}
    train: list[Turns] = []
    held_out: list[Turns] = []
    for entry in entries:
        for number, wordings in enumerate(_wordings(entry)):
            turns = _conversation(entry, wordings, rng)
            if turns[-2]["content"].strip().lower() in blocked:
                continue
            if len(entry.exchanges[0].questions) >= 4 and number == rng.randrange(9):
                held_out.append(turns)
            else:
                train.append(turns)
    train += [_with_opening(turns, rng) for turns in rng.sample(train, len(train) // 4)]
    train += [_with_system(turns, rng) for turns in rng.sample(train, len(train) // 4)]
    train += _chains(train, rng, len(train) // 4)
    train += [turns for turns in skills(seed) if turns[-2]["content"].strip().lower() not in blocked]
    rng.shuffle(train)
    return Recipe(train, held_out)


def held_back_prompts() -> list[dict[str, str]]:
    """The 40 prompts of the model card; none of them is ever trained on."""
    path = HERE / "held_back.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def language_of(turns: Turns) -> str:
    """The language of a conversation's last question."""
    question = turns[-2]["content"]
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in question) else "en"


def _wordings(entry: Entry) -> list[tuple[int, ...]]:
    """For each wording of the first question, one for each question that follows."""
    most = max(len(exchange.questions) for exchange in entry.exchanges)
    return [tuple(number % len(exchange.questions) for exchange in entry.exchanges) for number in range(most)]


def _conversation(entry: Entry, wordings: tuple[int, ...], rng: random.Random) -> Turns:
    texts: list[str] = [entry.system] if entry.system else []
    for exchange, wording in zip(entry.exchanges, wordings, strict=True):
        texts += [_reworded(exchange.questions[wording], entry.language, rng), rng.choice(exchange.answers)]
    filled = fill_slots(texts, entry.language, rng)
    turns: Turns = [{"role": "system", "content": filled.pop(0)}] if entry.system else []
    for question, answer in zip(filled[::2], filled[1::2], strict=True):
        turns += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return turns


def _reworded(question: str, language: str, rng: random.Random) -> str:
    """Small things people do: no question mark, no capital letter."""
    luck = rng.random()
    if luck < 0.15:
        return question.rstrip("?？.。")
    if luck < 0.25 and language == "en" and question.isascii():
        return question[0].lower() + question[1:]
    return question


def _with_opening(turns: Turns, rng: random.Random) -> Turns:
    first = next(number for number, turn in enumerate(turns) if turn["role"] == "user")
    opening = rng.choice(OPENINGS[language_of(turns)])
    changed = [dict(turn) for turn in turns]
    changed[first]["content"] = opening + changed[first]["content"]
    return changed


def _with_system(turns: Turns, rng: random.Random) -> Turns:
    if turns[0]["role"] == "system":
        return turns
    return [{"role": "system", "content": rng.choice(NEUTRAL_SYSTEMS[language_of(turns)])}, *turns]


def _chains(pool: list[Turns], rng: random.Random, count: int) -> list[Turns]:
    """Unrelated short conversations one after another: the model must follow the last question."""
    short = [turns for turns in pool if turns[0]["role"] == "user" and len(turns) <= 4]
    plain = {language: [turns for turns in short if language_of(turns) == language] for language in LANGUAGES}
    chains = []
    for _ in range(count):
        links = rng.sample(plain[rng.choice(LANGUAGES)], rng.choice([2, 2, 3]))
        chains.append([turn for link in links for turn in link])
    return chains


def counts() -> dict[str, object]:
    """What the model card and the test say of the corpus."""
    entries, recipe = read_corpus(), build()
    pairs = {
        language: {(e.system, x.questions, x.answers) for e in entries if e.language == language for x in e.exchanges}
        for language in LANGUAGES
    }
    return {
        "exchanges_by_hand": {language: len(found) for language, found in pairs.items()},
        "wordings_by_hand": dict(Counter(e.language for e in entries for x in e.exchanges for _ in x.questions)),
        "train_conversations": len(recipe.train),
        "held_out_conversations": len(recipe.held_out),
    }


if __name__ == "__main__":
    print(json.dumps(counts(), indent=2))
    for conversation in build().train[:20]:
        print(json.dumps(conversation, ensure_ascii=False))
