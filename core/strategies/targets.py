"""Which layers of a model an adapter stands beside."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.errors import OptionRefused
from core.knobs import knob

if TYPE_CHECKING:
    from peft import PeftConfig, PeftModel
    from transformers import PreTrainedModel

ALL_LINEAR = "all-linear"
TARGETS_KNOB: Any = knob(
    (ALL_LINEAR,),
    label="Which layers change",
    help="all-linear trains beside every linear layer, which works best; or names such as q_proj, v_proj.",
)


def as_peft(targets: tuple[str, ...]) -> Any:
    """The target modules as PEFT takes them: its word for all, or a list of names."""
    return ALL_LINEAR if targets == (ALL_LINEAR,) else list(targets)


def wrapped(model: "PreTrainedModel", config: "PeftConfig", targets: tuple[str, ...]) -> "PeftModel":
    """The model wrapped by PEFT, with only what the config adds trainable.

    Raises:
        OptionRefused: the target modules are not in this model, or are of a kind that the method cannot change.
    """
    from peft import get_peft_model

    try:
        return get_peft_model(model, config)
    except (ValueError, TypeError) as error:
        names = ", ".join(sorted({name.split(".")[-1] for name, _ in linear_layers(model)}))
        raise OptionRefused(
            name="target_modules", found=", ".join(targets), expected=f"one or more of {names}"
        ) from error


def keeps_inputs_first(model: Any, targets: tuple[str, ...]) -> bool:
    """Whether these layers hold their weights as (in, out), as GPT-2's do; PEFT wants to be told (`fan_in_fan_out`)."""
    return any(hasattr(module, "nf") for _, module in linear_layers(model, targets))


def linear_layers(model: Any, targets: tuple[str, ...] = (ALL_LINEAR,)) -> Iterator[tuple[str, Any]]:
    """Name and module of the linear layers meant; of all, the one that projects to the vocabulary is left out."""
    from torch.nn import Linear
    from transformers.pytorch_utils import Conv1D

    everything = targets == (ALL_LINEAR,)
    head = model.get_output_embeddings() if everything else None
    for name, module in model.named_modules():
        meant = everything or name.split(".")[-1] in targets
        if isinstance(module, Linear | Conv1D) and module is not head and meant:
            yield name, module
