import pytest

from core.data.cleaners.whitespace import tidy
from tests.core.data.cleaners.row import judged


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
    assert judged("whitespace", ("u", "a"), ("a", "```python\ndef f():\n\n\n    pass\n```")) == "same"
    assert judged("whitespace", ("u", "a "), ("a", "b")) == [("u", "a"), ("a", "b")]
