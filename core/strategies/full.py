"""Full tuning: every weight of the model is trained."""

from typing import TYPE_CHECKING

from core.knobs import Options
from core.strategies.base import Saved

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class FullOptions(Options):
    """Full tuning has no options of its own."""


class Full:
    """Trains every weight."""

    name = "full"
    label = "The whole model"
    summary = (
        "Changes every weight. Can learn the most, needs four times the memory and more, forgets more easily, and the "
        "result is as large as the model: for small models and many examples."
    )
    paper = "Howard & Ruder 2018, arXiv:1801.06146"
    options: type[Options] = FullOptions
    saves: Saved = "model"
    reference_rate = 2e-5

    def prepare(
        self, model: "PreTrainedModel", options: FullOptions, peft_type: str = "CAUSAL_LM"
    ) -> "PreTrainedModel":
        """The model with all weights trainable."""
        model.requires_grad_(True)
        return model
