import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UnknownName
from core.strategies import STRATEGIES
from core.strategies.base import scaled_rate
from core.training.plan import TrainingPlan
from core.training.presets import GOALS, PRESETS, Facts, draft_plan

FACTS = st.builds(
    Facts,
    num_rows=st.integers(1, 200_000),
    longest_tokens=st.integers(1, 50_000),
    hidden_size=st.integers(16, 16384),
    context_tokens=st.integers(64, 131_072),
)


def drafted(facts: Facts, strategy: str = "lora", goal: str = "voice", preset: str = "balanced") -> TrainingPlan:
    return draft_plan(title="t", dataset="d", base="b", facts=facts, strategy=strategy, goal=goal, preset=preset)


@given(
    facts=FACTS,
    strategy=st.sampled_from(STRATEGIES.names()),
    goal=st.sampled_from(GOALS.names()),
    preset=st.sampled_from(PRESETS.names()),
)
def test_a_draft_is_sane_for_any_data_and_any_base(facts: Facts, strategy: str, goal: str, preset: str):
    plan = drafted(facts, strategy, goal, preset)
    schedule = plan.schedule
    assert 4 <= schedule.effective_batch <= 16
    assert schedule.batch_size <= 8
    assert 1 <= schedule.epochs <= PRESETS.get(preset).most_epochs
    room = facts.context_tokens - STRATEGIES.get(strategy).virtual_tokens(plan.strategy_options)
    assert 16 <= schedule.max_length <= room
    assert schedule.max_length >= min(facts.longest_tokens, room, 2048)
    assert 1e-6 <= schedule.learning_rate <= 1.0
    assert plan.changed({}) == plan  # all its options are within their limits
    assert plan.num_steps(facts.num_rows) >= 1


@given(facts=FACTS)
def test_more_effort_never_sees_the_rows_less_often(facts: Facts):
    epochs = [drafted(facts, preset=preset.name).schedule.epochs for preset in PRESETS]
    assert epochs == sorted(epochs)


def test_small_data_get_a_small_batch_and_large_data_one_pass():
    assert drafted(Facts(20, 100, 512, 2048)).schedule.effective_batch == 4
    assert drafted(Facts(400, 100, 512, 2048)).schedule.effective_batch == 16
    assert drafted(Facts(100_000, 100, 512, 2048)).schedule.epochs == 1


def test_a_skill_gets_more_room_than_a_voice():
    facts = Facts(100, 100, 512, 2048)
    voice, skill = (drafted(facts, goal=goal).options for goal in ("voice", "skill"))
    assert voice["r"] < skill["r"]
    assert skill["lora_alpha"] == 2 * skill["r"]
    assert drafted(facts, strategy="full", goal="skill").options == {}


def test_the_rate_grows_for_narrow_models_only():
    assert scaled_rate(2e-4, 4096) == scaled_rate(2e-4, 8192) == 2e-4
    assert scaled_rate(2e-4, 512) == 1.6e-3
    rates = [scaled_rate(2e-4, width) for width in (64, 256, 1024, 4096)]
    assert rates == sorted(rates, reverse=True)


@pytest.mark.parametrize("choice", [{"strategy": "magic"}, {"goal": "magic"}, {"preset": "magic"}])
def test_an_unknown_name_is_refused(choice: dict[str, str]):
    with pytest.raises(UnknownName):
        drafted(Facts(100, 100, 512, 2048), **choice)
