import pytest

from core.data.cleaners import CLEANERS
from core.data.cleaners.whitespace import tidy
from tests.core.data.build import chat, pair, said


def proposed(name: str, *turns: tuple[str, str]) -> list[tuple[str, str]] | str | None:
    """The turns a cleaner makes of these; "same" where it proposes nothing."""
    proposal = CLEANERS.get(name).propose([chat("1", *turns)])
    if "1" not in proposal:
        return "same"
    after = proposal["1"]
    return said(after.messages) if after else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a  ", "a"),
        ("\n\n a\n\n", "a"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  \nb\t\nc", "a\nb\nc"),
        ("\u3000a\u00a0\u200b\ufeff", "a"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("a\n  \n \n\t\n b", "a\n\n b"),
        ("a\u3000b\u00a0c", "a\u3000b\u00a0c"),
        ("def f():\n    return 1\n", "def f():\n    return 1"),
        ("    x = 1\n    y = 2\n", "    x = 1\n    y = 2"),
        ("\u200b", ""),
    ],
)
def test_whitespace(text: str, expected: str):
    assert tidy(text) == expected


def test_whitespace_leaves_clean_examples_alone():
    assert proposed("whitespace", ("u", "a"), ("a", "```python\ndef f():\n\n\n    pass\n```")) == "same"
    assert proposed("whitespace", ("u", "a "), ("a", "b")) == [("u", "a"), ("a", "b")]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("u", "a"), ("a", "b")], "same"),
        ([("u", "a"), ("a", "\u200b \n")], None),
        ([("u", ""), ("a", "b")], None),
        ([("a", "b")], None),
        ([("s", "x"), ("u", "b")], None),
        ([], None),
        ([("s", " "), ("u", "a"), ("a", "b")], [("u", "a"), ("a", "b")]),
        ([("u", "a"), ("a", ""), ("u", "b"), ("a", "c")], [("u", "a"), ("u", "b"), ("a", "c")]),
    ],
)
def test_empty(turns: list[tuple[str, str]], expected: object):
    assert proposed("empty", *turns) == expected


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("s", "S"), ("u", "a"), ("a", "b"), ("u", "c"), ("a", "d")], "same"),
        ([("u", "a"), ("u", "b"), ("a", "c"), ("a", "d")], [("u", "a\n\nb"), ("a", "c\n\nd")]),
        ([("a", "hi"), ("u", "a"), ("a", "b")], [("u", "a"), ("a", "b")]),
        ([("u", "a"), ("a", "b"), ("u", "c")], [("u", "a"), ("a", "b")]),
        ([("u", "a"), ("s", "S"), ("a", "b")], [("s", "S"), ("u", "a"), ("a", "b")]),
        (
            [("s", "S"), ("s", "T"), ("s", "S"), ("u", "a"), ("a", "b")],
            [("s", "S\n\nT"), ("u", "a"), ("a", "b")],
        ),
        ([("a", "b"), ("u", "a")], None),
        ([("s", "S")], None),
    ],
)
def test_role_order(turns: list[tuple[str, str]], expected: object):
    assert proposed("role_order", *turns) == expected


def test_duplicates_keep_the_first():
    examples = [pair(1, "a", "b"), pair(2, "a", "c"), pair(3, "a", "b"), pair(4, "a", "b")]
    assert CLEANERS.get("duplicates").propose(examples) == {"f:3": None, "f:4": None}
