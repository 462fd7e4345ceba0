"""LoRA's improvements: where it starts, how fast its halves learn, and that the result fits the untouched base."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import OptionRefused
from core.knobs import build_options
from core.models.catalog import open_base
from core.models.load import empty_model, load_adapter, load_model
from core.strategies import STRATEGIES
from core.strategies.lora import LoraOptions
from core.training.batching import collate
from core.training.loss import summed_loss
from core.training.plan import TrainingPlan
from tests.helpers.plans import CPU, tiny_plan
from tests.helpers.rows import learned_rows

LORA = STRATEGIES.get("lora")
STARTS = next(field for name, field in LoraOptions.model_fields.items() if name == "init_lora_weights")
CHOICES = STARTS.json_schema_extra["choices"]  # type: ignore[index,call-overload]
IDS = torch.arange(3, 40).view(1, -1)


def base_of(tiny: Path) -> Any:
    return load_model(open_base(str(tiny)), torch.float32)


def tuned_from(tiny: Path, **options: Any) -> Any:
    torch.manual_seed(0)
    return LORA.prepare(base_of(tiny), build_options(LoraOptions, options))


def learn(model: Any) -> None:
    rows = learned_rows(20, 20)
    batch = collate([rows[0], rows[1]], pad_token_id=0)
    optimizer = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=1e-2)
    for _ in range(3):
        total, learned = summed_loss(model.train(), batch)
        optimizer.zero_grad()
        (total / learned).backward()
        optimizer.step()
    model.eval()


@pytest.mark.parametrize("start", CHOICES)
@pytest.mark.parametrize("use_rslora", [False, True])
def test_wherever_it_starts_it_is_the_base_first_and_fits_the_untouched_base_later(
    tiny: Path, tmp_path: Path, start: str, use_rslora: bool
):
    base = base_of(tiny)
    model = tuned_from(tiny, init_lora_weights=start, use_rslora=use_rslora, r=8, lora_alpha=12)
    with torch.no_grad():
        torch.testing.assert_close(model.eval()(IDS).logits, base(IDS).logits, atol=1e-5, rtol=1e-4)
    learn(model)
    LORA.save(model, tmp_path)
    with torch.no_grad():
        again = load_adapter(base_of(tiny), tmp_path)(IDS).logits
        torch.testing.assert_close(again, model(IDS).logits, atol=1e-5, rtol=1e-4)
        assert (again - base(IDS).logits).abs().max() > 1e-2


@pytest.mark.parametrize("start", CHOICES)
def test_each_start_is_another(tiny: Path, start: str):
    model = tuned_from(tiny, init_lora_weights=start, r=8)
    halves = dict(model.named_parameters())
    first = next(weight for name, weight in halves.items() if "lora_A" in name)
    plain = next(w for n, w in tuned_from(tiny, r=8).named_parameters() if "lora_A" in n)
    assert torch.equal(first, plain) == (start == "default")


def test_what_started_from_the_base_is_a_lora_of_twice_the_rank(tiny: Path, tmp_path: Path):
    for use_rslora, alpha in ((False, 24), (True, 12 * math.sqrt(2))):
        model = tuned_from(tiny, init_lora_weights="pissa", use_rslora=use_rslora, r=8, lora_alpha=12)
        LORA.save(model, tmp_path)
        config = json.loads((tmp_path / "adapter_config.json").read_text(encoding="utf-8"))
        assert (config["r"], config["lora_alpha"], config["init_lora_weights"]) == (16, pytest.approx(alpha), True)


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"init_lora_weights": "orthogonal", "r": 7}, 7),
        ({"init_lora_weights": "pissa", "r": 33}, 33),  # the tiny base is 32 wide
        ({"init_lora_weights": "olora", "r": 33}, 33),
    ],
)
def test_a_rank_that_a_start_cannot_have_is_refused_before_any_weight_is_read(
    tiny: Path, options: dict[str, Any], refused: int
):
    for model in (base_of(tiny), empty_model(open_base(str(tiny)))):
        with pytest.raises(OptionRefused) as caught:
            LORA.prepare(model, build_options(LoraOptions, options))
        assert (caught.value.facts["name"], caught.value.facts["found"]) == ("r", refused)
    assert tuned_from(tiny, r=33).peft_config["default"].r == 33  # from nothing, any rank will do


def trainer_of(plan: TrainingPlan, folder: Path) -> Any:
    from core.training.trainer import Narrator, make_trainer

    model = LORA.prepare(base_of(Path(plan.base)), plan.strategy_options)
    rows = learned_rows(12, 20, 7, 9)
    return make_trainer(
        model,
        plan,
        CPU,
        train=rows,
        validation=rows,
        folder=str(folder),
        pad_token_id=0,
        narrator=Narrator(lambda *_: None, lambda: None),
    )


def test_the_second_matrix_learns_faster_by_the_ratio(tiny: Path, tmp_path: Path):
    rates: dict[str, set[float]] = {}
    for ratio in (1.0, 16.0):
        trainer = trainer_of(tiny_plan(tiny, loraplus_lr_ratio=ratio, learning_rate=1e-3), tmp_path)
        optimizer = trainer.create_optimizer()
        of = {id(weight): group["lr"] for group in optimizer.param_groups for weight in group["params"]}
        names = [(name, of[id(weight)]) for name, weight in trainer.model.named_parameters() if weight.requires_grad]
        assert len(of) == len(names)
        for half in ("lora_A", "lora_B"):
            rates[f"{half} {ratio:g}"] = {rate for name, rate in names if half in name}
    assert rates["lora_A 1"] == rates["lora_B 1"] == rates["lora_A 16"] == {1e-3}
    assert rates["lora_B 16"] == {1e-3 * 16}


def test_the_ratio_holds_over_the_whole_schedule_and_the_rate_told_is_that_of_the_first(tiny: Path, tmp_path: Path):
    trainer = trainer_of(tiny_plan(tiny, loraplus_lr_ratio=4.0, learning_rate=1e-3, max_steps=3), tmp_path)
    trainer.train()
    assert {group["initial_lr"] for group in trainer.optimizer.param_groups if group["params"]} == {1e-3, 4e-3}
    assert max(entry["learning_rate"] for entry in trainer.state.log_history if "loss" in entry) <= 1e-3
