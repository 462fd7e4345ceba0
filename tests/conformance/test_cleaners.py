"""Every cleaner keeps the same promises, so that cleaning needs to know none of them."""

import pytest
from hypothesis import given, settings

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Cleaner
from core.data.examples import Example
from tests.core.data.build import chat, pair
from tests.core.data.test_cleaning import chats

CLEAN = [pair(1), chat("f:2", ("s", "S"), ("u", "a"), ("a", "b"), ("u", "c"), ("a", "def f():\n    pass"))]
cleaners = pytest.mark.parametrize("cleaner", list(CLEANERS), ids=CLEANERS.names())


def taken(cleaner: Cleaner, examples: list[Example]) -> list[Example]:
    proposal = cleaner.propose(examples)
    results = [proposal.get(example.id, example) for example in examples]
    return [example for example in results if example is not None]


@cleaners
def test_describes_itself(cleaner: Cleaner):
    assert cleaner.label
    assert cleaner.help.endswith(".")
    assert isinstance(cleaner.default, bool)


@cleaners
def test_leaves_clean_examples_alone(cleaner: Cleaner):
    assert cleaner.propose(CLEAN) == {}
    assert cleaner.propose([]) == {}


@cleaners
@settings(deadline=None)
@given(examples=chats)
def test_proposes_only_changes_and_only_once(cleaner: Cleaner, examples: list[Example]):
    by_id = {example.id: example for example in examples}
    for id, after in cleaner.propose(examples).items():
        assert after is None or (after.id == id and after.messages != by_id[id].messages)
    assert cleaner.propose(taken(cleaner, examples)) == {}
