"""System prompts that are a spelling of another one.

Memory: each system prompt once, of at most a thousand, and 12 bytes a row.
"""

from array import array
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners import wording
from core.data.cleaners.base import EVERY_TASK, Action, Context, SetHits, Study, no_hits
from core.data.cleaners.likeness import difference
from core.data.examples import PASSAGE, Example

_MOST_PROMPTS = 1_000  # more of them are written for each row
_LEAST_ALIKE = 0.9
_NOTE = 120  # characters


class SystemPrompts:
    """Finds instructions that are almost, but not quite, those that more rows have."""

    name = "system_prompts"
    label = "Instructions that are almost the same"
    help = (
        "Finds instructions (system prompts) that differ from a more frequent one by case, punctuation, a typing "
        "error or a small word. The model is asked with one of them later; they all become the frequent one."
    )
    actions: tuple[Action, ...] = ("fix", "keep")
    default: Action = "fix"
    tasks = EVERY_TASK - {PASSAGE}

    def study(self, context: Context) -> Study:
        """A look at how often each occurs."""
        return _Prompts()


class _Prompts:
    def __init__(self) -> None:
        self._rows, self._prompts = array("q"), array("i")
        self._numbers: dict[str, int] = {}

    def see(self, row: int, example: Example) -> None:
        """The number of its system prompt."""
        prompt = prompt_of(example)
        if not prompt or len(self._numbers) > _MOST_PROMPTS:
            return
        self._rows.append(row)
        self._prompts.append(self._numbers.setdefault(prompt, len(self._numbers)))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows whose system prompt is a spelling of a more frequent one."""
        if len(self._numbers) > _MOST_PROMPTS or len(self._numbers) < 2:
            return no_hits()
        rows, prompts = np.array(self._rows, np.int64), np.array(self._prompts, np.int64)
        rows, prompts = rows[alive[rows]], prompts[alive[rows]]
        texts = list(self._numbers)
        counts = np.bincount(prompts, minlength=len(texts))
        usual = usual_prompts({text: int(count) for text, count in zip(texts, counts, strict=True) if count})
        hit = np.flatnonzero(np.array([text in usual for text in texts])[prompts])
        notes = {int(rows[place]): texts[prompts[place]][:_NOTE] for place in hit}
        groups = np.full(len(hit), -1, np.int64)
        return SetHits(rows[hit], groups, notes, lambda example: _with_prompt(example, usual[prompt_of(example)]))


def prompt_of(example: Example) -> str:
    """What the first turn instructs; "" where it is no system turn."""
    first = example.messages[0] if example.messages else None
    return first.content if first and first.role == "system" else ""


def usual_prompts(counts: dict[str, int]) -> dict[str, str]:
    """System prompts to be read as another one that is as frequent, or more, and itself to be read as it stands."""
    usual: list[str] = []
    meant: dict[str, str] = {}
    for prompt in sorted(counts, key=lambda prompt: -counts[prompt]):
        other = next((one for one in usual if _is_spelling(prompt, one)), None)
        if other is None:
            usual.append(prompt)
        else:
            meant[prompt] = other
    return meant


def _is_spelling(one: str, other: str) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _LEAST_ALIKE * longer - 2 or wording.numbers(one) != wording.numbers(other):
        return False
    words = wording.words(one), wording.words(other)
    found = difference(*words)
    heavy = [{word.casefold() for word in side if not wording.is_light(word)} for side in words]
    are_forms = len(heavy[0] - heavy[1]) == len(heavy[1] - heavy[0]) and not found.weighty
    return are_forms and not found.bears_meaning and (found.ratio >= _LEAST_ALIKE or _letters(one, other))


def _letters(one: str, other: str) -> bool:
    """Whether the letters are nearly the same, for short prompts with a word mistyped."""
    return difference(list(one), list(other)).ratio >= _LEAST_ALIKE


def _with_prompt(example: Example, prompt: str) -> Example:
    first, *others = example.messages
    return replace(example, messages=(replace(first, content=prompt), *others))
