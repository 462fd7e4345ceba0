"""The base model that is always there: what its card and the issue promise of it."""

import ast
import json
import re
from hashlib import sha256

import pytest

from assets.starter.recipe.corpus import read_corpus
from assets.starter.recipe.generate import build, build_second, held_back_prompts
from core.workspace import ASSETS

STARTER = ASSETS / "starter"


def normal(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


@pytest.fixture(scope="module")
def recipe():
    return build()


def test_at_least_1500_exchanges_were_written_by_hand_half_in_each_language():
    exchanges = {
        language: {(x.questions, x.answers) for e in read_corpus() if e.language == language for x in e.exchanges}
        for language in ("en", "zh")
    }
    assert sum(map(len, exchanges.values())) >= 1500
    assert all(len(found) >= 750 for found in exchanges.values())


def test_no_held_back_prompt_is_among_the_texts_it_was_trained_on(recipe):
    taught = [*recipe.train, *build_second(7001, recipe)]
    asked = {normal(turn["content"]) for turns in taught for turn in turns if turn["role"] == "user"}
    prompts = held_back_prompts()
    assert len(prompts) == 40
    assert sorted(prompt["language"] for prompt in prompts) == ["en"] * 20 + ["zh"] * 20
    assert [prompt["prompt"] for prompt in prompts if normal(prompt["prompt"]) in asked] == []


def test_the_recipe_gives_these_very_conversations(recipe):
    """A change of these digests asks for training the model anew, and measuring it."""

    def digest(conversations) -> str:
        return sha256(json.dumps(conversations, ensure_ascii=False).encode()).hexdigest()[:16]

    found = [digest(made) for made in (recipe.train, recipe.held_out, build_second(7001, recipe))]
    assert found == ["2f79148e4375bb02", "28c75bb351156e56", "0a6da69feca80b80"]
    assert build().train == recipe.train


@pytest.mark.parametrize("path", sorted((STARTER / "recipe").glob("*.py")), ids=lambda path: path.name)
def test_the_functions_of_the_recipe_are_short(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno + 1 <= 40, node.name


def test_what_the_first_stage_held_out_is_not_taught_by_the_second(recipe):
    held_out = {normal(turns[0]["content"]) for turns in recipe.held_out if len(turns) == 2}
    first = {normal(turns[0]["content"]) for turns in recipe.train if len(turns) == 2}
    second = {normal(turns[0]["content"]) for turns in build_second(7001, recipe) if len(turns) == 2}
    unseen = held_out - first
    assert len(unseen) > 500
    assert len(unseen & second) < len(unseen) // 50  # two people may have written the same wording


def test_it_is_small_and_says_how_it_was_made():
    assert (STARTER / "model.safetensors").stat().st_size <= 20_000_000
    log = json.loads((STARTER / "training_log.json").read_text(encoding="utf-8"))
    assert 3_000_000 <= log["parameters"] <= 8_000_000
    held_out = log["stages"][-1]["history"][-1]["held_out_loss"]
    assert f"{held_out:.3f}" in (STARTER / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_its_tokenizer_writes_both_languages_without_loss():
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    for text in (
        "Where is my parcel? It costs 1,299.50 €.",
        "你好，我的包裹在哪里？“一千二百”元。",
        "def f(x: int) -> int:\n    return x",
    ):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_it_ends_by_itself_and_answers_as_its_card_says():
    from assets.starter.recipe.card import answers_to_held_back

    answers = answers_to_held_back(STARTER)
    assert sum(answer.ends_by_itself for answer in answers) >= 36
    card = (STARTER / "MODEL_CARD.md").read_text(encoding="utf-8")
    missing = [answer.text for answer in answers if answer.text.replace("\n", " ") not in card]
    assert len(missing) <= 2, missing  # another processor may round one word differently
