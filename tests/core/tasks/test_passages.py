from pathlib import Path

import pytest

from core.data.examples import Example, Message
from core.data.tokenize import IGNORED, Tokenization, TokenizedRow
from core.models.catalog import open_base
from core.models.load import load_tokenizer
from core.tasks.passages import Passages, pieces_of

TASK = Passages()


def text(length: int) -> TokenizedRow:
    ids = tuple(range(100, 100 + length))
    return TokenizedRow(ids, ids, length, stop_learned=True)


@pytest.mark.parametrize("length", [1, 2, 15, 16, 17, 30, 31, 32, 46, 47, 160])
def test_every_token_is_learned_once_and_from_what_stands_before_it(length: int):
    pieces = [*pieces_of(text(length), 16)]
    learned = []
    for piece in pieces:
        assert 0 < len(piece.input_ids) == len(piece.labels) <= 16
        for place, label in enumerate(piece.labels):
            assert label in (IGNORED, piece.input_ids[place])
            if place and label != IGNORED:  # the first of a piece is never learned by a causal loss
                assert piece.input_ids[place - 1] == label - 1
                learned.append(label)
    assert learned == [*range(101, 100 + length)]
    assert [piece.ends for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert not any(piece.is_cut for piece in pieces)


@pytest.mark.parametrize("limit", [16, 64])
def test_rows_are_counted_without_making_them(limit: int):
    lengths = range(1, 200)
    assert TASK.num_rows(lengths, limit) == sum(len([*pieces_of(text(length), limit)]) for length in lengths)


@pytest.fixture
def plain(tmp_path: Path) -> Tokenization:
    """The tokenizer of a base model without a chat template."""
    from tests.helpers.tiny import tiny_base

    base = open_base(str(tiny_base(tmp_path / "plain", template=None)))
    return Tokenization(load_tokenizer(base, needs_template=False))


def test_a_long_text_loses_nothing_and_ends_with_eos(plain: Tokenization):
    said = "Parcel 7 is on its way. 它在路上。" * 9
    rows = TASK.rows(plain, [Example("1", (Message("assistant", said),))], 32, ())
    assert len(rows) > 3
    ids = [*rows[0].input_ids, *(id for row in rows[1:] for id in row.input_ids[1:])]
    assert plain.tokenizer.decode(ids) == f"{said}<|im_end|>"
    assert ids[-1] == plain.tokenizer.eos_token_id


def test_the_preview_shows_the_end_of_a_text(plain: Tokenization):
    examples = [Example("1", (Message("assistant", "It is on its way. " * 20),))]
    preview = TASK.preview(plain, TASK.rows(plain, examples, 32, ()), ())
    assert preview.segments[-1].text.endswith("<|im_end|>") and preview.segments[-1].learned


def test_without_a_template_a_text_is_gone_on_with(plain: Tokenization):
    prompt = plain.prompt([{"role": "user", "content": "It is on"}])
    assert plain.tokenizer.decode(prompt) == "It is on"
    assert plain.stop_ids == (plain.tokenizer.eos_token_id,)
