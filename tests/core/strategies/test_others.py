"""What the other ways do that no other does: which layers, which layers of what kind, where, and how packed."""

from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import NeedsBitsandbytes, NeedsGpu, OptionRefused
from core.hardware import Device
from core.knobs import build_options
from core.models.catalog import STARTER, open_base
from core.models.load import empty_model, load_model
from core.strategies import STRATEGIES
from core.strategies.base import usual_rate
from tests.helpers.plans import CPU

CUDA = Device("cuda", "NVIDIA", 80.0, has_bf16=True, num_threads=8)


def prepared(model: Any, strategy: str, **options: Any) -> Any:
    way = STRATEGIES.get(strategy)
    return way.prepare(model, build_options(way.options, options))


def trained_in(model: Any) -> set[str]:
    return {name for name, weight in model.named_parameters() if weight.requires_grad}


def tiny_gpt2() -> Any:
    """A model whose layers have other names, hold their weights the other way round, and share head and embeddings."""
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    return GPT2LMHeadModel(GPT2Config(vocab_size=320, n_embd=32, n_layer=3, n_head=4, n_positions=128)).eval()


def test_the_last_layers_are_trained_with_the_norm_and_the_head(tiny: Path):
    base = open_base(str(tiny))
    names = trained_in(prepared(empty_model(base), "freeze", num_layers=1))
    assert all(name.startswith(("model.layers.1.", "model.norm.", "lm_head.")) for name in names)
    assert {"model.norm.weight", "lm_head.weight", "model.layers.1.mlp.down_proj.weight"} <= names
    without = trained_in(prepared(empty_model(base), "freeze", num_layers=1, train_head=False))
    assert without == {name for name in names if name.startswith("model.layers.1.")}


def test_a_head_that_is_one_table_with_the_embeddings_stays_as_it_is():
    names = trained_in(prepared(empty_model(open_base(STARTER)), "freeze", num_layers=0))
    assert names == {"model.norm.weight"}
    gpt2 = trained_in(prepared(tiny_gpt2(), "freeze", num_layers=1))
    assert {name.split(".")[1] for name in gpt2} == {"h", "ln_f"} and all("h.2." in n or "ln_f" in n for n in gpt2)


@pytest.mark.parametrize("options", [{"num_layers": 3}, {"num_layers": 0, "train_head": False}])
def test_layers_that_are_not_there_and_nothing_at_all_are_refused(tiny: Path, options: dict[str, Any]):
    with pytest.raises(OptionRefused) as caught:
        prepared(empty_model(open_base(str(tiny))), "freeze", **options)
    assert caught.value.facts["name"] == "num_layers"


def test_ia3_scales_the_inside_of_the_feed_forward_part_where_it_is_read(tiny: Path):
    for model, inner in ((load_model(open_base(str(tiny)), torch.float32), "down_proj"), (tiny_gpt2(), "c_proj")):
        tuned = prepared(model, "ia3")
        assert tuned.peft_config["default"].feedforward_modules == {inner}
    only = prepared(load_model(open_base(str(tiny)), torch.float32), "ia3", target_modules=("k_proj", "v_proj"))
    assert only.peft_config["default"].feedforward_modules == set()
    assert len(trained_in(only)) == 4  # two layers, two vectors each


@pytest.mark.parametrize("strategy", ["lora", "dora", "qlora", "road", "ia3"])
def test_all_linear_leaves_no_linear_layer_out_and_the_head_alone(tiny: Path, strategy: str):
    tuned = prepared(load_model(open_base(str(tiny)), torch.float32), strategy)
    beside = {name.split(".layers.")[1].split(".")[2] for name in trained_in(tuned)}
    assert beside == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
    with pytest.raises(OptionRefused) as caught:
        prepared(load_model(open_base(str(tiny)), torch.float32), strategy, target_modules=("query",))
    assert "q_proj" in str(caught.value.facts["expected"])


def test_road_turns_in_groups_that_fit_every_layer(tiny: Path):
    assert prepared(empty_model(open_base(str(tiny))), "road").peft_config["default"].group_size == 32
    assert prepared(empty_model(open_base(STARTER)), "road").peft_config["default"].group_size == 64


def test_four_bits_need_a_card_and_a_library(monkeypatch: pytest.MonkeyPatch):
    qlora = STRATEGIES.get("qlora")
    assert isinstance(qlora.unavailable(CPU), NeedsGpu)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert isinstance(qlora.unavailable(CUDA), NeedsBitsandbytes)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert qlora.unavailable(CUDA) is None


def test_the_base_is_opened_packed_on_its_device(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    from transformers import AutoModelForCausalLM

    seen: dict[str, Any] = {}
    opened = AutoModelForCausalLM.from_pretrained

    def noting(folder: Path, **options: Any) -> Any:
        seen.update(options)
        left_out = ("quantization_config", "device_map")  # bitsandbytes may not be here
        return opened(folder, **{name: value for name, value in options.items() if name not in left_out})

    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", noting)
    qlora = STRATEGIES.get("qlora")
    packed = qlora.quantization(build_options(qlora.options, {"bnb_4bit_quant_type": "fp4"}))
    load_model(open_base(str(tiny)), torch.bfloat16, "cuda", packed)
    assert seen["device_map"] == {"": "cuda"} and seen["dtype"] == torch.bfloat16
    config = seen["quantization_config"]
    assert config.load_in_4bit and config.bnb_4bit_use_double_quant
    assert (config.bnb_4bit_quant_type, config.bnb_4bit_compute_dtype) == ("fp4", torch.bfloat16)


def test_rates_follow_the_width_except_those_of_a_preface():
    for strategy in STRATEGIES:
        assert usual_rate(strategy, 4096) == pytest.approx(strategy.reference_rate)
        wider = usual_rate(strategy, 256) / usual_rate(strategy, 4096)
        assert wider == pytest.approx(1 if strategy.name in ("prompt_tuning", "p_tuning") else 16, rel=0.05)
