"""LoRA: two thin matrices beside every linear layer are trained, the model itself stays as it is."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import OptionRefused
from core.knobs import Options, knob
from core.strategies.base import Saved, Strategy
from core.strategies.heads import new_modules
from core.strategies.targets import TARGETS_KNOB, as_peft, keeps_inputs_first, linear_layers, wrapped

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

PLAIN_INIT = "default"
MUTATING = ("pissa", "olora")  # these take what they start from out of the base weights


class LowRankOptions(Options):
    """The options of LoRA (Hu et al. 2021, arXiv:2106.09685) that its kin share."""

    r: int = knob(
        16,
        label="How much it can change",
        help="The rank of the two matrices. 8 to 16 teach a manner of answering; 32 leaves room for a new skill.",
        ge=1,
        le=512,
        step=4,
    )
    lora_alpha: int = knob(
        32,
        label="How strongly the change counts",
        help="The change is multiplied by alpha / r. Twice the rank is the usual choice.",
        ge=1,
        le=2048,
        step=8,
    )
    lora_dropout: float = knob(
        0.0,
        label="Forgetfulness while learning",
        help="The share of the change left out at random at each step. 0.05 to 0.1 helps against learning by heart.",
        ge=0.0,
        le=0.9,
        step=0.05,
    )
    target_modules: tuple[str, ...] = TARGETS_KNOB


class LoraOptions(LowRankOptions):
    """The options of LoRA and of three improvements on it."""

    use_rslora: bool = knob(
        False,
        label="Steady at high ranks",
        help=(
            "Multiplies by alpha / √r instead of alpha / r, so that ranks of 64 and more learn as well as small ones "
            "(rsLoRA, arXiv:2312.03732); take a smaller alpha with it."
        ),
    )
    loraplus_lr_ratio: float = knob(
        1.0,
        label="Bigger steps for the second matrix",
        help=(
            "The learning rate of B over that of A. 16 learns hard tasks faster (LoRA+, arXiv:2402.12354); "
            "halve the learning rate then. 1 is plain LoRA."
        ),
        ge=1.0,
        le=64.0,
        step=1,
    )
    init_lora_weights: str = knob(
        PLAIN_INIT,
        label="Where the matrices start",
        help=(
            "default and gaussian start from nothing, orthogonal from directions at right angles. pissa and olora "
            "start from the base's own main directions and learn faster at first; their result is twice as large."
        ),
        choices=(PLAIN_INIT, "gaussian", "orthogonal", *MUTATING),
    )


class Lora(Strategy):
    """Trains low-rank additions to the linear layers."""

    name = "lora"
    label = "A light layer on top (LoRA)"
    summary = (
        "Trains a small addition and leaves the model itself untouched. Needs little memory, forgets little, and the "
        "result is a file of a few megabytes: the right choice nearly always."
    )
    when = "Nearly always, and first: a tone, a form, a skill, from a few dozen examples on."
    cost = "A little more memory than the model itself, and a result of a hundredth of its size."
    paper = "Hu et al. 2021, arXiv:2106.09685"
    options: type[Options] = LoraOptions
    saves: Saved = "adapter"
    usual = True
    switches_per_row = True
    reference_rate = 2e-4  # Dettmers et al. 2023, arXiv:2305.14314, for 7B and 13B

    def prepare(self, model: "PreTrainedModel", options: LoraOptions, peft_type: str = "CAUSAL_LM") -> "PeftModel":
        """The model wrapped by PEFT, with only the LoRA matrices trainable, and a classifier's head.

        Raises:
            OptionRefused: none of the target modules is in this model, or the rank does not fit the start.
        """
        _refuse_rank(model, options)
        is_empty = next(model.parameters()).is_meta  # a start from the weights needs weights; the shapes are the same
        start: Any = True if is_empty or options.init_lora_weights == PLAIN_INIT else options.init_lora_weights
        tuned = wrapped(
            model,
            low_rank_config(model, options, peft_type, use_rslora=options.use_rslora, init_lora_weights=start),
            options.target_modules,
        )
        if start in MUTATING:
            tuned.started_from = {name: weight.detach().clone().cpu() for name, weight in _matrices(tuned)}
        return tuned

    def save(self, model: Any, folder: Path) -> None:
        """Writes the adapter. One that started from the base's own weights is turned into a change of them:

        B·A − B₀·A₀ = [B, −B₀]·[A; A₀], a LoRA of twice the rank beside the untouched base (Meng et al. 2024,
        arXiv:2404.02948, appendix C).
        """
        model.save_pretrained(folder)
        if getattr(model, "started_from", None):
            _write_change(model, folder)

    def rate_factor(self, weight: str, options: LoraOptions) -> float:
        """B learns faster by the ratio of LoRA+."""
        return options.loraplus_lr_ratio if "lora_B" in weight else 1.0


def low_rank_config(model: Any, options: LowRankOptions, peft_type: str, **more: Any) -> Any:
    """PEFT's description of what these options mean."""
    from peft import LoraConfig, TaskType

    return LoraConfig(
        task_type=TaskType(peft_type),
        modules_to_save=new_modules(model, peft_type),
        r=options.r,
        lora_alpha=options.lora_alpha,
        lora_dropout=options.lora_dropout,
        target_modules=as_peft(options.target_modules),
        fan_in_fan_out=keeps_inputs_first(model, options.target_modules),
        **more,
    )


def _refuse_rank(model: Any, options: LoraOptions) -> None:
    start = options.init_lora_weights
    if start == "orthogonal" and options.r % 2:
        raise OptionRefused(name="r", found=options.r, expected="an even number, for the start orthogonal")
    if start in MUTATING:
        layers = [module for _, module in linear_layers(model, options.target_modules)]
        most = min((min(module.weight.shape) for module in layers), default=options.r)
        if options.r > most:
            raise OptionRefused(name="r", found=options.r, expected=f"at most {most}, for the start {start}")


def _matrices(tuned: Any) -> list[tuple[str, Any]]:
    """The trained matrices, by the names PEFT saves them under."""
    return [(name.replace(".default.", "."), weight) for name, weight in tuned.named_parameters() if ".lora_" in name]


def _write_change(model: Any, folder: Path) -> None:
    """Writes the adapter's files anew, as a change of the untouched base."""
    import torch
    from safetensors.torch import load_file, save_file

    weights, config = folder / "adapter_model.safetensors", folder / "adapter_config.json"
    joined = {}
    for name, trained in load_file(weights).items():
        start = model.started_from[name].to(trained.dtype)
        parts, dim = ([trained, start], 0) if "lora_A" in name else ([trained, -start], 1)
        joined[name] = torch.cat(parts, dim=dim).contiguous()
    save_file(joined, weights, metadata={"format": "pt"})
    values = json.loads(config.read_text(encoding="utf-8"))
    growth = math.sqrt(2) if values["use_rslora"] else 2  # twice the rank, at the same alpha / r or alpha / √r
    changed = {"r": 2 * values["r"], "lora_alpha": growth * values["lora_alpha"], "init_lora_weights": True}
    config.write_text(json.dumps({**values, **changed}, indent=2), encoding="utf-8")
