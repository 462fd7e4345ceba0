"""Prefix tuning: every layer gets learned keys and values to look back at."""

from typing import TYPE_CHECKING

from core.knobs import Options, knob
from core.strategies.virtual import Virtual, VirtualOptions

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


class PrefixTuningOptions(VirtualOptions):
    """The options of prefix tuning (Li & Liang 2021, arXiv:2101.00190)."""

    prefix_projection: bool = knob(
        False,
        label="A network writes the prefix",
        help="Steadier, as in the paper, but needs far more memory while learning; not part of the result.",
    )


class PrefixTuning(Virtual):
    """Trains keys and values that stand before those of the conversation, in every layer."""

    name = "prefix_tuning"
    label = "A learned memory (prefix tuning)"
    summary = (
        "Gives every layer of the model a few learned things to remember from before the conversation. "
        "Stronger than a learned preface, and the model itself stays as it is."
    )
    when = "When no weight may change and a preface learns too little."
    cost = "Little more memory than the model itself and a file of about a megabyte."
    paper = "Li & Liang 2021, arXiv:2101.00190"
    options: type[Options] = PrefixTuningOptions
    reference_rate = 1e-2  # PEFT's guide

    def prepare(
        self, model: "PreTrainedModel", options: PrefixTuningOptions, peft_type: str = "CAUSAL_LM"
    ) -> "PeftModel":
        """The model wrapped by PEFT, with only the prefix trainable."""
        from peft import PrefixTuningConfig, TaskType, get_peft_model

        config = PrefixTuningConfig(
            task_type=TaskType(peft_type),
            num_virtual_tokens=options.num_virtual_tokens,
            prefix_projection=options.prefix_projection,
            encoder_hidden_size=model.config.get_text_config().hidden_size,
        )
        return get_peft_model(model, config)
