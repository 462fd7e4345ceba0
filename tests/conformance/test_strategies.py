"""Every way to train, on the tiny base: it learns, moves only what it should, is saved whole, and heeds each option."""

from pathlib import Path
from typing import Any

import pytest
import torch

from core.knobs import Knob, build_options, knobs_of
from core.models.catalog import open_base
from core.models.load import empty_model, load_adapter, load_model, open_causal
from core.strategies import STRATEGIES, Strategy
from core.training.batching import collate
from core.training.loss import summed_loss

STEPS = 3
OPTIONS = [(strategy, knob) for strategy in STRATEGIES for knob in knobs_of(strategy.options)]


@pytest.fixture(params=STRATEGIES, ids=lambda strategy: strategy.name)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return request.param


def prepared(strategy: Strategy, base: Path, **options: Any) -> Any:
    torch.manual_seed(0)
    chosen = build_options(strategy.options, options)
    return strategy.prepare(load_model(open_base(str(base)), torch.float32), chosen)


def batch() -> dict[str, torch.Tensor]:
    draw = torch.Generator().manual_seed(1)
    ids = [torch.randint(3, 320, (length,), generator=draw).tolist() for length in (12, 20, 7)]
    return collate([{"input_ids": row, "labels": row} for row in ids], pad_token_id=0)


def trained(model: Any) -> list[float]:
    """Three steps on one batch; the loss before each, and after the last."""
    optimizer = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=1e-2)
    losses = []
    for _ in range(STEPS):
        total, learned = summed_loss(model.train(), batch())
        losses.append((total / learned).item())
        optimizer.zero_grad()
        (total / learned).backward()
        optimizer.step()
    total, learned = summed_loss(model.eval(), batch())
    return [*losses, (total / learned).item()]


def weights_of(model: Any) -> dict[str, torch.Tensor]:
    return {name: weight.detach().clone() for name, weight in model.named_parameters()}


def fingerprint(strategy: Strategy, base: Path, **options: Any) -> str:
    """Everything about the prepared model that an option can change."""
    model = prepared(strategy, base, **options)
    shapes = [(name, tuple(weight.shape), weight.requires_grad) for name, weight in model.named_parameters()]
    configs = {name: config.to_dict() for name, config in getattr(model, "peft_config", {}).items()}
    return repr((shapes, str(model), sorted(configs.items())))


def another(knob: Knob) -> Any:
    """A value that is allowed and not the default."""
    if knob.kind == "words":
        return ("q_proj",)
    if knob.kind == "choice":
        return next(choice for choice in knob.choices if choice != knob.default)
    if knob.kind == "bool":
        return not knob.default
    step = knob.step or 1
    return knob.default + step if knob.maximum is None or knob.default + step <= knob.maximum else knob.default - step


def test_it_says_what_it_is(strategy: Strategy):
    assert strategy.name.isidentifier()
    assert strategy.label
    assert strategy.summary.endswith(".")
    assert "arXiv:" in strategy.paper
    assert strategy.saves in ("adapter", "model")
    assert 0 < strategy.reference_rate < 1
    assert all(knob.label and knob.help.endswith(".") for knob in knobs_of(strategy.options))


def test_it_learns(strategy: Strategy, tiny: Path):
    losses = trained(prepared(strategy, tiny))
    assert all(torch.isfinite(torch.tensor(losses)))
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] - 1e-3


def test_it_starts_from_the_base_and_moves_only_what_it_trains(strategy: Strategy, tiny: Path):
    base = load_model(open_base(str(tiny)), torch.float32)
    model = prepared(strategy, tiny).eval()
    ids = batch()["input_ids"]
    with torch.no_grad():
        torch.testing.assert_close(model(ids).logits, base(ids).logits)
    before, trainable = weights_of(model), {name for name, weight in model.named_parameters() if weight.requires_grad}
    trained(model)
    moved = {name for name, weight in model.named_parameters() if not torch.equal(weight, before[name])}
    assert trainable
    assert moved == trainable
    if strategy.saves == "adapter":
        assert len(trainable) < len(before)


def test_what_is_saved_is_what_was_trained(strategy: Strategy, tiny: Path, tmp_path: Path):
    model = prepared(strategy, tiny)
    trained(model)
    model.save_pretrained(tmp_path)
    if strategy.saves == "adapter":
        again = load_adapter(load_model(open_base(str(tiny)), torch.float32), tmp_path)
    else:
        again = open_causal(tmp_path, torch.float32)
    ids = batch()["input_ids"]
    with torch.no_grad():
        torch.testing.assert_close(again(ids).logits, model.eval()(ids).logits)
    assert list(tmp_path.glob("*.safetensors"))
    assert not list(tmp_path.glob("*.bin"))


def test_it_counts_without_weights(strategy: Strategy, tiny: Path):
    options = build_options(strategy.options, {})
    empty = strategy.prepare(empty_model(open_base(str(tiny))), options)
    full = prepared(strategy, tiny)
    assert [tuple(weight.shape) for weight in empty.parameters()] == [
        tuple(weight.shape) for weight in full.parameters()
    ]
    assert [weight.requires_grad for weight in empty.parameters()] == [w.requires_grad for w in full.parameters()]


@pytest.mark.parametrize(("strategy", "knob"), OPTIONS, ids=lambda item: item.name)
def test_each_option_reaches_the_model(strategy: Strategy, knob: Knob, tiny: Path):
    default = fingerprint(strategy, tiny)
    assert fingerprint(strategy, tiny) == default
    value = another(knob)
    changed = fingerprint(strategy, tiny, **{knob.name: value})
    assert changed != default
    if strategy.saves == "adapter":
        config = prepared(strategy, tiny, **{knob.name: value}).peft_config["default"]
        found = getattr(config, knob.name)
        assert found == (set(value) if knob.kind == "words" else value)
