"""RoAd: a layer behind each linear layer turns and scales what comes out, two numbers at a time."""

import math
from typing import TYPE_CHECKING

from core.errors import OptionRefused
from core.knobs import Options, knob
from core.strategies.base import Saved, Strategy
from core.strategies.heads import new_modules
from core.strategies.targets import TARGETS_KNOB, as_peft, linear_layers, wrapped

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

LARGEST_GROUP = 64  # PEFT's own, and what inference engines are quick with; how numbers are paired changes no result


class RoadOptions(Options):
    """The options of RoAd (Liao & Monz 2024, arXiv:2409.00119)."""

    variant: str = knob(
        "road_1",
        label="How freely it turns",
        help="road_1 gives each pair one angle and one length; road_2 and road_4 give it two and four of each.",
        choices=("road_1", "road_2", "road_4"),
    )
    target_modules: tuple[str, ...] = TARGETS_KNOB


class Road(Strategy):
    """Trains a layer of rotations behind each linear layer."""

    name = "road"
    label = "Small turns behind each layer (RoAd)"
    summary = (
        "Puts a thin adapter layer behind every linear layer, which turns and scales what comes out of it. "
        "A thirtieth of LoRA's weights, and it vanishes into the model when merged."
    )
    when = "When the result has to be tiny, or many of them are to be served beside one base."
    cost = "The memory of LoRA, somewhat more time, and a file of about a thirtieth of its size."
    paper = "Liao & Monz 2024, arXiv:2409.00119"
    options: type[Options] = RoadOptions
    saves: Saved = "adapter"
    switches_per_row = True
    reference_rate = 2e-3  # PEFT's guide: around 1e-3; twice that, for the few steps that small sets carry

    def prepare(self, model: "PreTrainedModel", options: RoadOptions, peft_type: str = "CAUSAL_LM") -> "PeftModel":
        """The model wrapped by PEFT, with only angles and lengths trainable.

        Raises:
            OptionRefused: the target modules are not in this model, or give an odd number of features.
        """
        from peft import RoadConfig, TaskType

        given = [module.weight.shape[0] for _, module in linear_layers(model, options.target_modules)]
        group = math.gcd(LARGEST_GROUP, *given)
        if group % 2:
            targets = ", ".join(options.target_modules)
            raise OptionRefused(name="target_modules", found=targets, expected="layers with an even number of outputs")
        config = RoadConfig(
            task_type=TaskType(peft_type),
            modules_to_save=new_modules(model, peft_type),
            variant=options.variant,
            group_size=group,
            target_modules=as_peft(options.target_modules),
        )
        return wrapped(model, config, options.target_modules)
