"""What every adapter trains in full and saves beside itself, whatever the method."""

from typing import TYPE_CHECKING

from core.models.heads import head_names

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SEQ_CLS = "SEQ_CLS"


def new_modules(model: "PreTrainedModel", peft_type: str) -> list[str] | None:
    """PEFT's `modules_to_save`: the head of a classifier, which its base model does not have."""
    return [*head_names(model)] if peft_type == SEQ_CLS else None
