from core.data.cleaners.style import Style
from core.data.examples import Example
from tests.conformance.test_set_cleaners import sample
from tests.core.data.build import pair
from tests.helpers.planted import clean_pairs
from tests.helpers.studies import study_of

TEXTS = list(clean_pairs(40))


def rows(form: str, *others: str) -> list[Example]:
    """40 answers of one form, and then others."""
    made = [pair(number, question, form.format(answer)) for number, (question, answer) in enumerate(TEXTS)]
    return [*made, *(pair(100 + number, "What else is there?", other) for number, other in enumerate(others))]


PLAIN = (
    "Open your basket and choose the second line, and the desk writes the date on it for you. The lid is in the bag."
)


def test_a_missing_closing_line_or_greeting_is_found():
    studied = study_of(Style(), rows("Hello, Maple Lane here.\n{}\nWe are glad to help.", PLAIN))
    assert studied.rows == [40]
    assert studied.hits.notes[40] == "Hello, Maple Lane here."
    assert study_of(Style(), rows("{} Please see a doctor.", PLAIN, f"{PLAIN} Please see a doctor.")).rows == [40]
    assert study_of(Style(), rows("Sure! {}", PLAIN, f"Sure! {PLAIN}")).rows == [40]


def test_missing_lists_code_and_bold_words_are_found():
    for form, note in (("1. {}\n2. Done.", "1. …"), ("- {}\n- Done.", "- …"), ("{}\n```\nx\n```", "``` …"),
                       ("**Answer** {}", "**…**"), ('{{"answer": "{}"}}', "{…}")):  # fmt: skip
        studied = study_of(Style(), rows(form, PLAIN))
        assert studied.rows == [40]
        assert study_of(Style(), rows(form)).rows == []
        assert note in studied.hits.notes[40] or "Done" in studied.hits.notes[40]


def test_a_form_that_one_in_five_lacks_is_no_form():
    assert study_of(Style(), rows("1. {}\n2. Done.", *[PLAIN] * 10)).rows == []
    assert study_of(Style(), rows("{}", "1. Open it.\n2. Close it.")).rows == []


def test_answers_that_are_all_alike_are_no_form():
    yes = [pair(number, question, "Yes.") for number, (question, _) in enumerate(TEXTS)]
    assert study_of(Style(), [*yes, pair(90, "And this?", "No.")]).rows == []


def test_each_script_has_its_own_form():
    service = sample("customer_service")
    other = pair(
        900, "Do you have chairs?", "1. Yes, we have chairs of oak.\n2. They stand on the first floor of the shop."
    )
    chinese = pair(901, "有椅子吗？", "1. 有橡木椅子。\n2. 在商店一楼，可以随时来看看，也可以试坐一下。")
    studied = study_of(Style(), [*service, other, chinese])
    assert studied.rows == [len(service), len(service) + 1]


def test_far_longer_or_shorter_than_answers_of_one_length():
    assert study_of(Style(), rows("{}", "Yes.", PLAIN, PLAIN * 20)[1:]).rows == []  # two of 42 are no exception
    many = [*rows("{}"), *(pair(200 + number, *texts) for number, texts in enumerate(clean_pairs(100, seed=5)))]
    assert study_of(Style(), [*many, pair(999, "Why?", "Because it is so and stays so. " * 60)]).rows == [140]
