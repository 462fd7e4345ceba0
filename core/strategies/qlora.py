"""QLoRA: LoRA beside a base whose weights take four bits each while training."""

from typing import TYPE_CHECKING, Any

from core.errors import NeedsBitsandbytes, NeedsGpu, TailorError
from core.knobs import Options, knob
from core.strategies.base import Saved, Strategy
from core.strategies.lora import LowRankOptions, low_rank_config
from core.strategies.targets import wrapped

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

    from core.hardware import Device


class QloraOptions(LowRankOptions):
    """The options of LoRA, and how the base is packed (Dettmers et al. 2023, arXiv:2305.14314)."""

    bnb_4bit_quant_type: str = knob(
        "nf4",
        label="How the base is rounded",
        help="nf4 fits weights best; fp4 is plain four-bit numbers.",
        choices=("nf4", "fp4"),
    )
    bnb_4bit_use_double_quant: bool = knob(
        True,
        label="Packed twice",
        help="Packs the scales of the packing as well: saves another 0.4 bits per weight at no loss.",
    )


class Qlora(Strategy):
    """Trains low-rank additions to a base in four bits."""

    name = "qlora"
    label = "LoRA on a packed model (QLoRA)"
    summary = (
        "LoRA on a base that is packed to four bits per weight while it learns. "
        "The result is the same kind of small file, and it works beside the base unpacked."
    )
    when = "When the base is too large for the memory of your graphics card."
    cost = "About a quarter of the memory of LoRA, and up to half as much time again. Needs an NVIDIA graphics card."
    paper = "Dettmers et al. 2023, arXiv:2305.14314"
    options: type[Options] = QloraOptions
    saves: Saved = "adapter"
    switches_per_row = True
    reference_rate = 2e-4  # the paper's, for 7B and 13B
    base_bits = 4

    def prepare(self, model: "PreTrainedModel", options: QloraOptions, peft_type: str = "CAUSAL_LM") -> "PeftModel":
        """The model wrapped by PEFT, with only the LoRA matrices trainable; its norms in float32 where it is packed.

        Raises:
            OptionRefused: none of the target modules is in this model.
        """
        from peft import prepare_model_for_kbit_training

        if getattr(model, "is_loaded_in_4bit", False):
            model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
        return wrapped(model, low_rank_config(model, options, peft_type), options.target_modules)

    def unavailable(self, device: "Device") -> TailorError | None:
        """Four bits are computed with on NVIDIA cards, by bitsandbytes."""
        from importlib.util import find_spec

        if device.kind != "cuda":
            return NeedsGpu(strategy=self.name)
        return None if find_spec("bitsandbytes") else NeedsBitsandbytes(strategy=self.name)

    def quantization(self, options: QloraOptions) -> Any:
        """Four bits to keep, bf16 to compute with."""
        import torch
        from transformers import BitsAndBytesConfig

        return BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type=options.bnb_4bit_quant_type,
            bnb_4bit_use_double_quant=options.bnb_4bit_use_double_quant,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
