"""What every way to train has in common."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from core.errors import TailorError
from core.knobs import Options

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from core.hardware import Device

Saved = Literal["adapter", "model"]
MOST_RATE = 0.3
REFERENCE_WIDTH = 4096  # the hidden size of the models on which the customary rates were found
LARGEST_RATE = 0.3  # the highest that any of the papers takes (Lester et al. 2021); for models of toy width


class Strategy(Protocol):
    """One way to train: what it is called, its options, and what it does to a model.

    summary, when, cost: what it is, when to take it, what it costs; a sentence or two each
    usual: it is offered first, the others behind one more choice
    saves: what a run leaves behind
    merges: what was learned can be added into the weights of the base, and needs no PEFT then
    switches_per_row: PEFT can answer with and without it in one batch (`adapter_names`)
    reference_rate: the customary learning rate, on models `REFERENCE_WIDTH` wide
    rate_follows_width: whether narrower models want a higher one, see `scaled_rate`
    classifies: it can train a model that tells labels, with a head of its own
    continues: a later run can go on from what it learned
    base_bits: bits that a weight of the base's linear layers takes while training; None: as the run computes
    """

    name: str
    label: str
    summary: str
    when: str
    cost: str
    paper: str
    options: type[Options]
    saves: Saved
    reference_rate: float
    usual: bool = False
    merges: bool = True
    switches_per_row: bool = False
    rate_follows_width: bool = True
    base_bits: int | None = None
    classifies: bool = True
    continues: bool = True

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

    def save(self, model: Any, folder: Path) -> None:
        """Writes what was learned, so that it loads beside the untouched base, or as a model of its own."""
        model.save_pretrained(folder)

    def unavailable(self, device: "Device") -> TailorError | None:
        """Why this device cannot train this way; None where it can."""
        return None

    def quantization(self, options: Any) -> Any:
        """How transformers is to open the base: a quantization config, or None for plain weights."""
        return None

    def rate_factor(self, weight: str, options: Any) -> float:
        """By how much the learning rate of a weight, called by its name, is multiplied."""
        return 1.0

    def virtual_tokens(self, options: Any) -> int:
        """How many learned tokens stand before each conversation and take room in what the model reads."""
        return 0


def scaled_rate(reference_rate: float, hidden_size: int) -> float:
    """The learning rate for a model of this width, two significant digits.

    The customary rates were found on models of width 4096. The update of a hidden weight may grow as 1/width
    (µP, Yang et al. 2022, arXiv:2203.03466, table 3); wider models than the reference keep its rate,
    and of models a few units wide none passes `MOST_RATE`.
    """
    factor = max(1.0, REFERENCE_WIDTH / hidden_size)
    return float(f"{min(MOST_RATE, reference_rate * factor):.1e}")


def usual_rate(strategy: Strategy, hidden_size: int) -> float:
    """A strategy's learning rate for a model of this width.

    Embeddings before the conversation have one rate at every width (the same table 3, "input weights"); what was
    measured of the others stands in docs/decisions/0015.
    """
    width = hidden_size if strategy.rate_follows_width else REFERENCE_WIDTH
    return min(LARGEST_RATE, scaled_rate(strategy.reference_rate, width))
