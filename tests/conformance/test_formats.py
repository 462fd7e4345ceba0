"""Every format keeps the same promises, so that intake needs to know none of them."""

from pathlib import Path

import pytest

from core.data.examples import TASKS
from core.data.formats import FORMATS
from core.data.formats.base import ConversionProblem, Format
from core.data.table import RawRow, Sheaf
from tests.core.data.build import raw, table, understood

# A new format adds a row of its own.
ROWS: dict[str, dict[str, object]] = {
    "messages": {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]},
    "sharegpt": {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]},
    "alpaca": {"instruction": "q", "input": "", "output": "a"},
    "prompt_completion": {"prompt": "q", "completion": "a"},
    "question_answer": {"question": "q", "answer": "a"},
    "classification": {"text": "q", "category": "a"},
    "preference": {"prompt": "q", "chosen": "a", "rejected": "b"},
    "transcript": {"text": "### Human: q### Assistant: a"},
    "passage": {"text": "A text of more than twenty characters."},
}
PAIR = [("user", "q"), ("assistant", "a")]
TURNS = dict.fromkeys(ROWS, PAIR) | {"passage": [("assistant", ROWS["passage"]["text"])]}
formats = pytest.mark.parametrize("entry", list(FORMATS), ids=FORMATS.names())


@formats
def test_describes_itself(entry: Format):
    assert entry.label
    names = [slot.name for slot in entry.slots]
    assert len(names) == len(set(names))
    assert any(slot.required for slot in entry.slots)
    assert all(slot.label for slot in entry.slots)


@formats
def test_is_detected_and_converts(entry: Format, tmp_path: Path):
    found, examples = understood(tmp_path, raw(ROWS[entry.name], ROWS[entry.name]))
    assert (found.format, found.task) == (entry.name, entry.task)
    assert set(found.mapping) <= {slot.name for slot in entry.slots}
    assert [(turn.role, turn.content) for turn in examples[0].messages] == TURNS[entry.name]
    assert entry.task in TASKS


@formats
def test_scores_between_nothing_and_all(entry: Format):
    mixed = table(ROWS[entry.name], {"x": "y"})
    assert 0 < entry.score(mixed) < entry.score(table(ROWS[entry.name])) <= 1
    for other in (Sheaf("f", "json", (), (), 0), table({}), table({"x": 1}), table({"x": [3]})):
        assert entry.score(other) == 0
        assert entry.mapping(other) == {}


@formats
@pytest.mark.parametrize("value", [None, "", "text", 3, 0.5, True, [], {}, [[]], [{}], [None], [[1, 2]], {"a": []}])
def test_any_value_is_a_conversation_or_a_problem_in_words(entry: Format, value: object):
    columns = {slot.name: slot.name for slot in entry.slots}
    row = RawRow(1, dict.fromkeys(columns, value))
    try:
        made = entry.convert(row, columns)
    except ConversionProblem as problem:
        assert problem.found
        assert problem.expected
        return
    assert all(isinstance(message.content, str) for message in made.messages)


@formats
def test_a_row_without_its_columns_is_a_problem(entry: Format):
    with pytest.raises(ConversionProblem):
        entry.convert(RawRow(1, {"x": 1}), {slot.name: slot.name for slot in entry.slots})
