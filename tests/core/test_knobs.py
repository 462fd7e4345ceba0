from typing import Any

import pytest

from core.errors import OptionRefused
from core.knobs import Options, build_options, expected_of, knob, knobs_of, read_value


class Sample(Options):
    """One option of each kind."""

    whole: int = knob(3, label="Whole", help="A whole number.", unit="things", ge=1, le=9, step=2)
    real: float = knob(0.5, label="Real", help="A number.", ge=0.0)
    switch: bool = knob(False, label="Switch", help="On or off.")
    word: str = knob("auto", label="Word", help="One of three.", choices=("auto", "one", "two"))
    names: tuple[str, ...] = knob(("a",), label="Names", help="Some names.")
    said: str = knob("", label="Said", help="Free text.")


KNOBS = {knob.name: knob for knob in knobs_of(Sample)}


def test_a_field_becomes_a_knob_with_all_that_was_said_of_it():
    assert list(KNOBS) == ["whole", "real", "switch", "word", "names", "said"]
    assert [knob.kind for knob in KNOBS.values()] == ["int", "float", "bool", "choice", "words", "text"]
    whole = KNOBS["whole"]
    assert (whole.label, whole.help, whole.unit, whole.step) == ("Whole", "A whole number.", "things", 2)
    assert (whole.default, whole.minimum, whole.maximum) == (3, 1, 9)
    assert KNOBS["word"].choices == ("auto", "one", "two")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("whole", " 7 ", 7),
        ("real", "1e-3", 0.001),
        ("switch", "Yes", True),
        ("switch", "off", False),
        ("word", "two", "two"),
        ("names", "q_proj, v_proj,", ("q_proj", "v_proj")),
        ("said", " hi ", "hi"),
    ],
)
def test_the_command_lines_text_is_read(name: str, text: str, value: Any):
    assert read_value(KNOBS[name], text) == value


@pytest.mark.parametrize(("name", "text"), [("whole", "2.5"), ("whole", "many"), ("real", "a"), ("switch", "maybe")])
def test_text_of_another_kind_is_refused(name: str, text: str):
    with pytest.raises(OptionRefused) as caught:
        read_value(KNOBS[name], text)
    assert caught.value.facts["name"] == name
    assert caught.value.facts["found"] == text


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"whole": 0}, "a whole number from 1 to 9"),
        ({"whole": 10}, "a whole number from 1 to 9"),
        ({"whole": 2.5}, "a whole number from 1 to 9"),
        ({"real": -1}, "a number, 0 or more"),
        ({"real": float("nan")}, "a number, 0 or more"),
        ({"switch": "perhaps"}, "true or false"),
        ({"word": "three"}, "one of auto, one, two"),
        ({"names": 3}, "a comma-separated list of names"),
        ({"nonsense": 1}, None),
    ],
)
def test_a_value_outside_the_limits_is_refused(values: dict[str, Any], expected: str | None):
    with pytest.raises(OptionRefused) as caught:
        build_options(Sample, values)
    assert caught.value.facts["name"] == next(iter(values))
    if expected:
        assert caught.value.facts["expected"] == expected == expected_of(KNOBS[next(iter(values))])


def test_defaults_are_held_to_the_limits_too():
    class Wrong(Options):
        number: int = knob(12, label="", help="", ge=1, le=9)

    with pytest.raises(OptionRefused):
        build_options(Wrong, {})


def test_options_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        Sample().whole = 4  # type: ignore[misc]
