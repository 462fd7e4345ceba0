from pathlib import Path

import pytest

from core.data.cleaners.base import Context
from core.data.cleaners.length import Length, token_counter
from core.data.tokenize import Tokenization
from core.models.catalog import open_base
from core.models.load import load_tokenizer
from tests.core.data.build import chat, pair
from tests.helpers.studies import study_of

LONG = "The shop is open from nine to six on every day of the week. " * 40
ROWS = [
    pair(1, "Where is it?", "Upstairs, next to the door."),
    chat("f:2", ("s", "You are short."), ("u", "Where?"), ("a", "Upstairs."), ("u", "And the key?"), ("a", "With me.")),
    pair(3, "How is it going today?", LONG),
    pair(4, LONG, "Yes."),
    pair(5, "发票怎么开？", "打开“我的订单”，点“开发票”。"),
]


@pytest.fixture(scope="module")
def tokenization() -> Tokenization:
    return Tokenization(load_tokenizer(open_base("starter")))


def test_lengths_are_those_of_the_training(tokenization: Tokenization):
    figures = study_of(Length(), ROWS).hits.figures
    assert figures["tokens"].tolist() == [tokenization.row(example, 1).full_length for example in ROWS]
    assert figures["turns"].tolist() == [2, 4, 2, 2, 2]


def test_what_the_limit_cuts_and_what_it_leaves_empty():
    studied = study_of(Length(), ROWS, Context(max_length=200))
    assert studied.rows == [2, 3]
    assert studied.hits.figures["emptied"].tolist() == [3]
    assert studied.hits.figures["limit"].tolist() == [200]
    assert studied.hits.notes[2].endswith("> 200")


def test_the_limit_is_at_most_what_the_model_reads():
    assert study_of(Length(), ROWS).hits.figures["limit"].tolist() == [1024]
    assert study_of(Length(), ROWS, Context(max_length=10**6)).hits.figures["limit"].tolist() == [1024]


def test_rows_that_are_gone_are_not_meant():
    studied = study_of(Length(), ROWS, Context(max_length=200), gone=[2])
    assert studied.rows == [3]


@pytest.mark.parametrize("base", ["nobody/nothing", "missing", ""])
def test_without_the_base_model_only_turns_are_counted(base: str):
    studied = study_of(Length(), ROWS, Context(base=base))
    assert studied.rows == []
    assert list(studied.hits.figures) == ["turns"]


def test_a_folder_without_a_model_is_no_base(tmp_path: Path):
    assert token_counter(str(tmp_path)) is None
