"""Whatever a callback does, the page says one sentence and stays as it is."""

from html import unescape

import gradio as gr
import pytest

from core.errors import EmptyFile
from ui.guard import Busy, Guard


@pytest.fixture
def page(words):
    with gr.Blocks():
        notice, place, out = gr.HTML(""), gr.HTML(""), gr.HTML("")
    return Guard(words, notice), place, out


def test_a_result_clears_the_notice(page):
    guard, _, out = page
    assert guard.guarded(lambda: {out: 1})() == {out: 1, guard.notice: ""}


def test_a_mistake_becomes_a_sentence_in_the_readers_language(page):
    guard, _, _ = page

    def fail():
        raise EmptyFile(file="<a>.csv")

    said = guard.guarded(fail)()
    assert guard.words("notice.close") in said[guard.notice]
    assert "&lt;a&gt;.csv" in said[guard.notice]
    assert ("文件是空的" in said[guard.notice]) == (guard.words.language == "zh")


def test_anything_else_becomes_one_plain_sentence_and_a_line_in_the_log(page, caplog):
    guard, _, _ = page
    said = guard.guarded(lambda: 1 / 0)()
    assert guard.words("notice.unexpected") in unescape(said[guard.notice])
    assert "ZeroDivisionError" not in said[guard.notice] and "ZeroDivisionError" in caplog.text


def test_work_is_announced_and_the_announcement_goes_away(page):
    guard, place, out = page
    first, last = guard.guarded(lambda: {out: 1}, busy=Busy(place, "Reading"))()
    assert "Reading" in first[place] and last == {place: "", out: 1, guard.notice: ""}


def test_the_announcement_goes_away_after_a_failure_too(page):
    guard, place, _ = page

    def fail():
        raise EmptyFile(file="a")

    *_, last = guard.guarded(fail, busy=Busy(place, "Reading"))()
    assert last[place] == ""


def test_a_stream_is_passed_on_and_may_fail_in_the_middle(page):
    guard, _, out = page

    def stream():
        yield {out: 1}
        raise EmptyFile(file="a")

    first, last = guard.guarded(stream)()
    assert first[out] == 1 and last[guard.notice]


def test_a_tick_leaves_the_notice_alone(page):
    guard, _, out = page
    assert guard.guarded(lambda: {out: 1}, quiet=True)() == {out: 1}
    assert guard.guarded(lambda: {}, quiet=True)() == gr.skip()


def test_a_callback_that_streams_nothing_changes_nothing(page):
    guard = page[0]

    def silent():
        return
        yield

    assert list(guard.guarded(silent, quiet=True)()) == [gr.skip()]
    assert list(guard.guarded(silent)()) == [{guard.notice: ""}]


def test_a_button_waits_while_work_goes_on_and_afterwards_is_as_the_work_left_it(page):
    guard, place, out = page
    busy = Busy(place, "Reading", during={out: "waits"}, after={out: "as before"})
    assert [step.get(out) for step in guard.guarded(lambda: {out: "new"}, busy=busy)()] == ["waits", "new"]
    assert [step.get(out) for step in guard.guarded(lambda: 1 / 0, busy=busy)()] == ["waits", "as before"]
    kept = Busy(place, "Reading", during={out: "waits"})
    assert [step.get(out) for step in guard.guarded(lambda: 1 / 0, busy=kept)()] == ["waits", None]
