"""An ordered table of the kinds of one thing: readers, formats, cleaners, strategies, metrics, exporters."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from core.errors import UnknownName


class Named(Protocol):
    """Anything that can stand in a table."""

    @property
    def name(self) -> str:
        """The word by which people, plans and the command line call it."""
        ...


Entry = TypeVar("Entry", bound=Named)


class Table(Generic[Entry]):
    """A literal, ordered list of entries, each with a name of its own.

    Raises:
        ValueError: two entries share a name (found when the table is imported).
    """

    def __init__(self, kind: str, *entries: Entry) -> None:
        self.kind = kind
        self._entries = {entry.name: entry for entry in entries}
        if len(self._entries) != len(entries):
            names = [entry.name for entry in entries]
            raise ValueError(f"two entries of the table {kind!r} share a name: {names}")

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def names(self) -> tuple[str, ...]:
        """The names, in the order of the table."""
        return tuple(self._entries)

    def get(self, name: str) -> Entry:
        """The entry of this name.

        Raises:
            UnknownName: the table has no such entry; the error lists those it has.
        """
        if name not in self._entries:
            raise UnknownName(kind=self.kind, name=name, choices=", ".join(self._entries))
        return self._entries[name]
