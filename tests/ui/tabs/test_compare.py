"""What the Compare tab says."""

from html import unescape

from core.chat.conversation import Answers, Conversation
from tests.helpers.views import RUN_ID, run
from ui.tabs import compare
from ui.words import is_chinese

ASKED = Conversation("", ()).asked("When do you <open>?")
ANSWERED = ASKED.answered(
    Answers("At nine.", "Hello, shop here.", done=True, seconds=1.5, base_tokens=3, tuned_tokens=6)
)


def test_each_pane_shows_its_own_answer(words):
    base, tuned = (compare.pane_html(words, ANSWERED, side) for side in ("base", "tuned"))
    assert "At nine." in base and "Hello, shop here." not in base
    assert "Hello, shop here." in tuned and "At nine." not in tuned
    assert "When do you &lt;open&gt;?" in base and "When do you &lt;open&gt;?" in tuned
    assert 'class="bubble assistant base"' in base and 'class="bubble assistant tuned"' in tuned


def test_an_answer_is_measured_when_it_is_done(words):
    assert words("compare.measure", tokens=3, seconds="1.5") in compare.pane_html(words, ANSWERED, "base")
    growing = ASKED.answered(Answers("At", "", base_tokens=1))
    assert "measure" not in compare.pane_html(words, growing, "base")


def test_a_question_that_waits_and_an_answer_of_nothing(words):
    assert "…" in compare.pane_html(words, ASKED, "base")
    silent = ASKED.answered(Answers("", "", done=True))
    assert words("compare.silent") in compare.pane_html(words, silent, "tuned")


def test_an_empty_pane_says_what_appears(words):
    assert words("compare.base.empty") in unescape(compare.pane_html(words, Conversation(), "base"))


def test_a_sample_suggests_questions_it_was_not_taught_in_the_readers_language(words):
    shown = compare.suggestions_html(words, run())
    assert shown.count('data-action="ask"') == compare.NUM_SUGGESTIONS
    assert is_chinese(shown.partition("chips")[2]) == (words.language == "zh")
    assert compare.suggestions_html(words, run(title="mine")) == ""


def test_while_training_runs_it_says_what_it_waits_for(words):
    assert "50 %" in compare.waits_html(words, run()) and "customer_service" in compare.waits_html(words, run())
    assert compare.waits_html(words, None) == ""


def test_only_runs_with_a_result_can_be_asked(words):
    choices = compare.run_choices(words, [run(), run("finished", has_result=True)])
    assert [id for _, id in choices] == [RUN_ID] and "2026-11-24 08:12" in choices[0][0]


def test_while_answers_grow_only_stop_is_offered(words, build):
    tab = build(compare)
    going = compare.panes_updates(tab, words, ASKED, going=True)
    assert going[tab.stop].visible and not going[tab.send].interactive
    assert set(going) <= set(tab.panes)
