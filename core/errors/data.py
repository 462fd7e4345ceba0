"""Mistakes in files, and in what is in them."""

from core.errors.base import TailorError


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


class WorkMissing(DataError):
    """A piece of work nobody started since the program began."""

    template = "There is no work {id!r} going on: the program was started again since. Begin it once more."


class WorkFailed(DataError):
    """A failure of ours in the middle of work on data."""

    template = "Something went wrong inside the program ({kind}); nothing was changed. The log has the details."


class NothingToUndo(DataError):
    """Undo, and nothing was changed."""

    template = "There is nothing to undo in the data {title!r}: nothing was changed yet."


class RowMissing(DataError):
    """A row number the dataset does not have."""

    template = "The data {title!r} have no row {row}; the last is {last}. Choose one from the table."


class EditRefused(DataError):
    """An example made by hand that cannot be learned from."""

    template = "The example has {found}, but {expected} was expected. Correct it and save again; nothing is lost."


class DoesNotFit(DataError):
    """An example that the chosen kind of file cannot hold whole."""

    template = (
        "{file}: the example {id} has {found}, but such a file holds only {expected}. "
        "Choose chats as JSONL: they hold everything."
    )
