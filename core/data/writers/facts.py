"""What is true of single examples, and of how many of a set: by this a writer chooses its columns."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from core.data.examples import Example
from core.data.tools import turns_and_tools


@dataclass(frozen=True)
class Facts:
    """Of how many examples something is true; the names are those of the functions below."""

    num_rows: int
    passages: int
    pairs: int
    rejected: int
    preferences: int
    systems: int
    histories: int
    extras: int
    tools: int
    sources: int
    parts: int

    def are_all(self, count: int) -> bool:
        """Whether it is true of every example, and there is one."""
        return 0 < count == self.num_rows


class WholeSet:
    """Examples that can be read as often as needed."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._examples = examples

    def __iter__(self) -> Iterator[Example]:
        return iter(self._examples)

    @cached_property
    def facts(self) -> Facts:
        """Counted in one pass."""
        counts = [0] * (len(_TESTS) + 1)
        for example in self._examples:
            counts[0] += 1
            for place, test in enumerate(_TESTS, 1):
                counts[place] += test(example)
        return Facts(*counts)

    def are_all(self, test: Callable[[Example], bool]) -> bool:
        """Whether something else is true of every example."""
        return all(map(test, self._examples))


def is_passage(example: Example) -> bool:
    """A text alone."""
    return len(example.messages) == 1 and ends(example) and not has_extra(example)


def is_pair(example: Example) -> bool:
    """One question, one answer, and perhaps a system turn above them that says something."""
    messages = example.messages
    if len(messages) == 3 and messages[0].role == "system" and messages[0].content.strip():
        messages = messages[1:]
    return [turn.role for turn in messages] == ["user", "assistant"] and not has_extra(example)


def has_rejected(example: Example) -> bool:
    """Whether there is a second answer, not wanted."""
    return bool(example.rejected)


def is_preference(example: Example) -> bool:
    """A better and a worse answer to something."""
    return bool(example.rejected) and len(example.messages) > 1 and ends(example)


def ends(example: Example) -> bool:
    """Whether the assistant has the last word."""
    return bool(example.messages) and example.messages[-1].role == "assistant"


def has_system(example: Example) -> bool:
    """Whether it begins with a system turn."""
    return bool(example.messages) and example.messages[0].role == "system"


def has_history(example: Example) -> bool:
    """Whether more is said than one question and one answer."""
    return len(example.messages) - has_system(example) > 2


def has_extra(example: Example) -> bool:
    """Whether a turn calls a tool, or there are tools to call."""
    return any(turn.extra for turn in example.messages)


def has_tools(example: Example) -> bool:
    """Whether there are tools to call."""
    return has_extra(example) and bool(turns_and_tools(example)[1])


def has_source(example: Example) -> bool:
    """Whether it says which others are of the same origin."""
    return bool(example.source)


def has_part(example: Example) -> bool:
    """Whether its file said where it belongs."""
    return bool(example.part)


# In the order of the fields of `Facts`.
_TESTS: tuple[Callable[[Example], bool], ...] = (
    *(is_passage, is_pair, has_rejected, is_preference, has_system, has_history, has_extra, has_tools),
    *(has_source, has_part),
)
