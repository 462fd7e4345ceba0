"""Everything a person can get wrong, said in one sentence: what was expected, what came, where, what to do.

    TailorError
    ├── DataError          a file or its contents
    │   ├── FileMissing · EmptyFile · BinaryFile · UnsupportedFile · UnreadableFile
    │   ├── BrokenJson · NoUsableColumns · NotTrainingData · UnknownColumn
    │   ├── TooFewExamples · DatasetMissing · RowMissing · EditRefused · NothingToUndo
    │   ├── DoesNotFit
    │   └── WorkMissing · WorkFailed
    ├── BaseModelError     the model to start from
    │   └── BaseMissing · BaseWithoutWeights · BaseIncomplete · BaseUnsafe · BaseNotSupported · BaseOnlyReads
    │       HubOutOfReach
    ├── PlanError          the options
    │   ├── UnknownName · UnknownOption · OptionRefused · NothingToLearn
    │   ├── StopTokenNotLearned · TooLittleMemory · NoTurnMarks · ConversationTooLong
    │   └── NeedsGpu · NeedsBitsandbytes · OnlyWrites · TooFewLabels · UnseenLabels · NoPairs
    ├── RunError           training, and what is done with a run
    │   ├── RunMissing · RunNotFinished · RunStillGoing · RunNotResumable · NotInQueue · DeviceBusy
    │   └── Diverged · RowTooLargeForMemory · DiskFull · SearchTooShort
    ├── ExportError        taking it home
    │   └── ExportDiffers · FolderNotEmpty · NotForThisStrategy
    └── WorkspaceError     the folder everything is kept in
        └── WorkspaceUnusable · CostsUnreadable

Each class has a `code` and an English `template`; the page translates by code, with the same `facts`.
"""

from core.errors.base import (
    UNEXPECTED,
    TailorError,
)
from core.errors.data import (
    BinaryFile,
    BrokenJson,
    DataError,
    DatasetMissing,
    DoesNotFit,
    EditRefused,
    EmptyFile,
    FileMissing,
    NothingToUndo,
    NotTrainingData,
    NoUsableColumns,
    RowMissing,
    TooFewExamples,
    UnknownColumn,
    UnreadableFile,
    UnsupportedFile,
    WorkFailed,
    WorkMissing,
)
from core.errors.planning import (
    BaseIncomplete,
    BaseMissing,
    BaseModelError,
    BaseNotSupported,
    BaseOnlyReads,
    BaseUnsafe,
    BaseWithoutWeights,
    ConversationTooLong,
    HubOutOfReach,
    NeedsBitsandbytes,
    NeedsGpu,
    NoPairs,
    NothingToLearn,
    NoTurnMarks,
    OnlyWrites,
    OptionRefused,
    PlanError,
    StopTokenNotLearned,
    TooFewLabels,
    TooLittleMemory,
    UnknownName,
    UnknownOption,
    UnseenLabels,
)
from core.errors.runs import (
    CostsUnreadable,
    DeviceBusy,
    DiskFull,
    Diverged,
    ExportDiffers,
    ExportError,
    FolderNotEmpty,
    NotForThisStrategy,
    NotInQueue,
    RowTooLargeForMemory,
    RunError,
    RunMissing,
    RunNotFinished,
    RunNotResumable,
    RunStillGoing,
    SearchTooShort,
    WorkspaceError,
    WorkspaceUnusable,
)

__all__ = [
    "UNEXPECTED",
    "BaseIncomplete",
    "BaseMissing",
    "BaseModelError",
    "BaseNotSupported",
    "BaseOnlyReads",
    "BaseUnsafe",
    "BaseWithoutWeights",
    "BinaryFile",
    "BrokenJson",
    "ConversationTooLong",
    "CostsUnreadable",
    "DataError",
    "DatasetMissing",
    "DeviceBusy",
    "DiskFull",
    "Diverged",
    "DoesNotFit",
    "EditRefused",
    "EmptyFile",
    "ExportDiffers",
    "ExportError",
    "FileMissing",
    "FolderNotEmpty",
    "HubOutOfReach",
    "NeedsBitsandbytes",
    "NeedsGpu",
    "NoPairs",
    "NoTurnMarks",
    "NoUsableColumns",
    "NotForThisStrategy",
    "NotInQueue",
    "NotTrainingData",
    "NothingToLearn",
    "NothingToUndo",
    "OnlyWrites",
    "OptionRefused",
    "PlanError",
    "RowMissing",
    "RowTooLargeForMemory",
    "RunError",
    "RunMissing",
    "RunNotFinished",
    "RunNotResumable",
    "RunStillGoing",
    "SearchTooShort",
    "StopTokenNotLearned",
    "TailorError",
    "TooFewExamples",
    "TooFewLabels",
    "TooLittleMemory",
    "UnknownColumn",
    "UnknownName",
    "UnknownOption",
    "UnreadableFile",
    "UnseenLabels",
    "UnsupportedFile",
    "WorkFailed",
    "WorkMissing",
    "WorkspaceError",
    "WorkspaceUnusable",
]
