import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.cleaners import CLEANERS
from core.data.cleaning import clean
from core.data.examples import Example, Message
from core.errors import UnknownName
from tests.core.data.build import chat, pair, said

MESSY = [
    pair(1, " a ", "b"),
    pair(2, "a", "b\r\n"),
    pair(3, "a", " "),
    chat("f:4", ("a", "hi"), ("u", "c"), ("a", "d"), ("u", "e")),
    pair(5),
]


def test_each_check_works_on_what_the_one_before_left():
    report = clean(MESSY)
    assert [(finding.check, finding.count, finding.fixed) for finding in report.findings] == [
        ("whitespace", 3, True),
        ("empty", 1, True),
        ("role_order", 1, True),
        ("duplicates", 1, True),
    ]
    assert [example.id for example in report.kept] == ["f:1", "f:4", "f:5"]
    assert report.dropped == (MESSY[1], MESSY[2])
    assert report.changed == 2
    assert said(report.kept[1].messages) == [("u", "c"), ("a", "d")]


def test_changes_show_before_and_after():
    change = clean(MESSY).findings[1].rows[0]
    assert (change.id, change.after) == ("f:3", None)
    assert said(change.before.messages) == [("u", "a"), ("a", "")]


def test_a_check_that_is_off_counts_and_changes_nothing():
    report = clean(MESSY, fixes=())
    assert report.kept == tuple(MESSY)
    assert (report.dropped, report.changed) == ((), 0)
    counts = {finding.check: (finding.count, finding.fixed) for finding in report.findings}
    assert counts["whitespace"] == (3, False)
    assert counts["duplicates"] == (0, False)


def test_unknown_fix():
    with pytest.raises(UnknownName, match="whitespace"):
        clean(MESSY, fixes=["spelling"])


texts = st.text(alphabet=" \n\r\t\u3000\u200bab:", max_size=12) | st.text(max_size=8)
turns = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), texts)
chats = st.lists(st.lists(turns, max_size=5).map(tuple), max_size=6).map(
    lambda all_turns: [Example(f"f:{line}", messages) for line, messages in enumerate(all_turns, 1)]
)


@settings(deadline=None)
@given(examples=chats, fixes=st.sets(st.sampled_from(CLEANERS.names())))
def test_nothing_is_lost_and_twice_is_once(examples: list[Example], fixes: set[str]):
    report = clean(examples, fixes)
    assert sorted(example.id for example in (*report.kept, *report.dropped)) == sorted(
        example.id for example in examples
    )
    again = clean(report.kept, fixes)
    assert (again.kept, again.dropped, again.changed) == (report.kept, (), 0)


@settings(deadline=None)
@given(examples=chats)
def test_all_fixes_leave_what_chat_templates_accept(examples: list[Example]):
    for example in clean(examples).kept:
        roles = [message.role for message in example.messages]
        spoken = roles[1:] if roles[0] == "system" else roles
        assert spoken == ["user", "assistant"] * (len(spoken) // 2)
        assert all(message.content.strip() for message in example.messages)
