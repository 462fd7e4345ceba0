"""Rows that are longer than the base model may read.

Memory: 20 bytes a row, 16 more for the figures, and the texts of a thousand rows.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners.base import EVERY_TASK, Action, Context, SetHits, Study, no_hits
from core.data.examples import Example, Message, Role
from core.errors import BaseModelError, NoTurnMarks

if TYPE_CHECKING:
    from core.data.tokenize import Tokenization

_BATCH = 1_000  # rows whose texts are counted at once
_BATCH_CHARACTERS = 4_000_000


class Length:
    """Counts the tokens of each row for the chosen base model, and finds those that the limit cuts."""

    name = "length"
    label = "Longer than the limit"
    help = (
        "Counts each row in tokens of the chosen base model. What is longer than the limit is cut at its end while "
        "training, so the model may not learn to stop; where the question alone is too long, nothing is learned."
    )
    actions: tuple[Action, ...] = ("drop", "keep")
    default: Action = "keep"
    tasks = EVERY_TASK

    def study(self, context: Context) -> Study:
        """A look at the lengths; it finds nothing where the base model is not on this machine, but counts the turns."""
        return _Lengths(token_counter(context.base), context.max_length)


@dataclass(frozen=True)
class TokenCounter:
    """Counts tokens quickly: those of the texts, and what the chat template adds, which was measured once.

    around: tokens the template puts around a question and its answer. opening: of these, up to the answer.
    further: around each further pair. system: around a system turn.
    """

    tokenizer: Any
    context_tokens: int
    around: int
    opening: int
    further: int
    system: int

    def texts(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by itself."""
        quick = getattr(self.tokenizer, "backend_tokenizer", None)  # a third of the time: no lists of ids are made
        if quick is None:
            return list(map(len, self.tokenizer(list(texts), add_special_tokens=False)["input_ids"]))
        return list(map(len, quick.encode_batch_fast(list(texts), add_special_tokens=False)))

    def lengths(self, examples: Sequence[Example]) -> tuple[list[int], list[int]]:
        """Tokens of each example, and of what comes before its first answer."""
        counts = iter(self.texts([turn.content for example in examples for turn in example.messages]))
        wholes, heads = [], []
        for example in examples:
            roles = [turn.role for turn in example.messages]
            sizes = [next(counts) for _ in roles]
            system = self.system * roles.count("system")
            answers = [place for place, role in enumerate(roles) if role == "assistant"]
            wholes.append(sum(sizes) + system + self.around + self.further * max(0, len(answers) - 1))
            heads.append(sum(sizes[: answers[0]] if answers else sizes) + system + self.opening)
        return wholes, heads


class _Lengths:
    def __init__(self, counter: TokenCounter | None, max_length: int) -> None:
        self._counter = counter
        longest = counter.context_tokens if counter else 0
        self._limit = min(max_length or longest, longest)
        self._rows, self._turns = array("q"), array("i")
        self._wholes, self._heads = array("i"), array("i")
        self._waiting: list[Example] = []
        self._characters = 0

    def see(self, row: int, example: Example) -> None:
        """Puts it with those to be counted next."""
        self._rows.append(row)
        self._turns.append(sum(turn.role != "system" for turn in example.messages))
        if self._counter is None:
            return
        self._waiting.append(example)
        self._characters += sum(len(turn.content) for turn in example.messages)
        if len(self._waiting) == _BATCH or self._characters > _BATCH_CHARACTERS:
            self._count(self._counter)

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows the limit cuts.

        Figures: by row its `turns` and its `tokens` (0 where others left it out); the `limit`; rows `emptied` by it.
        """
        rows = np.array(self._rows, np.int64)
        figures = {"turns": _by_row(rows, self._turns, len(alive))}
        if self._counter is None:
            return replace(no_hits(), figures=figures)
        self._count(self._counter)
        wholes, heads = np.array(self._wholes, np.int64), np.array(self._heads, np.int64)
        cut = np.flatnonzero((wholes > self._limit) & alive[rows])
        figures["tokens"] = _by_row(rows, self._wholes, len(alive))
        figures["limit"] = np.array([self._limit], np.int64)
        figures["emptied"] = rows[cut][heads[cut] >= self._limit]
        notes = {int(rows[place]): f"{wholes[place]} > {self._limit}" for place in cut}
        return SetHits(rows[cut], np.full(len(cut), -1, np.int64), notes, figures=figures)

    def _count(self, counter: TokenCounter) -> None:
        if self._waiting:
            wholes, heads = counter.lengths(self._waiting)
            self._wholes.extend(wholes)
            self._heads.extend(heads)
        self._waiting, self._characters = [], 0


def _by_row(rows: NDArray[np.int64], values: "array[int]", num_rows: int) -> NDArray[np.int64]:
    spread = np.zeros(num_rows, np.int64)
    spread[rows] = np.array(values, np.int64)
    return spread


def token_counter(name: str) -> TokenCounter | None:
    """Counts for a base model that is on this machine; None where there is none of this name, or no usable one."""
    from core.data.tokenize import Tokenization
    from core.models.catalog import STARTER, find_bases, open_base
    from core.models.load import load_tokenizer

    try:
        # Never over the network, only to count: that is asked for where the person chooses the model.
        is_here = name == STARTER or Path(name).expanduser().is_dir() or any(base.name == name for base in find_bases())
        if not is_here:
            return None
        base = open_base(name, needs_weights=False)
        return _measured(Tokenization(load_tokenizer(base)), base.context_tokens)
    except (BaseModelError, NoTurnMarks):
        return None


def _measured(tokenization: "Tokenization", context_tokens: int) -> TokenCounter:
    """Writes a few tiny conversations with the template, and takes the texts away."""

    def added(*roles: Role) -> int:
        example = Example("", tuple(Message(role, "a") for role in roles))
        return tokenization.row(example, 1).full_length - len(roles) * size

    size = len(tokenization.tokenizer(["a"], add_special_tokens=False)["input_ids"][0])
    around = added("user", "assistant")
    try:
        system = added("system", "user", "assistant") - around
    except NoTurnMarks:
        system = 0  # a template without system turns
    return TokenCounter(
        tokenization.tokenizer,
        context_tokens,
        around,
        opening=len(tokenization.prompt([{"role": "user", "content": "a"}])) - size,
        further=added("user", "assistant", "user", "assistant") - around,
        system=system,
    )
