"""What a strategy trains: how fast each weight moves, and how all of them are kept in a checkpoint."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from core.strategies import STRATEGIES
from core.training.plan import TrainingPlan

TRAINED = "trained.safetensors"  # in a checkpoint, beside what PEFT saves of virtual tokens


def quicken(optimizer: torch.optim.Optimizer, model: Any, plan: TrainingPlan) -> None:
    """Moves weights with a rate factor of their own (LoRA+) into groups behind the others."""
    strategy, options = STRATEGIES.get(plan.strategy), plan.strategy_options
    factors = {id(weight): strategy.rate_factor(name, options) for name, weight in model.named_parameters()}
    for group in tuple(optimizer.param_groups):
        weights = group["params"]
        group["params"] = [weight for weight in weights if factors[id(weight)] == 1.0]
        for factor in sorted({factors[id(weight)] for weight in weights} - {1.0}):
            quick = [weight for weight in weights if factors[id(weight)] == factor]
            optimizer.add_param_group({**group, "params": quick, "lr": group["lr"] * factor})


def is_prompted(model: Any) -> bool:
    """Whether PEFT learns virtual tokens here: of those it saves what they came to, not what they are made from."""
    return hasattr(model, "get_base_model") and model.active_peft_config.is_prompt_learning


def save_trained(model: Any, file: Path) -> None:
    """Every weight that is trained, for going on exactly where it stopped."""
    trained = {name: weight.detach() for name, weight in model.named_parameters() if weight.requires_grad}
    save_file(trained, file)


def load_trained(model: Any, file: Path) -> None:
    """The counterpart of `save_trained`."""
    saved = load_file(file)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.requires_grad:
                weight.copy_(saved[name])
