"""P-tuning: a small network writes the embeddings that stand before each conversation."""

from typing import TYPE_CHECKING

from core.knobs import Options, knob
from core.strategies.virtual import Virtual, VirtualOptions

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


class PTuningOptions(VirtualOptions):
    """The options of P-tuning (Liu et al. 2021, arXiv:2103.10385)."""

    encoder_reparameterization_type: str = knob(
        "MLP",
        label="Which network writes the preface",
        help="MLP is quicker and steadier; LSTM, as in the paper, ties neighbouring tokens to each other.",
        choices=("MLP", "LSTM"),
    )
    encoder_hidden_size: int = knob(
        128,
        label="How wide that network is",
        help="It is needed while learning only and not part of the result.",
        unit="units",
        ge=8,
        le=8192,
        step=32,
    )


class PTuning(Virtual):
    """Trains a network that writes embeddings before the conversation."""

    name = "p_tuning"
    label = "A written preface (P-tuning)"
    summary = (
        "Like prompt tuning, but a small network writes the preface, so that its tokens learn together. "
        "The network is thrown away at the end; the preface stays."
    )
    when = "When prompt tuning learns too slowly."
    cost = "Little more memory than the model itself and a file of some kilobytes."
    paper = "Liu et al. 2021, arXiv:2103.10385"
    options: type[Options] = PTuningOptions
    reference_rate = 1e-3  # PEFT's guide
    rate_follows_width = False

    def prepare(self, model: "PreTrainedModel", options: PTuningOptions, peft_type: str = "CAUSAL_LM") -> "PeftModel":
        """The model wrapped by PEFT, with only the network trainable."""
        from peft import PromptEncoderConfig, TaskType, get_peft_model

        config = PromptEncoderConfig(
            task_type=TaskType(peft_type),
            num_virtual_tokens=options.num_virtual_tokens,
            encoder_reparameterization_type=options.encoder_reparameterization_type,
            encoder_hidden_size=options.encoder_hidden_size,
        )
        return get_peft_model(model, config)
