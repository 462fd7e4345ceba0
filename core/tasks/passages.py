"""Plain texts, learned whole: how a language, a subject or an author goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.data.examples import PASSAGE, Example
from core.data.tokenize import IGNORED, Row, Tokenization, TokenizedRow
from core.tasks.base import Preview, typical
from core.tasks.writing import Writing, segments_of

WHOLE = 10**9  # tokens; no text is cut before it is divided


class Passages(Writing):
    """Continued pretraining: every token is learned, the eos token behind the last one."""

    name = PASSAGE
    label = "Texts, word by word"
    summary = "It goes on reading: it learns how your texts go, every word of them, and long ones in several pieces."
    suits: tuple[str, ...] = (PASSAGE,)
    needs_template = False

    def num_rows(self, lengths: Sequence[int], max_length: int) -> int:
        """As many pieces as `pieces_of` makes."""
        return sum(1 + max(0, -(-(length - max_length) // (max_length - 1))) for length in lengths)

    def rows(
        self, tokens: Tokenization, examples: Sequence[Example], max_length: int, labels: Sequence[str]
    ) -> tuple[Row, ...]:
        """The pieces of all texts."""
        return tuple(piece for text in tokens.rows(examples, WHOLE) for piece in pieces_of(text, max_length))

    def preview(self, tokens: Tokenization, rows: Sequence[Any], labels: Sequence[str]) -> Preview:
        """A typical piece that ends a text, so that its end is seen."""
        row = typical([row for row in rows if row.ends] or rows)
        return Preview(tuple(segments_of(tokens, row)), tokens.stop_token, row.stop_learned)


@dataclass(frozen=True)
class Piece(TokenizedRow):
    """A piece of a text; ends: the text ends with it."""

    ends: bool = True


def pieces_of(text: TokenizedRow, max_length: int) -> Iterator[Piece]:
    """A text in pieces of `max_length` tokens, of which each is learned once.

    A piece begins with the last token of the one before, which is only read: a token is learned from what stands before
    it, and so the first token of a piece could not be.
    """
    for start in range(0, max(1, len(text.input_ids) - 1), max_length - 1):
        ids = text.input_ids[start : start + max_length]
        labels = text.labels[start : start + max_length]
        end = start + len(ids) >= len(text.input_ids)
        if start:
            labels = (IGNORED, *labels[1:])
        yield Piece(ids, labels, full_length=len(ids), stop_learned=True, ends=end)
