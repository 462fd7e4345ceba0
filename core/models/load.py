"""Opens models and tokenizers: safetensors only, never anybody's code."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BaseIncomplete, BaseNotSupported, NoTurnMarks
from core.models.catalog import BaseModel, weight_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

DTYPES = {"F16": "float16", "BF16": "bfloat16"}  # safetensors' names of what is narrower than float32, and torch's
PROBE = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]


def load_tokenizer(base: BaseModel, *, needs_template: bool = True) -> "PreTrainedTokenizerBase":
    """The base model's tokenizer, with a pad token, and a chat template that marks the answers.

    Args:
        needs_template: whether turns are written with it; labels and plain texts need none.

    Raises:
        BaseIncomplete: no tokenizer in the folder, or one that does not open.
        NoTurnMarks: no chat template.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(base.path, trust_remote_code=False)
    except Exception as error:  # the tokenizers library raises bare Exceptions on files it cannot read
        raise BaseIncomplete(folder=base.path, found="no usable tokenizer", expected="tokenizer.json") from error
    if isinstance(tokenizer.chat_template, dict):  # several, by name
        tokenizer.chat_template = tokenizer.chat_template.get("default")
    if needs_template and not tokenizer.chat_template:
        raise NoTurnMarks(folder=base.path, found="is missing")
    if tokenizer.pad_token is None:  # pads are masked everywhere, so any token does
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token or tokenizer.convert_ids_to_tokens(0)
    return tokenizer


def load_model(
    base: BaseModel, dtype: "torch.dtype | str", device: str = "cpu", quantization: Any = None
) -> "PreTrainedModel":
    """The base model with its weights, in eval mode; packed as it is read, where a quantization config says how.

    Raises:
        BaseIncomplete: files are missing or damaged.
        BaseNotSupported: transformers has no causal model of this kind.
    """
    if quantization is not None:  # packed weights are made on their device and stay there
        return open_causal(base.path, dtype, quantization_config=quantization, device_map={"": device})
    return open_causal(base.path, dtype).to(device)


def open_causal(folder: Path, dtype: "torch.dtype | str", **more: Any) -> Any:
    """A causal model from a folder in the Hugging Face layout; `more` goes to transformers.

    Raises:
        BaseIncomplete, BaseNotSupported: as `load_model`.
    """
    from transformers import AutoModelForCausalLM

    return open_weights(AutoModelForCausalLM, folder, dtype, expected="a causal language model", **more)


def open_weights(
    auto: Any,
    folder: Path,
    dtype: "torch.dtype | str",
    *,
    expected: str,
    new: "Callable[[Any], Sequence[str]]" = lambda model: (),
    **options: Any,
) -> Any:
    """A model from a folder in the Hugging Face layout, in eval mode.

    Args:
        auto: the class of transformers that opens it.
        expected: what it is to be, in words.
        new: names of the modules that begin with random numbers where the folder has none for them.

    Raises:
        BaseIncomplete, BaseNotSupported: as `load_model`.
    """
    from safetensors import SafetensorError

    try:
        model, loading = auto.from_pretrained(
            folder, dtype=dtype, use_safetensors=True, trust_remote_code=False, output_loading_info=True, **options
        )
    except (OSError, SafetensorError) as error:
        raise BaseIncomplete(
            folder=folder, found="weights that do not open", expected="whole *.safetensors files"
        ) from error
    except (ValueError, KeyError, RuntimeError) as error:
        raise BaseNotSupported(folder=folder, found=str(error).splitlines()[0], expected=expected) from error
    begun = tuple(f"{name}." for name in new(model))
    missing = [name for name in loading["missing_keys"] if not name.startswith(begun)]
    if missing:  # they would be filled with random numbers
        raise BaseIncomplete(
            folder=folder, found=f"weights without {min(missing)}", expected="whole *.safetensors files"
        )
    return model.eval()


def stored_dtype(base: BaseModel) -> "torch.dtype":
    """The number format in which the base model keeps its weights: that of most of them, float32 without any."""
    from collections import Counter

    import torch
    from safetensors import safe_open

    counts = Counter({"float32": 0})
    for path in weight_files(base.path):
        with safe_open(path, framework="pt") as weights:
            for name in weights.keys():  # noqa: SIM118 - it is no dict
                weight = weights.get_slice(name)
                counts[DTYPES.get(weight.get_dtype(), "float32")] += math.prod(weight.get_shape())
    dtype: torch.dtype = getattr(torch, counts.most_common(1)[0][0])
    return dtype


def empty_model(base: BaseModel) -> "PreTrainedModel":
    """The base model's shape on the `meta` device: every parameter there, none of them in memory."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    try:
        config = AutoConfig.from_pretrained(base.path, trust_remote_code=False)
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(config, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise BaseNotSupported(folder=base.path, found=base.architecture, expected="a causal language model") from error
    model.tie_weights()
    return model


def load_adapter(base_model: Any, folder: Path) -> Any:
    """A PEFT model: the base model with a trained adapter beside it, switched on per row when asked."""
    from peft import PeftModel

    return PeftModel.from_pretrained(base_model, folder).eval()
