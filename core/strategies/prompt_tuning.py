"""Prompt tuning: a few embeddings before each conversation are learned."""

from typing import TYPE_CHECKING

from core.knobs import Options, knob
from core.strategies.virtual import Virtual, VirtualOptions

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


class PromptTuningOptions(VirtualOptions):
    """The options of prompt tuning (Lester et al. 2021, arXiv:2104.08691)."""

    prompt_tuning_init: str = knob(
        "SAMPLE_VOCAB",
        label="What the tokens start as",
        help="SAMPLE_VOCAB starts from embeddings of words of the model, which learns better; RANDOM from noise.",
        choices=("SAMPLE_VOCAB", "RANDOM"),
    )


class PromptTuning(Virtual):
    """Trains embeddings that stand before the conversation."""

    name = "prompt_tuning"
    label = "A learned preface (prompt tuning)"
    summary = (
        "Learns a preface that the model reads before every question, made of tokens that are no words. "
        "The model itself stays exactly as it is."
    )
    when = "With a large base, ten thousand million weights and more; small ones learn little this way."
    cost = "The least memory of all and a file of some kilobytes, but many steps and a little of what the model reads."
    paper = "Lester et al. 2021, arXiv:2104.08691"
    options: type[Options] = PromptTuningOptions
    reference_rate = 3e-2  # PEFT's guide
    rate_follows_width = False

    def prepare(
        self, model: "PreTrainedModel", options: PromptTuningOptions, peft_type: str = "CAUSAL_LM"
    ) -> "PeftModel":
        """The model wrapped by PEFT, with only the preface trainable."""
        from peft import PromptTuningConfig, TaskType, get_peft_model

        config = PromptTuningConfig(
            task_type=TaskType(peft_type),
            num_virtual_tokens=options.num_virtual_tokens,
            prompt_tuning_init=options.prompt_tuning_init,
        )
        return get_peft_model(model, config)
