"""Every option of a plan is a field, and every field reaches the plan."""

import gradio as gr
import pytest

from core.chat.settings import ChatSettings
from core.errors import OptionRefused
from core.knobs import knobs_of
from core.strategies import STRATEGIES
from core.training.plan import plan_knobs
from tests.helpers.views import plan
from ui.forms import build_plan_fields, field, fields, read, shown

OTHER = {"int": 77, "words": "q_proj, v_proj", "text": "x"}


def another(knob):
    """A value of an option's kind that is allowed and was not there before."""
    if knob.kind == "choice":
        return knob.choices[-1]
    if knob.kind == "bool":
        return not knob.default
    if knob.kind == "float":
        return 0.25 if (knob.minimum or 0) <= 0.25 else knob.minimum + 0.25
    return OTHER[knob.kind]


@pytest.fixture
def form(words):
    with gr.Blocks():
        made, _ = build_plan_fields(words)
    return made


@pytest.mark.parametrize("strategy", STRATEGIES.names())
def test_there_is_a_field_for_every_option_and_no_other(form, strategy):
    assert {**form.shared, **form.own[strategy]}.keys() == {knob.name for knob in plan_knobs(strategy)}


@pytest.mark.parametrize(
    ("strategy", "name"), [(entry.name, knob.name) for entry in STRATEGIES for knob in plan_knobs(entry.name)]
)
def test_what_is_written_in_a_field_reaches_the_plan(form, strategy, name):
    start = plan(strategy=strategy)
    start = start.changed({})
    knob = next(knob for knob in plan_knobs(strategy) if knob.name == name)
    filled = form.filled(start)
    raw = {key: filled.get(part, "unused") for key, part in form.reads.items()}
    key = name if name in form.shared else f"{strategy}__{name}"
    raw[key] = another(knob)
    changed = start.changed(form.values(strategy, raw))
    values = {**changed.options, **changed.schedule.model_dump()}
    wanted = {"words": ["q_proj", "v_proj"]}.get(knob.kind, another(knob))
    assert (list(values[name]) if knob.kind == "words" else values[name]) == wanted


def test_a_form_shows_the_plan_it_was_filled_with(form):
    start = plan().changed({"r": 4, "epochs": 2, "target_modules": ("q_proj", "v_proj")})
    filled = form.filled(start)
    assert filled[form.own["lora"]["r"]] == 4
    assert filled[form.own["lora"]["target_modules"]] == "q_proj, v_proj"
    assert filled[form.shared["epochs"]] == 2


def test_an_empty_field_is_refused_by_name():
    knobs = knobs_of(ChatSettings)
    with pytest.raises(OptionRefused) as refused:
        read(knobs, {"temperature": None})
    assert refused.value.facts["name"] == "temperature"


def test_half_a_number_is_refused_where_a_whole_one_is_asked_for_and_not_rounded(english):
    knob = next(knob for knob in plan_knobs("lora") if knob.name == "r")
    assert field(knob, english).preprocess(8.5) == 8.5 and field(knob, english).preprocess(8) == 8
    with pytest.raises(OptionRefused):
        plan().changed(read([knob], {"r": 8.5}))


def test_a_chinese_form_speaks_chinese(chinese):
    made = fields(knobs_of(ChatSettings), chinese, "chat")
    assert made["temperature"].label == "用词有多自由"
    assert made["temperature"].info.startswith("`temperature` *0 总是")


def test_the_term_stands_beside_the_label_with_its_unit_and_one_sentence_that_shows_when_wanted(english):
    knob = next(knob for knob in plan_knobs("lora") if knob.name == "max_length")
    made = field(knob, english)
    assert (made.label, made.elem_id) == ("Longest example", "knob-max_length")
    assert made.info.startswith("`max_length`, tokens *Longer examples") and made.info.endswith("*")
    assert "knob" in made.elem_classes
    assert "*" not in made.info[:-1].replace(" *Longer", "", 1)


def test_a_list_is_shown_with_commas():
    knob = next(knob for knob in plan_knobs("lora") if knob.name == "target_modules")
    assert shown(knob, ("a", "b")) == "a, b"
