"""Mistakes in the choice of a base model and of options."""

from core.errors.base import TailorError


class BaseModelError(TailorError):
    """The model to start from."""


class BaseMissing(BaseModelError):
    """No such model, here or in the cache."""

    template = "There is no base model {name!r} on this machine. These work now: {choices}."


class BaseWithoutWeights(BaseModelError):
    """A folder with a config, but nothing to train."""

    template = "{folder}: found config.json but no *.safetensors to train. Put them there, or choose another base."


class BaseIncomplete(BaseModelError):
    """A folder in which a needed file is missing or broken."""

    template = "{folder}: {found}, but {expected} was expected. Download the model's folder again, whole."


class BaseUnsafe(BaseModelError):
    """Weights or code that could run programs."""

    template = (
        "{folder}: found {found}, which can run programs of its author when it is opened. "
        "Only safetensors weights and models without code of their own are opened here; choose another."
    )


class BaseNotSupported(BaseModelError):
    """An architecture this step has no use for."""

    template = "{folder}: its architecture is {found}, but {expected} was expected. Choose another base model."


class BaseOnlyReads(BaseModelError):
    """An encoder, and a task in which something is to be written."""

    template = (
        "{name!r} ({found}) reads texts but cannot write any, so it can only learn labels. "
        "Choose a base model that writes, or texts with a label each as data."
    )


class HubOutOfReach(BaseModelError):
    """A hub id, and no hub."""

    template = (
        "{name!r} is not on this machine, and the model hub at {endpoint} cannot be reached ({reason}). "
        "Connect to the internet, or take one of these, which are here: {choices}."
    )


class PlanError(TailorError):
    """The options of a run."""


class UnknownName(PlanError):
    """A word that no table has."""

    template = "There is no {kind} {name!r}. Choose one of: {choices}."


class UnknownOption(PlanError):
    """An option that this strategy and the schedule lack."""

    template = "There is no option {name!r} for the strategy {strategy!r}. Choose one of: {choices}."


class OptionRefused(PlanError):
    """A value outside an option's limits."""

    template = "The option {name!r} was given {found!r}, but {expected} was expected. Change it and start again."


class NothingToLearn(PlanError):
    """No answer token is left to learn from."""

    template = (
        "At a length limit of {max_length} tokens, {found} of {rows} examples keep no word of their answer to "
        "learn from. Raise max_length to {expected}, which keeps 95 % of the examples whole."
    )


class StopTokenNotLearned(PlanError):
    """The model would never learn to stop."""

    template = (
        "In {found} of {rows} examples the end-of-turn token {token!r} is not among the words to learn, so the "
        "model would not learn to stop. Raise max_length to {expected}, or choose a base model with a chat template."
    )


class TooLittleMemory(PlanError):
    """More than the device has."""

    template = "This needs about {expected} GiB of memory, but {found} GiB are there. Lower max_length or batch_size."


class OnlyWrites(PlanError):
    """A way to train that cannot train a head."""

    template = "The way {strategy!r} cannot teach labels with a head. Choose another, such as lora, or learn answers."


class NeedsGpu(PlanError):
    """A strategy that only an NVIDIA card can compute."""

    template = (
        "The strategy {strategy!r} is not available here: it needs an NVIDIA graphics card, and none was found. "
        "Choose another, such as lora."
    )


class NeedsBitsandbytes(PlanError):
    """A strategy whose library is not installed."""

    template = (
        "The strategy {strategy!r} is not available here: the library bitsandbytes, which packs the base model, is not "
        "installed. Install it with pip install bitsandbytes and open the page again, or choose another, such as lora."
    )


class NoTurnMarks(PlanError):
    """A base model whose chat template cannot be used."""

    template = "{folder}: its chat template {found}, but one that marks each answer was expected. Choose another base."


class ConversationTooLong(PlanError):
    """More was said than a model reads, so that no room is left for an answer."""

    template = (
        "The question has {found} tokens together with what was said before, but this model reads {expected}. "
        "Ask something shorter, or clear it."
    )


class TooFewLabels(PlanError):
    """A classifier with nothing to choose from."""

    template = (
        "The examples to learn from have {found} label(s), but at least {expected} are needed to choose between. "
        "Add examples of another label."
    )


class UnseenLabels(PlanError):
    """Held-back labels that cannot be learned; said, and no reason not to start."""

    template = (
        "{rows} held-back example(s) have a label that no example to learn from has: {found}. It cannot be learned "
        "and counts as a mistake. Add examples of it, or hold back fewer."
    )


class NoPairs(PlanError):
    """Two answers are to be compared, and there is only one."""

    template = (
        "None of the {rows} examples to learn from has a worse answer beside the better one. Bring pairs "
        "(prompt, chosen, rejected), or let it learn the answers."
    )
