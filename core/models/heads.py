"""Models with a head for labels on top, opened from a base model or from what a run made of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BaseNotSupported
from core.models.catalog import BaseModel
from core.models.load import open_weights

if TYPE_CHECKING:
    import torch

EXPECTED = "a model that can be given a head for labels"


def head_names(model: Any) -> tuple[str, ...]:
    """The modules of a classifier that its base model need not have: all on top of the backbone, and the pooler in it.

    They may begin with random numbers, so every strategy has to train and to save them.
    """
    backbone = model.base_model_prefix
    modules = dict(model.named_modules())
    names = [name for name, _ in model.named_children() if name != backbone] + [f"{backbone}.pooler"]
    return tuple(name for name in names if name in modules and any(True for _ in modules[name].parameters()))


def open_with_head(
    base: BaseModel, labels: Sequence[str], pad_token_id: int, dtype: "torch.dtype | str", **more: Any
) -> Any:
    """The base model with a new head for these labels, in their order; a head it brings for others is left out.

    Raises:
        BaseIncomplete, BaseNotSupported: as `open_weights`.
    """
    from transformers import AutoModelForSequenceClassification

    return open_weights(
        AutoModelForSequenceClassification,
        base.path,
        dtype,
        expected=EXPECTED,
        new=head_names,
        config=head_config(base, labels, pad_token_id),
        ignore_mismatched_sizes=True,
        **more,
    )


def open_classifier(folder: Path, dtype: "torch.dtype | str", config: Any = None) -> Any:
    """A trained classifier from a folder; with `config`, a base model that is to get its head from an adapter.

    Raises:
        BaseIncomplete, BaseNotSupported: as `open_weights`.
    """
    from transformers import AutoModelForSequenceClassification

    options: dict[str, Any] = {} if config is None else {"config": config, "ignore_mismatched_sizes": True}
    return open_weights(
        AutoModelForSequenceClassification,
        folder,
        dtype,
        expected=EXPECTED,
        new=head_names if config is not None else lambda model: (),
        **options,
    )


def head_config(base: BaseModel, labels: Sequence[str], pad_token_id: int) -> Any:
    """The base model's config with the labels' names in it; the pad token tells where a text ends."""
    from transformers import AutoConfig

    names = dict(enumerate(labels))
    config = AutoConfig.from_pretrained(
        base.path, trust_remote_code=False, id2label=names, label2id={label: id for id, label in names.items()}
    )
    config.problem_type = "single_label_classification"
    config.pad_token_id = pad_token_id
    config.get_text_config().pad_token_id = pad_token_id
    return config


def empty_with_head(base: BaseModel, num_labels: int) -> Any:
    """The shape of `open_with_head` on the `meta` device.

    Raises:
        BaseNotSupported: transformers has no such model.
    """
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification

    try:
        config = AutoConfig.from_pretrained(base.path, trust_remote_code=False, num_labels=num_labels)
        with torch.device("meta"):
            return AutoModelForSequenceClassification.from_config(config, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise BaseNotSupported(folder=base.path, found=base.architecture, expected=EXPECTED) from error
