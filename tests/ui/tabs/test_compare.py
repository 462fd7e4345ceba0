"""What the Compare tab says."""

from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import pytest

from core.chat.conversation import Answers, Chance, Conversation
from core.data.examples import Example, Message
from core.errors import DatasetMissing, DeviceBusy
from tests.helpers.views import RUN_ID, run
from ui.guard import Guard
from ui.page import build_page
from ui.session import build_session
from ui.tabs import compare, compare_views
from ui.words import is_chinese

ASKED = Conversation("", ()).asked("When do you <open>?")
ANSWERED = ASKED.answered(
    Answers("At nine.", "Hello, shop here.", done=True, seconds=1.5, base_tokens=3, tuned_tokens=6)
)


def test_each_pane_shows_its_own_answer(words):
    base, tuned = (compare_views.pane_html(words, ANSWERED, side) for side in ("base", "tuned"))
    assert "At nine." in base and "Hello, shop here." not in base
    assert "Hello, shop here." in tuned and "At nine." not in tuned
    assert "When do you &lt;open&gt;?" in base and "When do you &lt;open&gt;?" in tuned
    assert 'class="bubble assistant base"' in base and 'class="bubble assistant tuned"' in tuned


def test_an_answer_is_measured_when_it_is_done(words):
    assert words("compare.measure", tokens=3, seconds="1.5") in compare_views.pane_html(words, ANSWERED, "base")
    growing = ASKED.answered(Answers("At", "", base_tokens=1))
    assert "measure" not in compare_views.pane_html(words, growing, "base")


def test_a_question_that_waits_and_an_answer_of_nothing(words):
    assert "…" in compare_views.pane_html(words, ASKED, "base")
    silent = ASKED.answered(Answers("", "", done=True))
    assert words("compare.silent") in compare_views.pane_html(words, silent, "tuned")


def test_what_a_model_thought_first_is_folded_above_its_answer(words):
    thinking = ASKED.answered(Answers("At nine.", "", base_thought="When <is> it?", tuned_thought="Well", done=True))
    base, tuned = (compare_views.pane_html(words, thinking, side) for side in ("base", "tuned"))
    assert base.index(words("compare.thought")) < base.index("When &lt;is&gt; it?") < base.index("At nine.")
    assert "<details" in base and " open" not in base
    assert "Well" in tuned and words("compare.silent") in tuned
    assert "<details" not in compare_views.pane_html(words, ANSWERED, "base")


def test_an_empty_pane_says_what_appears(words):
    assert words("compare.base.empty") in unescape(compare_views.pane_html(words, Conversation(), "base"))


def test_a_sample_suggests_questions_it_was_not_taught_in_the_readers_language(words):
    shown = compare_views.suggestions_html(words, "customer_service")
    assert shown.count('data-action="ask"') == compare_views.NUM_SUGGESTIONS
    assert is_chinese(shown.partition("chips")[2]) == (words.language == "zh")
    assert compare_views.suggestions_html(words, "") == ""


def test_while_training_runs_it_says_what_it_waits_for(words):
    assert "50 %" in compare_views.waits_html(words, run()) and "customer_service" in compare_views.waits_html(
        words, run()
    )
    assert compare_views.waits_html(words, None) == ""


def test_only_runs_with_a_result_can_be_asked(words):
    choices = compare_views.run_choices(words, [run(), run("finished", has_result=True)])
    assert [id for _, id in choices] == [RUN_ID] and "2026-11-24 08:12" in choices[0][0]


def test_while_answers_grow_only_stop_is_offered(words, build):
    tab = build(compare)
    going = compare.panes_updates(tab, words, ASKED, going=True)
    assert going[tab.stop].visible and not going[tab.send].interactive
    assert set(going) <= set(tab.panes)


class Desk:
    """A studio that gives these answers, and then breaks where one of them is an error."""

    def __init__(self, *answers):
        self.answers = answers

    def ask(self, run, conversation, settings):
        for answers in self.answers:
            if isinstance(answers, Exception):
                raise answers
            yield answers


GROWING = Answers("At", "", base_tokens=1)
BUSY = DeviceBusy(holder="the run r")


@pytest.fixture
def calls(words, build):
    """The callbacks on a studio of one's choice."""
    tab, session = build(compare), build_session()
    return lambda *answers: compare.CompareCalls(tab, words, Desk(*answers), session)


