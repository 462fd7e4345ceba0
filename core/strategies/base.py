"""What every way to train has in common."""

from typing import TYPE_CHECKING, Any, Literal, Protocol

from core.knobs import Options

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Saved = Literal["adapter", "model"]
REFERENCE_WIDTH = 4096  # the hidden size of the models on which the customary rates were found


class Strategy(Protocol):
    """One way to train: what it is called, its options, and what it does to a model."""

    name: str
    label: str
    summary: str
    paper: str
    options: type[Options]
    saves: Saved
    reference_rate: float

    def prepare(self, model: "PreTrainedModel", options: Any, peft_type: str = "CAUSAL_LM") -> Any:
        """The model with exactly those weights trainable that this strategy trains.

        Args:
            peft_type: PEFT's name of the task. Of a classifier (SEQ_CLS), its head (`core.models.heads.head_names`) is
                new, so it is trained in full and saved, whatever the strategy.

        Works on a model on the `meta` device too, so that weights can be counted without loading them.

        Raises:
            OptionRefused: an option does not fit this model.
        """
        ...


def scaled_rate(reference_rate: float, hidden_size: int) -> float:
    """The learning rate for a model of this width, two significant digits.

    The customary rates were found on models of width 4096. The update of a hidden weight may grow as 1/width
    (µP, Yang et al. 2022, arXiv:2203.03466, table 3); wider models than the reference keep its rate.
    """
    factor = max(1.0, REFERENCE_WIDTH / hidden_size)
    return float(f"{reference_rate * factor:.1e}")
