from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.errors import OptionRefused, UnknownName, UnknownOption
from core.training.plan import Schedule, TrainingPlan, plan_knobs, read_settings
from tests.helpers.plans import tiny_plan

PLAN = tiny_plan("base")  # type: ignore[arg-type]


def test_an_option_is_changed_wherever_it_lives():
    plan = PLAN.changed({"r": 4, "epochs": 2})
    assert plan.options["r"] == 4
    assert plan.schedule.epochs == 2
    assert plan.strategy_options.lora_alpha == 32
    assert PLAN.options["r"] == 16
    assert plan.changed({"batch_size": 8}).options["r"] == 4


def test_a_plan_survives_its_json():
    plan = PLAN.changed({"target_modules": ("q_proj", "v_proj"), "learning_rate": 1e-4})
    again = TrainingPlan(**plan.model_dump(mode="json"))
    assert again == plan
    assert again.strategy_options.target_modules == ("q_proj", "v_proj")


def test_an_unknown_option_is_answered_with_those_there_are():
    with pytest.raises(UnknownOption) as caught:
        PLAN.changed({"rank": 8})
    assert caught.value.facts["name"] == "rank"
    assert {"r", "epochs", "precision"} <= set(str(caught.value.facts["choices"]).split(", "))
    with pytest.raises(UnknownOption):
        tiny_plan("base", strategy="full", r=8)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [
        {"r": 0},
        {"r": "many"},
        {"lora_dropout": 1.0},
        {"epochs": 0},
        {"epochs": float("nan")},
        {"learning_rate": 0},
        {"learning_rate": float("inf")},
        {"max_length": 8},
        {"batch_size": 0},
        {"batch_size": 1.5},
        {"max_steps": -1},
        {"validation_fraction": -0.1},
        {"test_fraction": -1},
        {"seed": -1},
        {"precision": "fp16"},
    ],
)
def test_a_value_outside_the_limits_is_refused(values: dict[str, Any]):
    with pytest.raises(OptionRefused) as caught:
        PLAN.changed(values)
    assert caught.value.facts["name"] == next(iter(values))


def test_a_plan_from_a_file_is_checked_too():
    record = PLAN.model_dump(mode="json")
    with pytest.raises(ValidationError):
        TrainingPlan(**{**record, "schedule": {**record["schedule"], "batch_size": 0}})
    with pytest.raises(OptionRefused):
        _ = TrainingPlan(**{**record, "options": {"r": 0}}).strategy_options
    with pytest.raises(UnknownName):
        _ = TrainingPlan(**{**record, "strategy": "magic"}).strategy_options


def test_every_option_has_a_name_a_label_and_help():
    knobs = plan_knobs("lora")
    assert [knob.name for knob in knobs][:4] == ["r", "lora_alpha", "lora_dropout", "target_modules"]
    assert len({knob.name for knob in knobs}) == len(knobs)
    assert all(knob.label and knob.help.endswith(".") for knob in knobs)


def test_the_command_lines_settings_are_read():
    values = read_settings("lora", {"r": "8", "target_modules": "q_proj,v_proj", "epochs": "0.5", "precision": "fp32"})
    assert values == {"r": 8, "target_modules": ("q_proj", "v_proj"), "epochs": 0.5, "precision": "fp32"}
    with pytest.raises(UnknownOption):
        read_settings("lora", {"rank": "8"})
    with pytest.raises(OptionRefused):
        read_settings("lora", {"r": "eight"})


def test_steps_follow_rows_epochs_and_the_effective_batch():
    plan = PLAN.changed({"epochs": 3, "batch_size": 4, "gradient_accumulation": 2})
    assert plan.schedule.effective_batch == 8
    assert plan.steps_per_epoch(17) == 3
    assert plan.num_steps(17) == 9
    assert plan.times_seen(17) == 3
    assert plan.changed({"max_steps": 4}).num_steps(17) == 4
    assert plan.changed({"max_steps": 100}).num_steps(17) == 9
    assert plan.changed({"epochs": 0.01}).num_steps(17) == 1


@given(
    rows=st.integers(1, 100_000),
    epochs=st.floats(0.01, 100),
    batch=st.integers(1, 64),
    groups=st.integers(1, 16),
    limit=st.integers(0, 50),
)
def test_there_is_always_a_step_and_never_one_too_many(rows: int, epochs: float, batch: int, groups: int, limit: int):
    schedule = Schedule(epochs=epochs, batch_size=batch, gradient_accumulation=groups, max_steps=limit)
    plan = PLAN.model_copy(update={"schedule": schedule})
    steps = plan.num_steps(rows)
    assert steps >= 1
    assert steps <= limit or not limit
    assert steps <= epochs * plan.steps_per_epoch(rows) + 1
    assert plan.times_seen(rows) * plan.steps_per_epoch(rows) == pytest.approx(steps)