def settings(tab):
    return {name: part.value for name, part in tab.settings.items()}


def shown_while(calls, call, *values):
    """What the page shows during a callback, merged as the page merges it; then what settling adds."""
    guard, shown = Guard(calls.words, calls.tab.top.heading), {}
    for updates in guard.guarded(call)(*values, **settings(calls.tab)):
        shown |= updates
        yield shown


def settled(calls, shown, conversation=ANSWERED):
    said = shown.get(calls.tab.conversation, conversation), shown.get(calls.tab.pending, "")
    updates = Guard(calls.words, calls.tab.top.heading).guarded(calls.settle, quiet=True)(*said)
    return {**shown, **updates}


def asking(calls, conversation=ANSWERED):
    return shown_while(calls, calls.ask, RUN_ID, "Why?", "", conversation)


def assert_idle(tab, shown):
    assert shown[tab.send].interactive and not shown[tab.stop].constructor_args["visible"]
    assert "…" not in shown[tab.base] and shown[tab.pending] == ""


@pytest.mark.parametrize("failure", [BUSY, RuntimeError("a bug")])
def test_a_refused_question_goes_back_into_its_box_and_leaves_no_turn(calls, failure):
    calls = calls(failure)
    *_, last = asking(calls)
    last = settled(calls, last)
    assert_idle(calls.tab, last)
    assert last[calls.tab.question] == "Why?" and last[calls.tab.conversation] == ANSWERED
    assert "Why?" not in last[calls.tab.base] and last[calls.tab.top.heading]


def test_an_answer_that_breaks_off_stays_as_far_as_it_came(calls):
    calls = calls(GROWING, BUSY)
    *_, last = asking(calls)
    last = settled(calls, last)
    assert_idle(calls.tab, last)
    assert last[calls.tab.conversation].turns[-1].answers == replace(GROWING, done=True)
    assert last[calls.tab.question] == "" and last[calls.tab.top.heading]


def test_a_suggestion_that_is_refused_goes_into_the_box(calls):
    calls = calls(BUSY)

    def suggest(**raw):
        reads = {"run": RUN_ID, "system": "", "conversation": ANSWERED}
        yield from calls.suggest(SimpleNamespace(value="Why?"), **reads, **raw)

    *_, last = shown_while(calls, suggest)
    last = settled(calls, last)
    assert_idle(calls.tab, last)
    assert last[calls.tab.question] == "Why?" and last[calls.tab.conversation] == ANSWERED


def test_asking_again_in_vain_keeps_the_answer_there_was_and_what_is_being_typed(calls):
    calls = calls(BUSY)
    *_, last = shown_while(calls, calls.retry, RUN_ID, ANSWERED)
    last = settled(calls, last)
    assert_idle(calls.tab, last)
    assert last[calls.tab.conversation] == ANSWERED and calls.tab.question not in last


def test_asking_again_is_another_try_each_time(calls):
    calls, talk = calls(ANSWERED.turns[-1].answers), ANSWERED
    for tries in (1, 2):
        *_, shown = shown_while(calls, calls.retry, RUN_ID, talk)
        talk = shown[calls.tab.conversation]
        assert talk.tries == tries


@pytest.mark.parametrize("conversation", [Conversation(), ANSWERED])
def test_stop_before_the_first_word_takes_the_question_back(calls, conversation):
    calls = calls(ANSWERED.turns[-1].answers)
    waiting = next(asking(calls, conversation))
    assert "Why?" in waiting[calls.tab.base] and waiting[calls.tab.question] == ""
    stopped = settled(calls, waiting)
    assert_idle(calls.tab, stopped)
    assert stopped[calls.tab.question] == "Why?" and stopped[calls.tab.conversation] == conversation


def test_an_answer_without_text_yet_counts_as_not_begun(calls):
    calls = calls(Answers("", "", base_tokens=1))
    *_, last = asking(calls)
    assert last[calls.tab.pending] == "Why?"


def test_a_finished_answer_leaves_the_panes_idle(calls):
    calls = calls(GROWING, ANSWERED.turns[-1].answers)
    *_, last = asking(calls)
    last = settled(calls, last)
    assert_idle(calls.tab, last)
    assert len(last[calls.tab.conversation].turns) == 2 and last[calls.tab.question] == ""


