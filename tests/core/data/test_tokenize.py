from pathlib import Path
from typing import Any

import pytest

from core.data.examples import Example, Message
from core.data.tokenize import IGNORED, Tokenization, TokenizedRow, token_stats
from core.errors import NoTurnMarks
from core.models.catalog import open_base
from core.models.load import load_tokenizer
from tests.helpers.tiny import TEMPLATE

PLAIN = TEMPLATE.replace("{% generation %}", "").replace("{% endgeneration %}", "")
# Qwen3's way: a thought before the last answer only, in tokens that are added but not special.
THINKING = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{% if message['role'] == 'assistant' and loop.last %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{{ message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# Phi's way: a turn mark of its own after each answer, and the eos token once at the very end.
TWO_ENDS = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% else %}{{ eos_token }}{% endif %}"
)
UNMARKED = (
    "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}"
)
STRICT = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ raise_exception('no system turn') }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@pytest.fixture
def tokenizer(tiny: Path) -> Any:
    return load_tokenizer(open_base(str(tiny)))


def with_template(tokenizer: Any, template: str, *added: str) -> Tokenization:
    tokenizer.add_tokens(list(added))
    tokenizer.chat_template = template
    return Tokenization(tokenizer, "folder")


def talk(*turns: tuple[str, str]) -> Example:
    roles = {"s": "system", "u": "user", "a": "assistant"}
    return Example("f:1", tuple(Message(roles[role], said) for role, said in turns))  # type: ignore[arg-type]


SHORT = talk(("u", "Where is my parcel?"), ("a", "It is on its way."))
LONG = talk(("s", "Be brief."), ("u", "你好"), ("a", "您好！"), ("u", "Where?"), ("a", "On its way. 在路上。"))


def learned_text(tokens: Tokenization, row: TokenizedRow) -> str:
    return tokens.tokenizer.decode([label for label in row.labels if label != IGNORED])


