"""Texts alone."""

import pytest

from core.data.formats import FORMATS
from tests.core.data.build import said, table

ENTRY = FORMATS.get("passage")
LONG = "A text of more than forty characters, which is long enough."


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"title": "静夜思", "paragraphs": ["床前明月光，疑是地上霜。", "举头望明月，低头思故乡。"]}, "静夜思\n床前"),
        ({"abstract": LONG}, LONG),
        ({"anything": LONG}, LONG),
    ],
)
def test_texts_under_other_names(row: dict[str, object], expected: str):
    found = table(row)
    assert ENTRY.score(found) == 0.5
    assert said(ENTRY.convert(found.rows[0], ENTRY.mapping(found)).messages)[0][1].startswith(expected)


@pytest.mark.parametrize("row", [{"name": "Ann"}, {"words": ["a", 1]}, {"text": 3.5}, {"paragraphs": [{"qas": []}]}])
def test_what_is_no_text(row: dict[str, object]):
    assert ENTRY.score(table(row)) == 0
