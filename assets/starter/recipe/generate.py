"""Multiplies the hand-written corpus into conversations: rewordings, slots, system turns, chains of several turns.

python -m assets.starter.recipe.generate        prints the counts and a few conversations
"""

import json
import random
import re
from collections import Counter
from dataclasses import dataclass, replace

from assets.starter.recipe.corpus import HERE, LANGUAGES, Entry, Exchange, fill_slots, read_corpus, read_more_wordings
from assets.starter.recipe.more_skills import more_skills
from assets.starter.recipe.skills import skills

Turns = list[dict[str, str]]
GAPS_SHARE, GAP = 0.4, 0.12  # of the second stage's conversations, and of the words of their questions

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
    held_out_wordings: frozenset[tuple[int, int]] = frozenset()  # entry and wording


def build(seed: int = 7) -> Recipe:
    """The conversations of one pass, and one wording in nine of every hand-written question held out."""
    rng = random.Random(seed)
    entries = read_corpus()
    blocked = {prompt["prompt"].strip().lower() for prompt in held_back_prompts()}
    train: list[Turns] = []
    held_out: list[Turns] = []
    held_out_wordings: set[tuple[int, int]] = set()
    for place, entry in enumerate(entries):
        for number, wordings in enumerate(_wordings(entry)):
            turns = _conversation(entry, wordings, rng)
            if turns[-2]["content"].strip().lower() in blocked:
                continue
            if len(entry.exchanges[0].questions) >= 4 and number == rng.randrange(9):
                held_out.append(turns)
                held_out_wordings.add((place, number))
            else:
                train.append(turns)
    train += [_with_opening(turns, rng) for turns in rng.sample(train, len(train) // 4)]
    train += [_with_system(turns, rng) for turns in rng.sample(train, len(train) // 4)]
    train += _chains(train, rng, len(train) // 4)
    train += [turns for turns in skills(seed) if turns[-2]["content"].strip().lower() not in blocked]
    rng.shuffle(train)
    return Recipe(train, held_out, frozenset(held_out_wordings))


def build_second(seed: int, first: Recipe) -> list[Turns]:
    """One pass of the second stage: more wordings, words left out at random, other exercises; anew for each seed.

    What the first stage held out stays held out.
    """
    rng = random.Random(seed)
    blocked = {_plain(prompt["prompt"]) for prompt in held_back_prompts()}
    more = read_more_wordings()
    made: list[Turns] = []
    for place, entry in enumerate(read_corpus()):
        extra = more.get((entry.language, entry.topic, entry.exchanges[0].questions[0]), ())
        made += _second_stage_of(place, entry, extra, first.held_out_wordings, rng)
    made += [_with_opening(turns, rng) for turns in rng.sample(made, len(made) // 8)]
    made += [_with_system(turns, rng) for turns in rng.sample(made, len(made) // 6)]
    made += _chains(made, rng, len(made) // 8)
    made += [*skills(seed), *more_skills(seed)]
    kept = [turns for turns in made if all(_plain(turn["content"]) not in blocked for turn in turns)]
    rng.shuffle(kept)
    return kept


def _second_stage_of(
    place: int, entry: Entry, extra: tuple[str, ...], held_out: frozenset[tuple[int, int]], rng: random.Random
) -> list[Turns]:
    """The conversations of one entry, in all wordings that are not held out, some with words left out."""
    opening = entry.exchanges[0]
    wider = replace(entry, exchanges=(Exchange((*opening.questions, *extra), opening.answers), *entry.exchanges[1:]))
    own = max(len(exchange.questions) for exchange in entry.exchanges)
    made = []
    for number, wordings in enumerate(_wordings(wider)):
        if number < own and (place, number) in held_out:
            continue
        turns = _conversation(wider, wordings, rng)
        made.append(_with_gaps(turns, entry.language, rng) if rng.random() < GAPS_SHARE else turns)
    return made


def _with_gaps(turns: Turns, language: str, rng: random.Random) -> Turns:
    """Leaves words (English) or characters (Chinese) of the questions out, so that no single one is leaned on."""
    return [
        {**turn, "content": _gappy(turn["content"], language, rng)} if turn["role"] == "user" else turn
        for turn in turns
    ]


def _gappy(question: str, language: str, rng: random.Random) -> str:
    if re.search(r"[\d:：'\"“‘]", question):
        return question  # what is quoted or counted must stay whole
    glue = " " if language == "en" else ""
    parts = question.split() if language == "en" else list(question)
    kept = [part for part in parts if rng.random() > GAP]
    return glue.join(kept) if len(kept) >= 3 else question


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


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
        "wordings_second_stage": sum(map(len, read_more_wordings().values())),
        "train_conversations": len(recipe.train),
        "held_out_conversations": len(recipe.held_out),
    }


if __name__ == "__main__":
    print(json.dumps(counts(), indent=2))
    for conversation in build().train[:20]:
        print(json.dumps(conversation, ensure_ascii=False))
