import json
from pathlib import Path

import pytest

from core.errors import OptionRefused
from core.hardware import Device
from core.models.catalog import open_base
from core.training.estimate import Estimate, count_parameters, estimate
from tests.helpers.llama import llama_2_7b
from tests.helpers.plans import tiny_plan

DEVICE = Device("cpu", "CPU", 16.0, has_bf16=False, num_threads=1)


@pytest.fixture
def no_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.hardware._matmul_rate", lambda kind, half: 1e10)


def of(base: Path, rows: int = 100, strategy: str = "lora", tokens: float = 40, **changes: object) -> Estimate:
    plan = tiny_plan(base, strategy=strategy, **changes)
    return estimate(open_base(str(base)), plan, DEVICE, num_rows=rows, mean_tokens=tokens)


def test_llama_2_7b_is_counted_exactly_from_its_config_alone(tmp_path: Path):
    folder = llama_2_7b(tmp_path)
    plan = tiny_plan(folder, r=8, target_modules=("q_proj", "v_proj"))
    counts = count_parameters(open_base(str(folder), needs_weights=False), plan)
    assert (counts.trainable, counts.total) == (4_194_304, 6_742_609_920)
    assert f"{100 * counts.share:.2f}" == "0.06"


def test_what_is_counted_is_what_is_trained(tiny: Path):
    from core.models.load import load_model
    from core.strategies import STRATEGIES

    for strategy in STRATEGIES:
        plan, base = tiny_plan(tiny, strategy=strategy.name), open_base(str(tiny))
        model = strategy.prepare(load_model(base, "auto"), plan.strategy_options)
        trained = [weight.numel() for weight in model.parameters() if weight.requires_grad]
        counts = count_parameters(base, plan)
        assert counts.trainable == sum(trained)
        assert counts.total == sum(weight.numel() for weight in model.parameters())


def test_memory_grows_with_what_is_read_at_once(tiny: Path, no_probe: None):
    small, batch, longer = of(tiny), of(tiny, batch_size=16), of(tiny, max_length=512)
    assert small.memory_gib < batch.memory_gib
    assert small.memory_gib < longer.memory_gib
    assert of(tiny, gradient_accumulation=8).memory_gib == small.memory_gib
    parts = small.runtime_gib + small.weights_gib + small.gradients_gib + small.optimizer_gib + small.activations_gib
    assert small.memory_gib == pytest.approx(parts)


def test_full_tuning_needs_more_than_lora(tiny: Path, no_probe: None):
    lora, full = of(tiny), of(tiny, strategy="full")
    assert full.memory_gib > lora.memory_gib
    assert full.optimizer_gib > lora.optimizer_gib
    assert full.parameters.share == 1.0


def test_what_stands_before_a_conversation_is_read_with_it(tiny: Path, no_probe: None):
    few, many = (of(tiny, strategy="prefix_tuning", num_virtual_tokens=number) for number in (1, 401))
    assert many.activations_gib / few.activations_gib == pytest.approx((64 + 401) / (64 + 1))
    assert many.seconds > few.seconds


def test_the_last_layers_take_less_than_all_of_them(tiny: Path, no_probe: None):
    last, full = of(tiny, 10_000, strategy="freeze", num_layers=1), of(tiny, 10_000, strategy="full")
    assert last.memory_gib < full.memory_gib
    assert last.parameters.trainable < full.parameters.trainable
    assert last.seconds <= full.seconds


def test_a_packed_base_takes_a_quarter_of_one_in_half_precision(tmp_path: Path, no_probe: None):
    folder = llama_2_7b(tmp_path)
    base, card = open_base(str(folder), needs_weights=False), Device("cuda", "NVIDIA", 80.0, True, 1)
    weights = {}
    for strategy in ("lora", "qlora"):
        plan = tiny_plan(folder, strategy=strategy, precision="bf16")
        weights[strategy] = estimate(base, plan, card, num_rows=100, mean_tokens=40).weights_gib
    assert 12 < weights["lora"] < 13.5
    assert 3.5 < weights["qlora"] < 4.5


def test_time_grows_with_steps_and_rows_are_told(tiny: Path, no_probe: None):
    short, long = of(tiny, rows=10_000, epochs=1), of(tiny, rows=10_000, epochs=4)
    assert (short.num_steps, long.num_steps) == (2500, 10_000)
    assert (short.times_seen, long.times_seen) == (1, 4)
    assert long.seconds == pytest.approx(4 * short.seconds, abs=4)
    assert of(tiny, rows=100_000, tokens=64).seconds > of(tiny, rows=100_000, tokens=16).seconds


def test_target_modules_that_are_not_there_are_refused_with_those_that_are(tiny: Path):
    with pytest.raises(OptionRefused) as caught:
        of(tiny, target_modules=("query",))
    assert "q_proj" in str(caught.value.facts["expected"])
    with pytest.raises(OptionRefused):
        of(tiny, target_modules=())


def test_an_estimate_reads_no_weights(tiny: Path, tmp_path: Path):
    """Weights of nonsense are never opened."""
    config = json.loads((tiny / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    assert count_parameters(open_base(str(tmp_path)), tiny_plan(tmp_path)).trainable > 0
