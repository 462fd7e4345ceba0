"""Freezing: the last layers are trained as they are, everything before them stays."""

from typing import TYPE_CHECKING, Any

from core.errors import OptionRefused
from core.knobs import Options, knob
from core.strategies.base import Saved, Strategy

if TYPE_CHECKING:
    from torch.nn import ModuleList
    from transformers import PreTrainedModel


class FreezeOptions(Options):
    """How much of the end of the model is trained."""

    num_layers: int = knob(
        2,
        label="How many of the last layers change",
        help="More layers learn more and need more memory; 0 trains the head alone.",
        unit="layers",
        ge=0,
        le=1000,
        step=1,
    )
    train_head: bool = knob(
        True,
        label="The head changes too",
        help=(
            "Trains the last norm and the projection to the vocabulary. Where that is one table with the embeddings, "
            "as in most small models, the table stays as it is and only the norm is trained."
        ),
    )


class Freeze(Strategy):
    """Trains the last layers and the head."""

    name = "freeze"
    label = "Only the last layers"
    summary = (
        "Trains the last layers of the model as they are and leaves all before them alone. The result is a whole model."
    )
    when = "When the model says the right things in the wrong words, and no adapter is wanted in the result."
    cost = "Sixteen bytes of memory per weight of those layers, little time, and a result as large as the model."
    paper = "Lee, Tang & Lin 2019, arXiv:1911.03090"
    options: type[Options] = FreezeOptions
    saves: Saved = "model"
    # Devlin et al. 2018, arXiv:1810.04805, tune between 2e-5 and 5e-5; few layers bear the upper end.
    reference_rate = 5e-5

    def prepare(
        self, model: "PreTrainedModel", options: FreezeOptions, peft_type: str = "CAUSAL_LM"
    ) -> "PreTrainedModel":
        """The model with its last layers, and what comes after them, trainable.

        Raises:
            OptionRefused: it has fewer layers, or nothing would be trained.
        """
        layers = decoder_layers(model)
        if options.num_layers > len(layers) or (options.num_layers == 0 and not options.train_head):
            least = 0 if options.train_head else 1
            expected = f"a whole number from {least} to {len(layers)}"
            raise OptionRefused(name="num_layers", found=options.num_layers, expected=expected)
        model.requires_grad_(False)
        for layer in list(layers)[len(layers) - options.num_layers :]:
            layer.requires_grad_(True)
        if options.train_head:
            _train_head(model, layers)
        return model


def decoder_layers(model: Any) -> "ModuleList":
    """The list of decoder layers: the longest list of modules in the decoder."""
    from torch.nn import ModuleList

    lists = [module for module in model.get_decoder().modules() if isinstance(module, ModuleList)]
    return max(lists, key=len)


def _train_head(model: Any, layers: "ModuleList") -> None:
    """What comes after the layers: the norms beside them in the decoder, and a head with a table of its own."""
    embeddings, head = model.get_input_embeddings(), model.get_output_embeddings()
    after = False
    for module in model.get_decoder().children():
        if after:
            module.requires_grad_(True)
        after = after or module is layers
    if head is not None and head.weight is not embeddings.weight:
        head.requires_grad_(True)
