"""Every check of the whole set keeps the same promises, so that cleaning needs to know none of them."""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Context, SetCleaner
from core.data.examples import CLASSIFICATION, CONVERSATION, TASKS, Example, Message, messages_of
from core.data.samples import SAMPLES
from core.workspace import ASSETS
from tests.core.data.build import chat, pair
from tests.helpers.planted import clean_pairs
from tests.helpers.studies import study_of

CHECKS = [cleaner for cleaner in CLEANERS if isinstance(cleaner, SetCleaner)]
checks = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
ALPACA = json.loads((Path(__file__).parents[1] / "fixtures" / "alpaca_en_200.json").read_text(encoding="utf-8"))
SHOP = [pair(number, *texts) for number, texts in enumerate(clean_pairs(300))]

SAID = """yes|no|Yes.|yes it is|It is not.|30 days|14 days|Open on Sunday|Open on Monday|你好|可以|不可以|a|A|b|refund
|refnd|Refund|I am, please|I am|the capital of France is Paris|the capital of Spain is Madrid|def f():\n    return 1
|Bonjour, je voudrais savoir comment réinitialiser mon mot de passe||?|1. one\n2. two|Write a poem""".replace(
    "\n|", "|"
)
texts = st.sampled_from(SAID.split("|")) | st.text(max_size=3)
systems = st.sampled_from(
    ["", "You are a helpful assistant.", "You are a helpful asistant", "you are a helpful assistant."]
)
parts = st.sampled_from(["", "", "train", "validation", "test"])


@st.composite
def rows(draw: st.DrawFn) -> Example:
    system, pairs = draw(systems), draw(st.lists(st.tuples(texts, texts), min_size=1, max_size=2))
    turns = [Message("system", system)] if system else []
    for question, answer in pairs:
        turns += [Message("user", question), Message("assistant", answer)]
    return Example("", tuple(turns), draw(st.just("") | texts), draw(parts))


sets = st.lists(rows(), max_size=30).map(
    lambda examples: [replace(example, id=f"f:{number}") for number, example in enumerate(examples)]
)
tasks = st.sampled_from(TASKS)


def sample(name: str) -> list[Example]:
    lines = (ASSETS / "samples" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Example(f"f:{number}", messages_of(json.loads(line)["messages"])) for number, line in enumerate(lines)]


@checks
def test_describes_itself(check: SetCleaner):
    assert check.label
    assert check.help.endswith(".")
    assert check.default in check.actions
    assert check.tasks <= set(TASKS)
    assert "Memory: " in str(sys.modules[type(check).__module__].__doc__)


@checks
@pytest.mark.parametrize("name", SAMPLES.names())
def test_is_silent_on_the_samples(check: SetCleaner, name: str):
    assert study_of(check, sample(name)).rows == []


@checks
def test_is_silent_on_clean_sets(check: SetCleaner):
    alpaca = [pair(number, f"{row['instruction']}\n{row['input']}", row["output"]) for number, row in enumerate(ALPACA)]
    labelled = [pair(number, f"{row['instruction']}", f"kind {number % 3}") for number, row in enumerate(ALPACA)]
    assert study_of(check, SHOP).rows == []
    assert study_of(check, alpaca).rows == []
    assert study_of(check, labelled, Context(CLASSIFICATION)).rows == []


@checks
@pytest.mark.parametrize("examples", [[], [pair(1)], [chat("f:1", ("a", "only a text"))], [chat("f:1")]])
def test_small_sets(check: SetCleaner, examples: list[Example]):
    assert study_of(check, examples).rows == []
    assert study_of(check, examples, gone=range(len(examples))).rows == []


@checks
@settings(deadline=None, max_examples=100)
@given(examples=sets, task=tasks, gone=st.sets(st.integers(0, 29)))
def test_means_rows_that_are_there(check: SetCleaner, examples: list[Example], task: str, gone: set[int]):
    gone = {row for row in gone if row < len(examples)}
    hits = study_of(check, examples, Context(task), sorted(gone)).hits
    found = hits.rows.tolist()
    assert hits.rows.dtype == hits.groups.dtype == np.int64
    assert len(hits.groups) == len(found)
    assert found == sorted(set(found)) and gone.isdisjoint(found) and set(found) <= set(range(len(examples)))
    assert all(group == -1 or (group not in gone and group not in found) for group in hits.groups.tolist())
    assert set(hits.notes) <= set(found)
    assert all(values.dtype == np.int64 for values in hits.figures.values())


@checks
@settings(deadline=None, max_examples=100)
@given(examples=sets, task=tasks)
def test_finds_nothing_in_what_it_put_right_or_left(check: SetCleaner, examples: list[Example], task: str):
    studied = study_of(check, examples, Context(task))
    if "fix" in check.actions and studied.rows:
        fixed = studied.fixed
        assert all(fixed[row] != examples[row] and fixed[row].id == examples[row].id for row in studied.rows)
        assert study_of(check, fixed, Context(task)).rows == []
    assert study_of(check, studied.left, Context(task)).rows == []


@pytest.mark.alone
def test_all_together_take_little_time():
    """About 250 µs of a chat of 40 words; a disturbed machine gets three tries and twice the time."""
    chats = [chat(str(number), ("u", texts[0]), ("a", texts[1])) for number, texts in enumerate(clean_pairs(1_000))]
    for check in CHECKS:
        study_of(check, chats[:50])  # what is opened once
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        for check in CHECKS:
            study_of(check, chats, Context(CONVERSATION))
        took.append((time.perf_counter() - begun) / len(chats))
    assert min(took) < 500e-6
