"""Every check of single examples keeps the same promises, so that cleaning needs to know none of them."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.cleaners import CLEANERS
from core.data.cleaners.base import Context, RowCleaner
from core.data.examples import CONVERSATION, PASSAGE, TASKS, Example, Message
from core.data.rules import MEDICAL
from core.data.samples import SAMPLES
from core.workspace import ASSETS
from tests.core.data.build import chat, pair
from tests.helpers.planted import clean_pairs

CHECKS = [cleaner for cleaner in CLEANERS if isinstance(cleaner, RowCleaner)]
checks = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
CLEAN = [
    pair(1),
    chat("f:2", ("s", "You help."), ("u", "a"), ("a", "b"), ("u", "c"), ("a", "def f():\n    pass")),
    chat("f:3", ("u", "发票怎么开？"), ("a", "您好，打开“我的订单”，点“开发票”。\n\n1. 填抬头。\n2. 提交。")),
    chat("f:4", ("u", "Where is order 4711 of 2024-05-01?"), ("a", "It’s on its way — see `track()` in v1.2.3.")),
    chat("f:5", ("u", "Où est mon colis ?"), ("a", "Il arrive « demain » à 10 h 30.")),
    *(pair(number, *texts) for number, texts in enumerate(clean_pairs(60), 10)),
]
# What the checks look for, and what looks like it, in any order and beside one another.
NASTY = """
cafÃ© ä½ å¥½ â€œhi ï¼Œ 浣犲ソ ÄãºÃ£¬ÊÀ 锟斤拷 \ufffd \u200b \x00 \x1b[0m \x85 \u202e 👨\u200d👩 é” Ã Â \x80 \xe4
<p> </p> <br/> <b> </b> <a href='https://x.org/a'>here</a> &nbsp; &amp;lt; &lt;p&gt; #39;s quot; <!-- x --> <li>a</li>
<pre>x</pre> <code> </code> <sup>2</sup> <td> </td> ``` ` ~~~ a@b.de 13812345678 +49 30 901820 4111 1111 84.23.117.9
123-45-6789 DE89 3704 0044 0532 0130 00 password: Qw3rty! sk-proj-a8Fh3kLmN9pQ2rStUvWx -----BEGIN PRIVATE KEY-----
。。 ,, !!!! “ ” " ’ ' don't it’s 你好, 好! 好 ... .... … - n/a 无 ( （ the and 1. ， ： Ａ a . ,
<tool_call>{} </tool_call> <tool_response>1 {"name":1} 500 mg doctor
"""
PIECES = st.sampled_from(NASTY.split()) | st.text(max_size=3)
texts = st.lists(PIECES, max_size=8).flatmap(
    lambda parts: st.sampled_from(["", " ", "\n", "\n\n"]).map(lambda sign: sign.join(parts))
)
extras = st.sampled_from(["", "", "", '{"tool_calls": [{"function": {"name": "f"}}]}'])
turns = st.builds(Message, st.sampled_from(["system", "user", "assistant", "tool"]), texts, extras)
examples = st.builds(Example, st.just("f:1"), st.lists(turns, max_size=5).map(tuple), texts)
tasks = st.sampled_from(TASKS)


@checks
def test_describes_itself(check: RowCleaner):
    assert check.label
    assert check.help.endswith(".")
    assert check.default in check.actions
    assert check.tasks <= set(TASKS)


@checks
@pytest.mark.parametrize("example", CLEAN, ids=lambda example: example.id)
def test_is_silent_on_clean_examples(check: RowCleaner, example: Example):
    assert check.judge(example, Context()) is None


@checks
@pytest.mark.parametrize("sample", SAMPLES.names())
def test_is_silent_on_the_samples(check: RowCleaner, sample: str):
    rules = MEDICAL if sample == "medical_qa" else ()
    for number, line in enumerate((ASSETS / "samples" / f"{sample}.jsonl").read_text(encoding="utf-8").splitlines()):
        turns = tuple(Message(turn["role"], turn["content"]) for turn in json.loads(line)["messages"])
        assert check.judge(Example(str(number), turns), Context(CONVERSATION, rules)) is None, line


@checks
@settings(deadline=None, max_examples=300)
@given(example=examples, task=tasks)
def test_finds_nothing_in_what_it_put_right(check: RowCleaner, example: Example, task: str):
    context = Context(task, MEDICAL)
    hit = check.judge(example, context)
    if hit is None:
        return
    assert "\n" not in hit.note and len(hit.note) < 200
    if hit.fixed is not None:
        assert hit.fixed != example and hit.fixed.id == example.id
        assert check.judge(hit.fixed, context) is None


@settings(deadline=None, max_examples=200)
@given(example=examples)
def test_all_of_them_leave_what_a_chat_template_accepts(example: Example):
    for check in CHECKS:
        hit = check.judge(example, Context()) if "fix" in check.actions else None
        if hit is not None:
            if hit.fixed is None:
                return
            example = hit.fixed
    roles = [turn.role for turn in example.messages if turn.role != "system"]
    assert roles == ["user", "assistant"] * (len(roles) // 2) and roles
    assert all(turn.content.strip() for turn in example.messages if turn.role != "system")


@checks
def test_looks_at_a_passage_or_says_that_it_does_not(check: RowCleaner):
    if PASSAGE in check.tasks:
        assert check.judge(chat("f:1", ("a", "The river rises in the north. It is long.")), Context(PASSAGE)) is None


@pytest.mark.alone
def test_all_together_take_little_time_of_a_short_chat():
    """About 25 µs on a quiet machine, 150 µs are allowed; a disturbed one gets three tries and twice the time."""
    chats = [
        chat(str(number), ("u", question), ("a", answer)) for number, (question, answer) in enumerate(clean_pairs(500))
    ]
    context = Context()
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        for example in chats:
            for check in CHECKS:
                check.judge(example, context)
        took.append((time.perf_counter() - begun) / len(chats))
    assert min(took) < 300e-6


ENDLESS = ["1 ", "<a href='x'>", "<pre>", "<!--", "\n", " ", "é”", "a = ", "AB12 ", "<tool_call>{", "- ", "“", "`x"]


@checks
@pytest.mark.parametrize("piece", ENDLESS)
def test_time_grows_with_the_text_and_not_with_its_square(check: RowCleaner, piece: str):
    """50 000 times the same piece: a pattern that looks back over all of it takes minutes."""
    begun = time.perf_counter()
    check.judge(chat("1", ("u", "question"), ("a", piece * 50_000 + "x")), Context(rules=MEDICAL))
    assert time.perf_counter() - begun < 5
