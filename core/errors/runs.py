"""What stands in the way of a run, of taking it home, and of the folder everything is kept in."""

from core.errors.base import TailorError


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


class NotInQueue(RunError):
    """A run that is to be moved in the queue and does not wait there."""

    template = "The run {id!r} does not wait in the queue. Choose one that does from the list of runs."


class DeviceBusy(RunError):
    """Somebody else has the device."""

    template = "The device is busy with {holder}. Wait until that has finished, or stop it."


class Diverged(RunError):
    """The loss is no number any more, or far above where it began."""

    template = (
        "At step {step} the loss ran away (it was {found}), also after going back with smaller steps. "
        "Lower the learning rate from {rate} to {expected}."
    )


class RowTooLargeForMemory(RunError):
    """Memory runs out with a single example."""

    template = (
        "At step {step} memory ran out with a single example of {found} tokens. "
        "Set the longest example to {expected} tokens, or take a smaller base model."
    )


class SearchTooShort(RunError):
    """No trial of a search came to its end."""

    template = "In {minutes} minutes no trial came to its end. Search for {expected} minutes, or see fewer epochs."


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


class CostsUnreadable(WorkspaceError):
    """The table of costs, edited into something else."""

    template = "{file}: no table of costs ({found}). Correct it, or delete it: it is then made anew."
