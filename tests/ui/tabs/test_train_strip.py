"""What Train shows of the answers at each check."""

from core.training.filmstrip import Frame
from ui.tabs.train_strip import strip_html

FRAMES = [Frame(0, ("dunno", "")), Frame(15, ("Hello, shop here.", "<b>"))]


def test_each_question_has_a_strip_from_before_to_the_last_check(words):
    shown = strip_html(words, ["Where?", "Who?"], FRAMES)
    assert shown.count("<ol") == 2 and shown.count("<li") == 4
    assert shown.index("dunno") < shown.index("Hello, shop here.") < shown.index("Who?")
    assert words("train.strip.before") in shown and words("train.strip.step", step="15") in shown
    assert words("train.strip.nothing") in shown and "<b>" not in shown


def test_without_questions_there_is_no_strip_and_before_the_first_check_it_says_so(words):
    assert strip_html(words, [], FRAMES) == ""
    assert words("train.strip.soon") in strip_html(words, ["Where?"], [])
