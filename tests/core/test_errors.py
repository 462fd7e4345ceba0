import string
from collections.abc import Iterator

import pytest

from core import errors
from core.errors import TailorError


def leaves(kind: type[TailorError] = TailorError) -> Iterator[type[TailorError]]:
    children = kind.__subclasses__()
    if not children:
        yield kind
    for child in children:
        yield from leaves(child)


LEAVES = [kind for kind in leaves() if kind.__module__.startswith("core.errors.")]


def test_every_error_has_a_code_of_its_own():
    codes = [kind.code for kind in LEAVES]
    assert len(set(codes)) == len(codes) > 25
    assert TailorError.code not in codes


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_is_one_sentence_with_its_facts(kind: type[TailorError]):
    names = [field for _, field, _, _ in string.Formatter().parse(kind.template) if field]
    facts = {name: f"<{name}>" for name in names}
    said = str(kind(**facts))
    assert kind.template != TailorError.template
    assert all(f"<{name}>" in said for name in names)
    assert "\n" not in said
    assert said.endswith(".")
    assert kind(**facts).facts == facts


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_stands_in_the_drawn_tree_below_its_parent(kind: type[TailorError]):
    tree = (errors.__doc__ or "").splitlines()
    parent = kind.__mro__[1].__name__
    start = next(number for number, line in enumerate(tree) if f"── {parent} " in line)
    below = []
    for line in tree[start + 1 :]:
        if line.startswith(("    ├", "    └")) or not line.strip():
            break
        below += line.replace("│", " ").replace("├──", " ").replace("└──", " ").replace("·", " ").split()
    assert kind.__name__ in below


def test_a_missing_fact_is_our_own_mistake():
    with pytest.raises(KeyError):
        errors.EmptyFile()
