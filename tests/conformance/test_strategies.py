"""Every way to train, on the tiny base: it learns, moves only what it should, is saved whole, and heeds each option."""

from pathlib import Path
from typing import Any, get_args

import pytest
import torch

from core.hardware import Device
from core.knobs import Knob, build_options, knobs_of
from core.models.catalog import open_base
from core.models.load import empty_model, load_adapter, load_model, open_causal
from core.strategies import STRATEGIES, Strategy
from core.strategies.base import Saved
from core.training.batching import collate
from core.training.loss import summed_loss
from core.training.plan import TrainingPlan
from tests.helpers.plans import CPU, tiny_plan
from tests.helpers.rows import learned_rows

STEPS = 3
RATE = 1e-2
OPTIONS = [(strategy, knob) for strategy in STRATEGIES for knob in knobs_of(strategy.options)]
ADAPTERS = [strategy for strategy in STRATEGIES if strategy.saves == "adapter"]
CUDA = Device("cuda", "NVIDIA", 80.0, has_bf16=True, num_threads=8)


@pytest.fixture(params=STRATEGIES, ids=lambda strategy: strategy.name)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return request.param


@pytest.fixture(params=ADAPTERS, ids=lambda strategy: strategy.name)
def adapter(request: pytest.FixtureRequest) -> Strategy:
    return request.param


def prepared(strategy: Strategy, base: Path, **options: Any) -> Any:
    torch.manual_seed(0)
    chosen = build_options(strategy.options, options)
    return strategy.prepare(load_model(open_base(str(base)), torch.float32), chosen)


def batch() -> dict[str, torch.Tensor]:
    """Rows of unequal length of which the later part is learned."""
    return collate([learned_rows(12, 20, 7)[number] for number in range(3)], pad_token_id=0)


def trained(model: Any, rate: float = RATE) -> list[float]:
    """Three steps on one batch; the loss before each, and after the last."""
    optimizer = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=rate)
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
    """Everything about the prepared model, and how it is opened and learns, that an option can change."""
    model, chosen = prepared(strategy, base, **options), build_options(strategy.options, options)
    shapes = [(name, tuple(weight.shape), weight.requires_grad) for name, weight in model.named_parameters()]
    rates = [strategy.rate_factor(name, chosen) for name, _ in model.named_parameters()]
    configs = {name: config.to_dict() for name, config in getattr(model, "peft_config", {}).items()}
    return repr((shapes, rates, str(strategy.quantization(chosen)), str(model), sorted(configs.items())))


def another(knob: Knob) -> Any:
    """A value that is allowed and not the default."""
    if knob.kind == "words":
        return ("q_proj",)
    if knob.kind == "choice":
        return next(choice for choice in knob.choices if choice != knob.default)
    if knob.kind == "bool":
        return not knob.default
    step = knob.step or 1
    return knob.default - step if knob.minimum is None or knob.default - step >= knob.minimum else knob.default + step


def test_it_says_what_it_is(strategy: Strategy):
    assert strategy.name.isidentifier()
    assert strategy.label
    assert all(text.endswith(".") for text in (strategy.summary, strategy.when, strategy.cost))
    assert strategy.summary.count(". ") <= 1  # two sentences
    assert "arXiv:" in strategy.paper
    assert strategy.saves in get_args(Saved)
    assert 0 < strategy.reference_rate < 1
    assert all(knob.label and knob.help.endswith(".") for knob in knobs_of(strategy.options))


def test_somewhere_it_can_be_trained(strategy: Strategy, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)  # as if every library were installed
    assert strategy.unavailable(CUDA) is None
    refused = strategy.unavailable(CPU)
    assert refused is None or strategy.name in str(refused)


def test_it_learns(strategy: Strategy, tiny: Path):
    losses = trained(prepared(strategy, tiny))
    assert all(torch.isfinite(torch.tensor(losses)))
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] - 1e-3


def test_it_moves_only_what_it_trains(strategy: Strategy, tiny: Path):
    model = prepared(strategy, tiny)
    before, trainable = weights_of(model), {name for name, weight in model.named_parameters() if weight.requires_grad}
    trained(model)
    moved = {name for name, weight in model.named_parameters() if not torch.equal(weight, before[name])}
    assert trainable
    assert moved == trainable
    if strategy.name != "full":
        assert len(trainable) < len(before)


def test_it_starts_from_the_base_unless_it_puts_something_in_front(strategy: Strategy, tiny: Path):
    base, model = load_model(open_base(str(tiny)), torch.float32), prepared(strategy, tiny).eval()
    in_front = strategy.virtual_tokens(build_options(strategy.options, {}))
    ids = batch()["input_ids"]
    with torch.no_grad():
        difference = (model(ids).logits[:, -ids.shape[1] :] - base(ids).logits).abs().max().item()
    assert difference > 1e-3 if in_front else difference < 1e-5


def test_its_loss_is_the_models_own(strategy: Strategy, tiny: Path):
    model = prepared(strategy, tiny)
    trained(model)
    total, learned = summed_loss(model, batch())
    assert (total / learned).item() == pytest.approx(model(**batch()).loss.item(), abs=1e-5)


