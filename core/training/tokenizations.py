"""Tokenizations that remember: each edit of a plan asks for the same rows again, and coding them takes seconds."""

import threading
from array import array
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.data.tokenize import Tokenization
from core.models.catalog import BaseModel
from core.models.load import load_tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

MOST_KEPT = 2  # datasets, each with a base model: the one that is planned, and the one before
MOST_TOKENS = 20_000_000  # of one of them, five bytes each; what comes behind is coded anew each time
TOKENIZER_FILES = ("tokenizer*", "*.jinja", "vocab*", "merges*", "*.model", "special_tokens_map.json")


class RememberingTokenization(Tokenization):
    """A tokenization that codes each conversation once, whole; a length limit cuts what is remembered."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", folder: object = "") -> None:
        super().__init__(tokenizer, folder)
        self._known: dict[tuple[str, ...], tuple[array[int], bytes]] = {}
        self._num_tokens = 0
        self._coding = threading.Lock()  # a tokenizer takes one text at a time

    def _text(self, text: str) -> tuple[list[int], list[bool]]:
        with self._coding:
            return super()._text(text)

    def _plain_ids(self, text: str, **options: Any) -> list[int]:
        with self._coding:
            return super()._plain_ids(text, **options)

    def _coded(self, messages: list[dict[str, str]], **options: Any) -> tuple[list[int], list[bool]]:
        said = (*(str(value) for message in messages for value in message.values()), str(options))
        with self._coding:
            found = self._known.get(said)
            if found is None:
                ids, learned = super()._coded(messages, **options)
                found = array("i", ids), bytes(learned)
                self._keep(said, found)
        return found[0].tolist(), [bool(mark) for mark in found[1]]

    def _keep(self, said: tuple[str, ...], coded: tuple["array[int]", bytes]) -> None:
        if self._num_tokens + len(coded[0]) <= MOST_TOKENS:
            self._known[said] = coded
            self._num_tokens += len(coded[0])


class Tokenizations:
    """The last few, by dataset and base model. Made once, by the Studio."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], RememberingTokenization] = OrderedDict()
        self._choosing = threading.Lock()

    def of(self, dataset: str, base: BaseModel, *, needs_template: bool = True) -> Tokenization:
        """The tokenization for a dataset and a base model; without a template it writes no turns. Another
        tokenizer in the same folder is another one.

        Raises:
            BaseIncomplete, NoTurnMarks: the base model has no tokenizer that can be used.
        """
        key = (dataset, base.path, _stamp(base.path), needs_template)
        with self._choosing:
            tokens = self._kept.get(key)
            if tokens is None:
                tokens = RememberingTokenization(load_tokenizer(base, needs_template=needs_template), base.path)
            self._kept[key] = tokens
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return tokens


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """The names and times of the files that make a tokenizer."""
    files = {path for pattern in TOKENIZER_FILES for path in folder.glob(pattern)}
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in files))
