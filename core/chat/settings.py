"""How answers are made; the page's chat form and the command line are made from this class."""

from core.knobs import Options, knob

LAST_SEED = 2**31 - 1


class ChatSettings(Options):
    """Sampling, after the names of transformers' GenerationConfig."""

    temperature: float = knob(
        0.0,
        label="How freely it chooses words",
        help="0 always takes the likeliest word, so the same question gets the same answer.",
        ge=0.0,
        le=2.0,
        step=0.1,
    )
    max_new_tokens: int = knob(
        200,
        label="Longest answer",
        help="The answer ends here even when it is not finished.",
        unit="tokens",
        ge=1,
        le=4096,
        step=16,
    )
    top_p: float = knob(
        0.9,
        label="How far down the list of words",
        help="With a temperature above 0: only the likeliest words that together reach this share are drawn from.",
        ge=0.05,
        le=1.0,
        step=0.05,
    )
    seed: int = knob(
        0, label="Random seed", help="The same seed draws the same words again.", ge=0, le=LAST_SEED, step=1
    )

    def for_try(self, tries: int) -> "ChatSettings":
        """These settings with a seed of its own for a question that was asked again `tries` times."""
        return self.model_copy(update={"seed": (self.seed + tries) % (LAST_SEED + 1)})
