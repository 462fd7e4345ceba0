"""One question with answers that cannot both be right.

Memory: 24 bytes a row, and as much again while the rows are compared.
"""

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.data.cleaners import wording
from core.data.cleaners.base import Action, Context, SetHits, Study, no_hits
from core.data.cleaners.claims import contradict
from core.data.examples import CLASSIFICATION, CONVERSATION, Example

_MOST_ANSWERS = 3  # to one question; more of them are a choice of answers, and meant
# Where more of the rows than this belong to questions with several answers, giving several is the custom of the set.
_CUSTOM = 0.2
_FEWEST_FOR_CUSTOM = 20  # rows


class Contradictions:
    """Finds answers that say something else than the usual answer to the same question."""

    name = "contradictions"
    label = "One question, contradicting answers"
    help = (
        "Finds rows that ask the same and answer otherwise: another number, yes and no, another name or day. The "
        "model would learn to guess. Both are shown; which one is right only you can say."
    )
    actions: tuple[Action, ...] = ("drop", "keep")
    default: Action = "keep"
    tasks = frozenset((CONVERSATION, CLASSIFICATION))

    def study(self, context: Context) -> Study:
        """A look by hashes of question and answer."""
        return _Answers(is_classification=context.task == CLASSIFICATION)


class _Answers:
    def __init__(self, *, is_classification: bool) -> None:
        self._rows, self._questions, self._answers = array("q"), array("q"), array("q")
        self._is_classification = is_classification

    def see(self, row: int, example: Example) -> None:
        """What is asked, with the turns before it, and what is answered; case and punctuation make no difference."""
        if not example.answer:
            return
        asked = tuple((turn.role, *wording.folded(turn.content)) for turn in example.messages[:-1])
        self._rows.append(row)
        self._questions.append(hash(asked))
        self._answers.append(hash(tuple(example.answer.casefold().split())))

    def hits(self, alive: NDArray[np.bool_], read: Callable[[int], Example]) -> SetHits:
        """Rows with another answer than most rows that ask the same, or than the first of them."""
        rows, questions, answers = (
            np.array(column, np.int64) for column in (self._rows, self._questions, self._answers)
        )
        here = np.flatnonzero(alive[rows]) if len(rows) else rows
        order = here[np.argsort(questions[here], kind="stable")]
        edges = np.flatnonzero(np.diff(questions[order])) + 1
        groups = [group for group in np.split(order, edges) if len(group) > 1 and np.ptp(answers[group])]
        if not groups:
            return no_hits()
        is_custom = sum(map(len, groups)) > _CUSTOM * max(len(here), _FEWEST_FOR_CUSTOM)
        found: dict[int, int] = {}
        for group in groups:
            found |= self._contradicting(rows[group], answers[group], read, is_custom)
        hit = np.array(sorted(found), np.int64)
        return SetHits(hit, np.array([found[int(row)] for row in hit], np.int64))

    def _contradicting(
        self, rows: NDArray[np.int64], answers: NDArray[np.int64], read: Callable[[int], Example], is_custom: bool
    ) -> dict[int, int]:
        """Of rows that ask the same: those that contradict, and the row they contradict."""
        _, first, kind, counts = np.unique(answers, return_index=True, return_inverse=True, return_counts=True)
        if len(first) > _MOST_ANSWERS:
            return {}
        usual = min(range(len(first)), key=lambda number: (-counts[number], first[number]))
        usual_row = int(rows[first[usual]])
        usual_example = read(usual_row)
        wrong = [
            number
            for number in range(len(first))
            if number != usual and self._is_other(usual_example, read(int(rows[first[number]])), is_custom)
        ]
        return dict.fromkeys(map(int, rows[np.isin(kind, wrong)]), usual_row)

    def _is_other(self, usual: Example, example: Example, is_custom: bool) -> bool:
        if self._is_classification:
            return wording.folded(usual.answer) != wording.folded(example.answer)
        question = next((turn.content for turn in reversed(usual.messages) if turn.role == "user"), "")
        return contradict(question, usual.answer, example.answer, is_sure=is_custom)
