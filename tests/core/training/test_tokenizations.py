from pathlib import Path

import pytest

from core.data.examples import Example, Message
from core.data.store import Dataset
from core.data.tokenize import Tokenization
from core.models.catalog import open_base
from core.models.load import load_tokenizer
from core.studio import Studio
from core.training import tokenizations
from core.training.tokenizations import Tokenizations
from tests.helpers.plans import tiny_plan

ROWS = tuple(
    Example(f"f:{number}", (Message("user", f"Where is parcel {number}?"), Message("assistant", "It is on its way.")))
    for number in range(5)
)


@pytest.fixture
def coded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A mark for each conversation that is really coded."""
    marks: list[int] = []
    really = Tokenization._coded

    def counted(self, messages, **options):
        marks.append(len(messages))
        return really(self, messages, **options)

    monkeypatch.setattr(Tokenization, "_coded", counted)
    return marks


def test_what_is_remembered_is_what_a_plain_tokenization_gives_at_every_limit(tiny: Path, coded: list[int]):
    base = open_base(str(tiny))
    remembering, plain = Tokenizations().of("d", base), Tokenization(load_tokenizer(base), base.path)
    for limit in (512, 20, 10, 1):
        assert remembering.rows(ROWS, limit) == plain.rows(ROWS, limit)
    assert len(coded) == 5 + 4 * 5


def test_tools_and_plain_texts_are_remembered_as_they_are(tiny: Path):
    base = open_base(str(tiny))
    remembering, plain = Tokenizations().of("d", base), Tokenization(load_tokenizer(base), base.path)
    for tokens in (remembering, plain):
        tokens.tokenizer.chat_template = "{{ (tools or []) | length }}" + tokens.tokenizer.chat_template
    asked = ROWS[0].messages
    tools = '{"tools": [{"type": "function", "function": {"name": "find"}}]}'
    told = Example("f:9", (Message("user", asked[0].content, tools), asked[1]))
    text = Example("f:8", (Message("assistant", "A text alone."),))
    rows = (ROWS[0], told, text)
    assert remembering.rows(rows, 512) == plain.rows(rows, 512)
    assert remembering.row(told, 512) != remembering.row(ROWS[0], 512)


def test_an_edit_of_a_plan_codes_no_row_again(studio: Studio, dataset: Dataset, tiny: Path, coded: list[int]):
    plan = studio.draft(dataset.id, str(tiny), strategy="lora", goal="voice", preset="quick")
    assert len(coded) == 24
    studio.check(plan)
    studio.check(plan.changed({"epochs": 9, "max_length": 32, "validation_fraction": 0.3}))
    assert len(coded) == 24
    studio.check(tiny_plan(tiny, dataset.id))
    assert len(coded) == 24


def test_only_the_last_two_are_kept(tiny: Path):
    kept, base = Tokenizations(), open_base(str(tiny))
    first, second = kept.of("one", base), kept.of("two", base)
    assert kept.of("one", base) is first
    kept.of("three", base)
    assert kept.of("one", base) is first
    assert kept.of("two", base) is not second


def test_another_tokenizer_in_the_same_folder_is_opened(tmp_path: Path, tiny: Path):
    import os
    import shutil

    folder = Path(shutil.copytree(tiny, tmp_path / "base"))
    kept, base = Tokenizations(), open_base(str(folder))
    first = kept.of("one", base)
    os.utime(folder / "tokenizer.json", (1, 1))
    assert kept.of("one", base) is not first


def test_more_than_fits_is_coded_each_time(tiny: Path, coded: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tokenizations, "MOST_TOKENS", 0)
    tokens = Tokenizations().of("d", open_base(str(tiny)))
    assert tokens.rows(ROWS, 512) == tokens.rows(ROWS, 512)
    assert len(coded) == 10
