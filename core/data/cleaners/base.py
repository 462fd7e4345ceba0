"""What every cleaner has, and what all of them call blank."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from core.data.examples import Example, Message

# str.strip() leaves the last seven: characters without width, which nobody sees and every tokenizer counts.
BLANKS = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)

Proposal = dict[str, Example | None]


class Cleaner(Protocol):
    """Finds one kind of fault and says what each example should be instead."""

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
    def default(self) -> bool:
        """True where it is on unless somebody switches it off."""
        ...

    def propose(self, examples: Sequence[Example]) -> Proposal:
        """By id, for each example touched: what replaces it, or None to drop it.

        Where all proposals are taken, the next call proposes nothing.
        """
        ...


def is_blank(text: str) -> bool:
    """True for a text in which there is nothing to see."""
    return not text.strip(BLANKS)


def with_messages(example: Example, messages: Iterable[Message]) -> Example | None:
    """The example with other turns; None where a question or an answer is missing from them."""
    turns = tuple(messages)
    said = {turn.role for turn in turns if not is_blank(turn.content)}
    return replace(example, messages=turns) if {"user", "assistant"} <= said else None


def touched(example: Example, proposed: Example | None) -> bool:
    """True where the proposal changes anything."""
    return proposed is None or proposed.messages != example.messages
