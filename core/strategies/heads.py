"""What every adapter trains in full and saves beside itself, whatever the method."""

from typing import TYPE_CHECKING, Any

from core.models.heads import head_names

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SEQ_CLS = "SEQ_CLS"


def new_modules(model: "PreTrainedModel", peft_type: str) -> list[str] | None:
    """PEFT's `modules_to_save`: the head of a classifier, which its base model does not have."""
    return [*head_names(model)] if peft_type == SEQ_CLS else None


def in_float32(model: Any) -> Any:
    """The model with all that is trained in float32: PEFT copies a head in the base's number format, in which small
    steps are rounded away.
    """
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()
    return model
