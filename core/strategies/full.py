"""Full tuning: every weight of the model is trained."""

from typing import TYPE_CHECKING

from core.knobs import Options
from core.strategies.base import Saved, Strategy

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class FullOptions(Options):
    """Full tuning has no options of its own."""


class Full(Strategy):
    """Trains every weight."""

    name = "full"
    label = "The whole model"
    summary = (
        "Changes every weight. Can learn the most, needs four times the memory and more, forgets more easily, and the "
        "result is as large as the model: for small models and many examples."
    )
    when = "With a small model, thousands of examples, and a task far from what the model does now."
    cost = "Sixteen bytes of memory per weight, and a result as large as the model."
    paper = "Howard & Ruder 2018, arXiv:1801.06146"
    options: type[Options] = FullOptions
    saves: Saved = "model"
    usual = True
    reference_rate = 2e-5  # as Llama 2 was tuned, Touvron et al. 2023, arXiv:2307.09288, section 3.1

    def prepare(
        self, model: "PreTrainedModel", options: FullOptions, peft_type: str = "CAUSAL_LM"
    ) -> "PreTrainedModel":
        """The model with all weights trainable."""
        model.requires_grad_(True)
        return model
