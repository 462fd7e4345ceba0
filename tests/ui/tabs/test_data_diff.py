"""Texts side by side."""

import re
import time

from core.data.examples import Example, Message
from ui.tabs.data_diff import UNLIKE, compared, noted_html, pair_html


def plain(markup):
    return re.sub(r"</?(?:del|ins)>", "", markup)


def talk(question, answer):
    return Example("1", (Message("user", question), Message("assistant", answer)))


def test_what_differs_is_marked_on_its_side():
    before, after = compared("It takes 2 years.", "It takes 5 years.")
    assert before == "It takes <del>2</del> years." and after == "It takes <ins>5</ins> years."


def test_two_that_are_both_there_are_not_crossed_out():
    assert compared("2 years", "5 years", UNLIKE) == ("<mark>2</mark> years", "<mark>5</mark> years")


def test_chinese_is_compared_letter_by_letter():
    before, after = compared("保修两年。", "保修五年。")
    assert before == "保修<del>两</del>年。" and after == "保修<ins>五</ins>年。"


def test_blanks_that_leave_can_be_seen():
    before, _ = compared("Here.  \n", "Here.")
    assert before == "Here.<del>··↵\n</del>"
    assert "\\u200b" in compared("a\u200bb", "ab")[0]


def test_equal_texts_have_no_marks():
    assert compared("same", "same") == ("same", "same")
    assert compared("", "") == ("", "")


def test_what_people_wrote_cannot_become_html():
    before, after = compared("<b>x</b>", "<i>x</i>")
    assert "<b>" not in before and "<i>" not in after


def test_long_texts_are_shortened_where_they_are_the_same_and_quick():
    text = "word " * 40_000
    began = time.monotonic()
    before, after = compared(f"{text}old {text}", f"{text}new {text}")
    assert "<del>old</del>" in before and "<ins>new</ins>" in after and len(before) < 1_000
    compared("a b " * 20_000, "c d " * 20_000)
    assert time.monotonic() - began < 5
    assert len(compared(text, text)[0]) < 1_000


def test_conversations_stand_beside_each_other_turn_by_turn(words):
    longer = Example("1", (*talk("Who?", "I.").messages, Message("user", "Bye")))
    shown = pair_html(words, talk("Who?", "Me."), longer, ("left", "right"))
    assert "<small>left</small>" in shown and "<small>right</small>" in shown
    assert "<del>Me</del>" in shown and "<ins>Bye</ins>" in shown


def test_the_place_that_is_meant_is_marked(words):
    assert "<mark>card and the</mark>" in noted_html(words, talk("Why?", "A card and the"), "…card and the")
    assert "<mark>" not in noted_html(words, talk("Why?", "So."), "elsewhere")
