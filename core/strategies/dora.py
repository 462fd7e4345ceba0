"""DoRA: LoRA for the direction of each weight, and a length of its own for each row."""

from typing import TYPE_CHECKING

from core.knobs import Options
from core.strategies.base import Saved, Strategy
from core.strategies.lora import LowRankOptions, low_rank_config
from core.strategies.targets import wrapped

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


class DoraOptions(LowRankOptions):
    """The options of DoRA (Liu et al. 2024, arXiv:2402.09353): those of LoRA."""


class Dora(Strategy):
    """Trains low-rank directions and the lengths of the weights."""

    name = "dora"
    label = "A light layer, more exact (DoRA)"
    summary = (
        "Like LoRA, but direction and strength of each change are learned apart. Learns a little more at small ranks."
    )
    when = "When LoRA stops short of what you want and there is time to spare."
    cost = "The memory of LoRA and a little more, up to twice its time, and a file as small."
    paper = "Liu et al. 2024, arXiv:2402.09353"
    options: type[Options] = DoraOptions
    saves: Saved = "adapter"
    usual = True
    reference_rate = 2e-4  # that of LoRA: its matrices move the same way

    def prepare(self, model: "PreTrainedModel", options: DoraOptions, peft_type: str = "CAUSAL_LM") -> "PeftModel":
        """The model wrapped by PEFT, with matrices and lengths trainable.

        Raises:
            OptionRefused: none of the target modules is in this model.
        """
        return wrapped(model, low_rank_config(model, options, peft_type, use_dora=True), options.target_modules)