def test_only_the_answer_is_learned_and_the_token_that_ends_it(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    row = tokens.row(SHORT, 512)
    assert learned_text(tokens, row) == "It is on its way.<|im_end|>"
    assert row.stop_learned
    assert not row.is_cut
    assert row.full_length == len(row.input_ids) == len(row.labels)
    assert all(label in (IGNORED, id) for id, label in zip(row.input_ids, row.labels, strict=True))
    assert tokenizer.decode(row.input_ids) == tokenizer.apply_chat_template(SHORT.as_dicts(), tokenize=False)


def test_every_answer_of_a_conversation_is_learned(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    assert learned_text(tokens, tokens.row(LONG, 512)) == "您好！<|im_end|>On its way. 在路上。<|im_end|>"


@pytest.mark.parametrize("example", [SHORT, LONG], ids=["one turn", "many turns"])
def test_a_template_without_marks_gives_the_same_labels(tokenizer: Any, example: Example):
    marked = Tokenization(tokenizer).row(example, 512)
    assert with_template(tokenizer, PLAIN).row(example, 512) == marked


@pytest.mark.parametrize("mark", ["{%- generation -%}", "{%generation%}", "{%  generation  -%}"])
def test_a_mark_is_known_however_it_is_spaced(tokenizer: Any, mark: str):
    """With the mark, an answer that a template rewrites later is located too."""
    rewriting = TEMPLATE.replace("{{ message['content'] + ", "{{ message['content'] + ('' if loop.last else '!') + ")
    tokens = with_template(tokenizer, rewriting.replace("{% generation %}", mark))
    assert learned_text(tokens, tokens.row(LONG, 512)) == "您好！!<|im_end|>On its way. 在路上。<|im_end|>"


@pytest.mark.parametrize("example", [SHORT, LONG], ids=["one turn", "many turns"])
def test_a_stop_token_right_behind_the_marked_answer_is_learned_too(tokenizer: Any, example: Example):
    marked = Tokenization(tokenizer).row(example, 512)
    outside = TEMPLATE.replace(
        " + '<|im_end|>' }}{% endgeneration %}{{ '\n' }}", " }}{% endgeneration %}{{ '<|im_end|>\n' }}"
    )
    assert outside != TEMPLATE
    assert with_template(tokenizer, outside).row(example, 512) == marked


def test_only_one_stop_token_is_learned_for_an_answer(tokenizer: Any):
    twice = TEMPLATE.replace("{% endgeneration %}", "{% endgeneration %}{{ '<|im_end|>' }}")
    tokens = with_template(tokenizer, twice)
    assert learned_text(tokens, tokens.row(LONG, 512)) == "您好！<|im_end|>On its way. 在路上。<|im_end|>"


def test_the_stop_token_is_learned_on_every_row(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    stop = tokenizer.convert_tokens_to_ids("<|im_end|>")
    assert tokens.stop_ids == (stop,)
    assert tokens.stop_token == "<|im_end|>"
    for example in (SHORT, LONG):
        assert stop in tokens.row(example, 512).labels


def test_a_thought_before_the_answer_is_no_stop_token(tokenizer: Any):
    tokens = with_template(tokenizer, THINKING, "<think>", "</think>")
    assert tokens.stop_token == "<|im_end|>"
    assert tokens.stop_ids == (tokenizer.convert_tokens_to_ids("<|im_end|>"),)
    row = tokens.row(SHORT, 512)
    assert learned_text(tokens, row) == "<think>\n\n</think>\n\nIt is on its way.<|im_end|>"
    row = tokens.row(LONG, 512)
    assert learned_text(tokens, row) == "您好！<|im_end|><think>\n\n</think>\n\nOn its way. 在路上。<|im_end|>"


def test_the_mark_that_ends_a_turn_is_learned_beside_the_eos_token(tokenizer: Any):
    tokenizer.eos_token = "<|endoftext|>"
    tokens = with_template(tokenizer, TWO_ENDS, "<|end|>", "<|user|>", "<|assistant|>")
    assert tokens.stop_token == "<|end|>"
    assert set(tokens.stop_ids) == set(tokenizer.convert_tokens_to_ids(["<|end|>", "<|endoftext|>"]))
    row = tokens.row(SHORT, 512)
    assert row.stop_learned
    assert learned_text(tokens, row).startswith("It is on its way.<|end|>")


def test_a_template_that_ends_no_turn_teaches_no_stop(tokenizer: Any):
    tokens = with_template(tokenizer, UNMARKED)
    row = tokens.row(SHORT, 512)
    assert not row.stop_learned
    assert learned_text(tokens, row) == "It is on its way.\n"


def test_what_is_cut_is_counted(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    whole = tokens.row(SHORT, 512)
    first = next(place for place, label in enumerate(whole.labels) if label != IGNORED)
    cut = tokens.row(SHORT, first + 2)
    assert (cut.is_cut, cut.num_learned, cut.stop_learned) == (True, 2, False)
    assert (len(cut.input_ids), cut.full_length) == (first + 2, whole.full_length)
    emptied = tokens.row(SHORT, first)
    assert (emptied.is_cut, emptied.num_learned) == (True, 0)
    stats = token_stats((whole, cut, emptied), num_train=2)
    assert (stats.num_rows, stats.num_train, stats.num_validation) == (3, 2, 1)
    assert (stats.num_cut, stats.num_emptied) == (2, 1)
    assert stats.longest == stats.mean == stats.limit_for_95 == stats.limit_for_100 == whole.full_length


def test_the_limit_for_95_percent_keeps_so_many_rows_whole():
    rows = [TokenizedRow((1,), (1,), full_length=length, stop_learned=True) for length in range(1, 101)]
    stats = token_stats(rows, 90)
    assert sum(row.full_length <= stats.limit_for_95 for row in rows) >= 95
    assert stats.limit_for_95 <= 96
    assert stats.mean == 50.5


def test_a_prompt_is_a_conversation_that_waits_for_the_assistant(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    prompt = tokens.prompt(SHORT.as_dicts()[:1])
    assert tokenizer.decode(prompt).endswith("<|im_start|>assistant\n")
    assert tuple(prompt) == tokens.row(SHORT, 512).input_ids[: len(prompt)]


@pytest.mark.parametrize(
    "template",
    ["{{ raise_exception('no') }}", "{{ nothing.at.all }}", "{% for %}", "{{ messages + 1 }}"],
)
def test_a_template_that_fails_on_a_plain_conversation_is_refused(tokenizer: Any, template: str):
    with pytest.raises(NoTurnMarks, match="folder: its chat template fails"):
        with_template(tokenizer, template)


def test_a_template_that_refuses_the_data_says_so(tokenizer: Any):
    tokens = with_template(tokenizer, STRICT)
    assert tokens.row(SHORT, 512).stop_learned
    for refused in (lambda: tokens.row(LONG, 512), lambda: tokens.prompt(LONG.as_dicts()[:2])):
        with pytest.raises(NoTurnMarks, match="no system turn"):
            refused()


WITH_TOOLS = (
    "{% for tool in tools or [] %}{{ '<tool>' + tool['function']['name'] + '</tool>' }}{% endfor %}"
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] }}"
    "{% for call in message['tool_calls'] or [] %}{{ '<call>' + call['function']['name'] + '</call>' }}{% endfor %}"
    "{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
CALLING = Example(
    "f:1",
    (
        Message("user", "Where?", '{"tools": [{"type": "function", "function": {"name": "find"}}]}'),
        Message("assistant", "", '{"tool_calls": [{"type": "function", "function": {"name": "find"}}]}'),
        Message("tool", "Berlin", '{"name": "find"}'),
        Message("assistant", "In Berlin."),
    ),
)


def test_a_text_without_a_question_is_learned_whole_and_without_a_template(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    row = tokens.row(talk(("a", "It is on its way. 在路上。")), 512)
    assert tokenizer.decode(row.input_ids) == "It is on its way. 在路上。" + tokenizer.eos_token
    assert row.labels == row.input_ids
    assert row.stop_learned
    cut = tokens.row(talk(("a", "It is on its way. " * 20)), 16)
    assert (len(cut.labels), cut.is_cut, cut.num_learned, cut.stop_learned) == (16, True, 16, True)


def test_an_eos_token_the_tokenizer_writes_itself_is_not_written_twice(tokenizer: Any):
    class Ending:
        def __call__(self, text: str) -> dict[str, list[int]]:
            return {"input_ids": [*tokenizer(text)["input_ids"], tokenizer.eos_token_id]}

        def __getattr__(self, name: str) -> Any:
            return getattr(tokenizer, name)

    row = Tokenization(Ending()).row(talk(("a", "on its way")), 512)  # type: ignore[arg-type]
    assert list(row.input_ids).count(tokenizer.eos_token_id) == 1


def test_tools_and_calls_reach_the_template_and_calls_are_learned(tokenizer: Any):
    tokens = with_template(tokenizer, WITH_TOOLS)
    row = tokens.row(CALLING, 512)
    text = tokenizer.decode(row.input_ids)
    assert text.startswith("<tool>find</tool><|im_start|>user\nWhere?<|im_end|>")
    assert learned_text(tokens, row) == "<call>find</call><|im_end|>In Berlin.<|im_end|>"


def test_a_template_that_knows_no_tools_writes_the_turns(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    assert learned_text(tokens, tokens.row(CALLING, 512)) == "<|im_end|>In Berlin.<|im_end|>"


def test_of_two_answers_the_better_is_learned(tokenizer: Any):
    tokens = Tokenization(tokenizer)
    two = Example("f:1", SHORT.messages, rejected="No idea.")
    assert tokens.row(two, 512) == tokens.row(SHORT, 512)
