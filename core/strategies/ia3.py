"""(IA)³: one number per output of a layer makes it louder or quieter."""

from typing import TYPE_CHECKING, Any

from core.knobs import Options
from core.strategies.base import Saved, Strategy
from core.strategies.heads import new_modules
from core.strategies.targets import ALL_LINEAR, TARGETS_KNOB, as_peft, keeps_inputs_first, linear_layers, wrapped

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


class Ia3Options(Options):
    """The option of (IA)³ (Liu et al. 2022, arXiv:2205.05638); the paper's layers are keys, values and feed-forward."""

    target_modules: tuple[str, ...] = TARGETS_KNOB


class Ia3(Strategy):
    """Trains a scaling vector beside each linear layer."""

    name = "ia3"
    label = "Louder and quieter (IA³)"
    summary = (
        "Learns only how loud each signal inside the model is. The smallest of all changes to its layers, "
        "and the hardest to learn by heart with."
    )
    when = "With a few dozen examples and a base that nearly does it already."
    cost = "The memory of the model itself, and a file of some kilobytes."
    paper = "Liu et al. 2022, arXiv:2205.05638"
    options: type[Options] = Ia3Options
    saves: Saved = "adapter"
    reference_rate = 3e-3  # the paper's recipe T-Few

    def prepare(self, model: "PreTrainedModel", options: Ia3Options, peft_type: str = "CAUSAL_LM") -> "PeftModel":
        """The model wrapped by PEFT, with only the scaling vectors trainable.

        Raises:
            OptionRefused: none of the target modules is in this model.
        """
        from peft import IA3Config, TaskType

        targets = as_peft(options.target_modules)
        if targets == ALL_LINEAR:  # by name: PEFT's own list of all has paths, in which it misses the inner ones later
            targets = sorted({name.split(".")[-1] for name, _ in linear_layers(model)})
        inner = sorted(set(inner_names(model)) & set(targets))
        config = IA3Config(
            task_type=TaskType(peft_type),
            modules_to_save=new_modules(model, peft_type),
            target_modules=targets,
            feedforward_modules=inner,
            fan_in_fan_out=keeps_inputs_first(model, options.target_modules),
        )
        return wrapped(model, config, options.target_modules)


def inner_names(model: Any) -> list[str]:
    """Names of the layers that read the inside of the feed-forward part: they are scaled where they read.

    Those that give the model's width from the largest width there is, wider than itself: `down_proj`, `fc2`, `c_proj`.
    """
    width = model.config.get_text_config().hidden_size
    shapes = [(name.split(".")[-1], *_shape(module)) for name, module in linear_layers(model)]
    widest = max((read for _, read, given in shapes if given == width), default=0)
    return sorted({name for name, read, given in shapes if given == width and read == widest > width})


def _shape(module: Any) -> tuple[int, int]:
    """Features in, features out; GPT-2's layers keep their weights the other way round."""
    rows, columns = module.weight.shape
    return (rows, columns) if hasattr(module, "nf") else (columns, rows)
