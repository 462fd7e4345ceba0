"""Everything a person can get wrong, said in one sentence: what was expected, what came, where, what to do.

    TailorError
    ├── DataError          a file or its contents
    │   ├── FileMissing · EmptyFile · BinaryFile · UnsupportedFile · UnreadableFile
    │   ├── BrokenJson · NoUsableColumns · NotTrainingData · UnknownColumn
    │   └── TooFewExamples · DatasetMissing
    ├── BaseModelError     the model to start from
    │   └── BaseMissing · BaseWithoutWeights · BaseIncomplete · BaseUnsafe · BaseNotSupported · HubOutOfReach
    ├── PlanError          the options
    │   ├── UnknownName · UnknownOption · OptionRefused · NothingToLearn · ConversationTooLong (in core.chat)
    │   └── StopTokenNotLearned · TooLittleMemory · NoTurnMarks
    ├── RunError           training, and what is done with a run
    │   └── RunMissing · RunNotFinished · RunStillGoing · RunNotResumable · DeviceBusy · Diverged · DiskFull
    ├── ExportError        taking it home
    │   └── ExportDiffers · FolderNotEmpty · NotForThisStrategy
    └── WorkspaceError     the folder everything is kept in
        └── WorkspaceUnusable

Each class has a `code` and an English `template`; the page translates by code, with the same `facts`.
"""

import re
from typing import ClassVar

UNEXPECTED = "unexpected"  # the code under which a run records a failure that is ours


class TailorError(Exception):
    """A mistake or circumstance the person can do something about."""

    code: ClassVar[str] = "error"  # of a subclass: its name, in snake case
    template: ClassVar[str] = "Something went wrong: {reason}"

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.template.format(**facts))


class DataError(TailorError):
    """A file, or what is in it."""


class FileMissing(DataError):
    """No file at that path."""

    template = "{file}: there is no such file. Check the path, or upload the file again."


class EmptyFile(DataError):
    """Nothing in the file."""

    template = "{file}: the file is empty (0 rows), but examples were expected. Save it again, or choose another file."


class BinaryFile(DataError):
    """Bytes that are no text and no workbook."""

    template = "{file}: binary data ({found}) at byte {offset}, but text was expected. Upload JSONL, JSON, CSV or XLSX."


class UnsupportedFile(DataError):
    """A kind of file no reader takes."""

    template = "{file}: this is {found}, which cannot be read here. Use one of: {expected}."


class UnreadableFile(DataError):
    """A file of a known kind that its library refuses."""

    template = "{file}: {found}, though {expected} was expected. Open it in its own program and save it again."


class BrokenJson(DataError):
    """JSON that does not parse, and of which nothing can be used."""

    template = (
        "{file}, line {line}, column {column}: found {found}, but {expected} was expected. "
        "Correct that line and upload the file again."
    )


class NoUsableColumns(DataError):
    """A table in which question and answer cannot be told."""

    template = (
        "{file}, header row: found the columns {found}, but a column with questions and one with answers were "
        "expected. Name them 'question' and 'answer', or choose the two columns by hand."
    )


class UnknownColumn(DataError):
    """A column chosen by hand that the file lacks."""

    template = "{file}: there is no column {column!r}; it has {found}. Choose one of those."


class NotTrainingData(DataError):
    """Well-formed, but no examples in it."""

    template = (
        "{file}, {place}: found {found}, but examples were expected (messages, instruction and output, prompt "
        "and completion, or conversations). Check that this is the right file."
    )


class TooFewExamples(DataError):
    """Not enough rows to train and to hold some back."""

    template = "{file}: {found} usable example(s), but at least {expected} are needed. 50 to 100 good ones are a start."


class DatasetMissing(DataError):
    """A dataset id that the workspace does not know."""

    template = "There is no dataset {id!r} in the workspace. Upload the file again, or choose a sample."


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


class NoTurnMarks(PlanError):
    """A base model whose chat template cannot be used."""

    template = "{folder}: its chat template {found}, but one that marks each answer was expected. Choose another base."


class RunError(TailorError):
    """A run, or what is to be done with it."""


class RunMissing(RunError):
    """A run id that the workspace does not know."""

    template = "There is no run {id!r} in the workspace. Choose one from the list of runs."


class RunNotFinished(RunError):
    """Nothing learned yet."""

    template = "The run {id!r} has nothing to use yet (it is {state}). Wait until it has saved its first result."


class RunStillGoing(RunError):
    """A step that has to wait for the end."""

    template = "The run {id!r} is still going. Stop it first."


class RunNotResumable(RunError):
    """No checkpoint to continue from."""

    template = "The run {id!r} cannot be continued: {reason}. Start a new run with the same plan."


class DeviceBusy(RunError):
    """Somebody else has the device."""

    template = "The device is busy with {holder}. Wait until that has finished, or stop it."


class Diverged(RunError):
    """The loss is no number any more."""

    template = (
        "At step {step} the loss was {found}, no longer a number. Lower the learning rate from {rate} to {expected}."
    )


class DiskFull(RunError):
    """No room for a checkpoint."""

    template = "The disk with {folder} has {found} GiB free, but {expected} GiB are needed. Make room, then resume."


class ExportError(TailorError):
    """Taking it home."""


class ExportDiffers(ExportError):
    """What was written does not answer like what was trained."""

    template = (
        "The exported files answer differently from the tuned model ({found}), so they are not offered. "
        "Export again; if it happens twice, the files in {folder} are damaged."
    )


class FolderNotEmpty(ExportError):
    """A target folder with things in it."""

    template = "{folder} already has files in it, and nothing is overwritten. Choose an empty folder."


class NotForThisStrategy(ExportError):
    """A target that needs another kind of run."""

    template = "{target!r} cannot be made from a run with the strategy {strategy!r}. Choose one of: {choices}."


class WorkspaceError(TailorError):
    """The folder everything is kept in."""


class WorkspaceUnusable(WorkspaceError):
    """A folder that cannot be made or written."""

    template = "{folder}: cannot be written ({reason}). Choose another folder with --workspace."
