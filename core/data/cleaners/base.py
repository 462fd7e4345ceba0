"""What every check of the data doctor has, and what all of them call blank.

Two kinds, both one file and one line in the table. A RowCleaner looks at one example alone. A SetCleaner has to
know the others; it sees each example once, keeps what it needs (a hash, a few numbers: never the text), and then
says which rows it means. So a set of any size goes through with the memory of its index.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.data.examples import TASKS, Example, Message
from core.data.rules import Rule

# What is done with the examples a check means: put right (or left out where that is impossible), left out, kept.
Action = Literal["fix", "drop", "keep"]

# str.strip() leaves the last seven: characters without width, which nobody sees and every tokenizer counts.
BLANKS = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)
EVERY_TASK = frozenset(TASKS)


@dataclass(frozen=True)
class Context:
    """What the checks of one dataset know besides the examples.

    rules: what the person demands of every answer.
    base: the base model whose tokens are counted.
    max_length: the limit in tokens, 0 for what the base model reads.
    """

    task: str = "conversation"
    rules: tuple[Rule, ...] = ()
    base: str = "starter"
    max_length: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found in one example.

    note: the place in the person's own words (an excerpt, a masked number); no sentence: the page
        has two languages.
    fixed: what the example should be; None where it cannot be put right.
    """

    note: str = ""
    fixed: Example | None = None


@dataclass(frozen=True)
class SetHits:
    """The rows a check of the whole set means.

    rows: row numbers, rising, int64.
    groups: for each of them the row it belongs to (the first of the duplicates, the other of two contradicting
        answers); -1 for none.
    notes: row to note, as `Hit.note`.
    fix: makes of such an example what it should be; None where the check cannot put anything right.
    figures: by name, what the check counted on its way and the pictures need (tokens of each row); kept on disk.
    """

    rows: NDArray[np.int64]
    groups: NDArray[np.int64]
    notes: dict[int, str] = field(default_factory=dict)
    fix: Callable[[Example], Example] | None = None
    figures: dict[str, NDArray[np.int64]] = field(default_factory=dict)


class Described(Protocol):
    """What the page says about a check."""

    @property
    def name(self) -> str:
        """The word for this check."""
        ...

    @property
    def label(self) -> str:
        """The check in plain English."""
        ...

    @property
    def help(self) -> str:
        """What it does and why, in a sentence or two."""
        ...

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be done about what it finds."""
        ...

    @property
    def default(self) -> Action:
        """What is done unless somebody decides otherwise."""
        ...

    @property
    def tasks(self) -> frozenset[str]:
        """The kinds of data it looks at."""
        ...


@runtime_checkable
class RowCleaner(Described, Protocol):
    """Judges an example by itself."""

    def judge(self, example: Example, context: Context) -> Hit | None:
        """What is wrong with it, None for nothing. Of what `fixed` gives, the next call finds nothing."""
        ...


class Study(Protocol):
    """One look at one dataset, by one check."""

    def see(self, row: int, example: Example) -> None:
        """Takes what it needs of a row; rows come in order, those left out by checks before are missing."""
        ...

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """The rows it means, once it has seen all.

        Args:
            alive: by row number, False for what other checks of the set have left out since.
            read: the example of a row as the checks before left it, for a second look at a few.
        """
        ...


@runtime_checkable
class SetCleaner(Described, Protocol):
    """Judges examples by the others."""

    def study(self, context: Context) -> Study:
        """A fresh look at a dataset."""
        ...


Cleaner = RowCleaner | SetCleaner


def no_hits() -> SetHits:
    """Nothing found."""
    return SetHits(np.empty(0, np.int64), np.empty(0, np.int64))


def is_blank(text: str) -> bool:
    """True for a text in which there is nothing to see."""
    return not text.strip(BLANKS)


def with_messages(example: Example, messages: Iterable[Message]) -> Example | None:
    """The example with other turns; None where a question or an answer is missing from them."""
    turns = tuple(messages)
    said = {turn.role for turn in turns if not is_blank(turn.content)}
    return replace(example, messages=turns) if {"user", "assistant"} <= said else None


def with_texts(example: Example, change: Callable[[str], str]) -> Example:
    """The example with every text of it changed, the answer not wanted included; the same object where none is."""
    turns = tuple(_changed(turn, change) for turn in example.messages)
    rejected = change(example.rejected) if example.rejected else ""
    same = rejected == example.rejected and all(new is old for new, old in zip(turns, example.messages, strict=True))
    return example if same else replace(example, messages=turns, rejected=rejected)


def _changed(turn: Message, change: Callable[[str], str]) -> Message:
    content = change(turn.content)
    return turn if content == turn.content else replace(turn, content=content)