def test_what_is_saved_is_what_was_trained(strategy: Strategy, tiny: Path, tmp_path: Path):
    model = prepared(strategy, tiny)
    trained(model)
    strategy.save(model, tmp_path)
    if strategy.saves == "adapter":
        again = load_adapter(load_model(open_base(str(tiny)), torch.float32), tmp_path)
    else:
        again = open_causal(tmp_path, torch.float32)
    ids = batch()["input_ids"]
    with torch.no_grad():
        torch.testing.assert_close(again(ids).logits, model.eval()(ids).logits)
    assert list(tmp_path.glob("*.safetensors"))
    assert not list(tmp_path.glob("*.bin"))


def test_what_merges_answers_the_same_without_peft(adapter: Strategy, tiny: Path):
    model = prepared(adapter, tiny)
    trained(model, 0.1)
    ids = batch()["input_ids"]
    if not adapter.merges:
        with pytest.raises(AttributeError):
            model.merge_and_unload()
        return
    with torch.no_grad():
        before, base = model.eval()(ids).logits, load_model(open_base(str(tiny)), torch.float32)(ids).logits
        after = model.merge_and_unload()(ids).logits
    assert (before - base).abs().max() > 1e-2
    torch.testing.assert_close(after, before, atol=1e-5, rtol=1e-4)


def test_it_is_left_out_of_single_rows_where_it_says_so(adapter: Strategy, tiny: Path):
    model = prepared(adapter, tiny)
    trained(model, 0.1)
    ids, names = batch()["input_ids"][:2], ["__base__", "default"]
    with torch.no_grad():
        tuned = model.eval()(ids).logits[:, -ids.shape[1] :]
        base = load_model(open_base(str(tiny)), torch.float32)(ids).logits
        try:
            mixed = model(ids, adapter_names=names).logits[:, -ids.shape[1] :]
        except (ValueError, TypeError):
            assert not adapter.switches_per_row
            return
    assert (tuned - base).abs().max() > 1e-2
    assert torch.allclose(mixed, torch.stack((base[0], tuned[1])), atol=1e-5) == adapter.switches_per_row


def test_a_paused_run_goes_on_with_the_loss_it_would_have_had(strategy: Strategy, tiny: Path, tmp_path: Path):
    plan = tiny_plan(tiny, strategy=strategy.name, max_steps=4, batch_size=4, learning_rate=RATE)
    unbroken = stepped(plan, tmp_path / "unbroken")
    before = stepped(plan, tmp_path / "paused", pause_after=2)
    after = stepped(plan, tmp_path / "paused", checkpoint=tmp_path / "paused" / "checkpoint-2")
    assert len(unbroken) == len(set(unbroken)) == 4
    assert (len(before), len(after)) == (2, 2)
    assert [*before, *after] == pytest.approx(unbroken, abs=1e-5)


def test_the_base_is_measured_first_and_the_best_is_kept(strategy: Strategy, tiny: Path, tmp_path: Path):
    plan = tiny_plan(tiny, strategy=strategy.name, epochs=5, batch_size=4, learning_rate=RATE)
    trainer, _ = sitting(plan, tmp_path)
    base = sitting(plan.changed({"max_steps": 1}), tmp_path / "base", plain=True)[0]
    trainer.train()
    checks = [entry["eval_loss"] for entry in trainer.state.log_history if "eval_loss" in entry]
    assert checks[0] == pytest.approx(base.evaluate()["eval_loss"], abs=1e-5)
    assert len(set(checks)) >= 3
    with torch.no_grad():
        for weight in trainer.model.parameters():
            weight.add_(torch.randn_like(weight) * weight.requires_grad)
    assert abs(trainer.evaluate()["eval_loss"] - min(checks)) > 1e-3
    trainer._load_best_model()
    assert trainer.evaluate()["eval_loss"] == pytest.approx(min(checks[1:]), abs=1e-5)


def stepped(plan: TrainingPlan, folder: Path, pause_after: int = 0, checkpoint: Path | None = None) -> list[float]:
    """The losses of the steps of one sitting."""
    trainer, losses = sitting(plan, folder, pause_after)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    return losses


def sitting(plan: TrainingPlan, folder: Path, pause_after: int = 0, plain: bool = False) -> tuple[Any, list[float]]:
    """A trainer, of the base as it is with `plain`, and the losses that it will tell."""
    from core.training.trainer import Narrator, make_trainer

    losses: list[float] = []

    def tell(what: str, _: Any, facts: dict[str, Any]) -> None:
        if what == "step":
            losses.append(facts["loss"])

    def asked() -> str | None:
        return "pause" if pause_after and trainer.state.global_step >= pause_after else None

    base, rows = Path(plan.base), learned_rows(30, 12, 9, 21, 5, 17, 26, 8)
    trainer = make_trainer(
        load_model(open_base(str(base)), torch.float32) if plain else prepared(STRATEGIES.get(plan.strategy), base),
        plan,
        CPU,
        train=rows,
        validation=rows,
        folder=str(folder),
        pad_token_id=0,
        narrator=Narrator(tell, asked),
    )
    return trainer, losses


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
    assert fingerprint(strategy, tiny, **{knob.name: value}) != default
    chosen = build_options(strategy.options, {knob.name: value})
    config = getattr(prepared(strategy, tiny, **{knob.name: value}), "peft_config", {}).get("default")
    places = [place for place in (config, strategy.quantization(chosen)) if hasattr(place, knob.name)]
    for place in places:
        assert getattr(place, knob.name) == (set(value) if knob.kind == "words" else value)
    elsewhere = strategy.saves == "model" or knob.name == "loraplus_lr_ratio"  # see tests/core/strategies
    assert elsewhere or places
