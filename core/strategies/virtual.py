"""What the three methods that learn virtual tokens have in common."""

from typing import Any

from core.knobs import Options, knob
from core.strategies.base import Saved, Strategy


class VirtualOptions(Options):
    """How much is put before each conversation."""

    num_virtual_tokens: int = knob(
        20,
        label="How many learned tokens stand in front",
        help="They take room in what the model reads. 20 to 100 are usual; more learn more, and more slowly.",
        unit="tokens",
        ge=1,
        le=1000,
        step=5,
    )


class Virtual(Strategy):
    """Puts learned tokens before each conversation; no weight of the model changes, so that none can be merged."""

    options: type[Options] = VirtualOptions
    saves: Saved = "adapter"
    merges = False
    continues = False  # PEFT keeps what the tokens came to, not what they are made from
    classifies = False  # what reads the labels would have to be kept beside them; a matrix teaches them better

    def virtual_tokens(self, options: Any) -> int:
        """As many as the options say."""
        return int(options.num_virtual_tokens)