def test_the_panes_settle_after_every_way_of_asking_and_stop_only_cancels(studio):
    """Gradio runs what follows an event after a cancel too, but only when the answer has really ended."""
    config = build_page(studio).get_config_file()
    parts = (part for part in config["components"] if part["id"] in config["page"][""]["components"])
    ids = {part["props"].get("elem_id"): part["id"] for part in parts}
    events = config["dependencies"]
    stops = [event for event in events if (ids["compare-stop"], "click") in map(tuple, event["targets"])]
    assert not any(ids["compare-send"] in event["outputs"] for event in stops)
    (cancelled,) = (event["cancels"] for event in stops if event["cancels"])
    assert len(cancelled) == 3
    for asked in cancelled:
        (after,) = (event for event in events if event["trigger_after"] == asked)
        assert not after["trigger_only_on_success"]
        assert {ids["compare-send"], ids["compare-stop"]} <= set(after["outputs"])


def test_the_sample_of_a_run_is_that_of_its_data(studio):
    sample = studio.import_sample("python_style")

    def of(dataset):
        view = run()
        return compare.sample_of(studio, replace(view, plan=view.plan.model_copy(update={"dataset": dataset})))

    assert of(sample.id) == "python_style" and of("gone") == ""
    with pytest.raises(DatasetMissing):
        studio.dataset("gone")


def test_an_answer_that_is_still_being_written_cannot_get_into_the_next_conversation(calls):
    calls = calls(GROWING, GROWING)
    late = next(asking(calls))
    new = calls.renew()
    assert new[calls.tab.conversation] == Conversation() and new[calls.tab.owner] == new[calls.tab.talk]
    assert calls.tab.send not in new and set(new) <= {*calls.tab.panes, calls.tab.talk}
    owner = late[calls.tab.owner]
    after = calls.settle(late[calls.tab.conversation], "Why?", new[calls.tab.talk], owner)
    assert after[calls.tab.conversation] == Conversation() and calls.tab.question not in after
    assert after[calls.tab.owner] == new[calls.tab.talk]


def test_a_question_after_clearing_begins_a_conversation_though_the_old_answer_wrote_late(calls):
    calls = calls(GROWING)
    *_, last = calls.ask(RUN_ID, "Why?", "", ANSWERED, talk="new", owner="old", **settings(calls.tab))
    assert [turn.question for turn in last[calls.tab.conversation].turns] == ["Why?"]
    assert last[calls.tab.owner] == "new"
    assert list(calls.retry(RUN_ID, ANSWERED, talk="new", owner="old", **settings(calls.tab))) == []


def test_another_run_begins_another_conversation_however_it_was_chosen(studio):
    """The run's change itself renews the panes and stops the answers, not only the choice in Compare."""
    config = build_page(studio).get_config_file()
    names = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
    changes = [event for event in config["dependencies"] if {how for _, how in event["targets"]} == {"change"}]
    stopping = [event for event in changes if len(event["cancels"]) == 3]
    assert len(stopping) == 2  # one a language; Gradio makes an event of its own of what another one cancels
    for stop in stopping:
        written = [
            {names.get(id) for id in event["outputs"]} for event in changes if event["targets"] == stop["targets"]
        ]
        assert any({"compare-base", "compare-stop"} <= ids and "compare-send" not in ids for ids in written)


def held_back(*questions):
    return [
        Example(f"f:{index}", (Message("user", text), Message("assistant", "x")))
        for index, text in enumerate(questions)
    ]


def test_own_data_suggest_up_to_three_questions_that_were_held_back(words):
    shown = compare_views.own_questions_html(words, held_back("a?", "<b>?", "a?", "y" * 900, "c?", "d?"))
    assert shown.count('data-action="ask"') == 3 == compare_views.NUM_OWN
    assert "&lt;b&gt;?" in shown and "yyy" not in shown and "d?" not in shown
    assert words("compare.held_back") in unescape(shown)
    assert compare_views.own_questions_html(words, []) == ""


def test_a_classifier_shows_its_label_and_how_sure_it_is_and_why_the_base_says_nothing(words):
    answers = Answers(base="", tuned="praise", done=True, chances=(Chance("praise", 0.93), Chance("blame", 0.07)))
    said = Conversation().asked("It was good.").answered(answers)
    tuned, base = (compare_views.pane_html(words, said, side) for side in ("tuned", "base"))
    assert "praise" in tuned and "93 %" in tuned and "7.0 %" in tuned
    assert words("compare.no_head") in base and "praise" not in base
