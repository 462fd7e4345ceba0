import pytest

from core.data.examples import PASSAGE
from core.data.rules import MEDICAL, RULE_PRESETS, Rule
from tests.core.data.build import chat
from tests.core.data.cleaners.row import hit


def note(answer: str, *rules: Rule) -> str | None:
    found = hit("rules", chat("1", ("u", "question"), ("a", answer)), rules=rules)
    return found.note if found else None


def test_without_rules_nothing_is_demanded():
    assert note("anything") is None


def test_says_what_is_missing_or_should_not_be_there():
    assert note("Bye.", Rule("contains", "kind regards\nbest wishes")) == "kind regards…"
    assert note("Best WISHES", Rule("contains", "kind regards\nbest wishes")) is None
    assert note("Call 0800 now", Rule("not_contains", r"\d{4}", is_pattern=True)) == "0800"


def test_every_answer_of_a_conversation_and_every_passage():
    turns = [("u", "a"), ("a", "yes"), ("u", "b"), ("a", "no")]
    assert hit("rules", chat("1", *turns), rules=(Rule("contains", "yes"),))
    assert hit("rules", chat("1", ("a", "text")), PASSAGE, (Rule("contains", "yes"),))


@pytest.mark.parametrize(
    "answer",
    [
        "Rest, and see a doctor.",
        "Ask your pharmacist.",
        "请咨询医生。",
        "如果加重，请及时就医。",
        "Sugar was 126 mg/dL: see a doctor.",
    ],
)
def test_careful_medical_answers(answer: str):
    assert note(answer, *MEDICAL) is None


@pytest.mark.parametrize(
    "answer",
    [
        "Rest at home.",
        "多喝水。",
        "Take 500 mg of it; your doctor knows.",
        "Take two tablets and see a doctor.",
        "每日三次，请咨询医生。",
        "每次两片，请咨询医生。",
        "One capsule, twice daily before the dose of the doctor.",
        "0.5 ml 即可，再看医生。",
    ],
)
def test_medical_answers_somebody_has_to_look_at(answer: str):
    assert note(answer, *MEDICAL)


def test_presets_describe_themselves():
    for preset in RULE_PRESETS:
        assert preset.label and preset.help.endswith(".") and preset.rules
