"""LoRA: two thin matrices beside every linear layer are trained, the model itself stays as it is."""

from typing import TYPE_CHECKING, Any

from core.errors import OptionRefused
from core.knobs import Options, knob
from core.strategies.base import Saved
from core.strategies.heads import new_modules

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

ALL_LINEAR = "all-linear"


class LoraOptions(Options):
    """The options of LoRA (Hu et al. 2021, arXiv:2106.09685)."""

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
    target_modules: tuple[str, ...] = knob(
        (ALL_LINEAR,),
        label="Which layers change",
        help="all-linear trains beside every linear layer, which works best; or names such as q_proj, v_proj.",
    )


class Lora:
    """Trains low-rank additions to the linear layers."""

    name = "lora"
    label = "A light layer on top (LoRA)"
    summary = (
        "Trains a small addition and leaves the model itself untouched. Needs little memory, forgets little, and the "
        "result is a file of a few megabytes: the right choice nearly always."
    )
    paper = "Hu et al. 2021, arXiv:2106.09685"
    options: type[Options] = LoraOptions
    saves: Saved = "adapter"
    reference_rate = 2e-4

    def prepare(self, model: "PreTrainedModel", options: LoraOptions, peft_type: str = "CAUSAL_LM") -> "PeftModel":
        """The model wrapped by PEFT, with only the LoRA matrices trainable, and a classifier's head.

        Raises:
            OptionRefused: none of the target modules is in this model.
        """
        from peft import LoraConfig, TaskType, get_peft_model

        targets: Any = options.target_modules
        config = LoraConfig(
            task_type=TaskType(peft_type),
            r=options.r,
            lora_alpha=options.lora_alpha,
            lora_dropout=options.lora_dropout,
            target_modules=ALL_LINEAR if targets == (ALL_LINEAR,) else list(targets),
            modules_to_save=new_modules(model, peft_type),
        )
        try:
            return get_peft_model(model, config)
        except ValueError as error:
            raise OptionRefused(
                name="target_modules",
                found=", ".join(targets),
                expected=f"one or more of {_linear_names(model)}",
            ) from error


def _linear_names(model: "PreTrainedModel") -> str:
    from torch.nn import Linear

    return ", ".join(
        sorted({name.split(".")[-1] for name, module in model.named_modules() if isinstance(module, Linear)})
    )
