"""How far long work has come, and the wish to stop it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")

EVERY = 1_000  # rows between two looks at the wish to stop


class Cancelled(Exception):
    """The person asked for the work to stop; whoever started it throws away what is half done."""


class Progress(Protocol):
    """Called now and then by long work."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Says where the work stands; total 0 where nobody knows yet.

        stage: a word such as "reading", "checking"; the page has it in the reader's language.

        Raises:
            Cancelled: the work is to stop now.
        """
        ...


def nobody_watches(stage: str, done: int, total: int) -> None:
    """For work whose progress nobody wants to know."""


@dataclass(frozen=True)
class Counted:
    """Rows of one stage, reported every thousand."""

    stage: str
    total: int
    progress: Progress

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """The items, with a report now and then and one at the end."""
        number = 0
        for number, item in enumerate(items, 1):
            yield item
            if number % EVERY == 0:
                self.progress(self.stage, number, self.total)
        self.progress(self.stage, number, max(number, self.total))


Work = Callable[[Progress], str]
