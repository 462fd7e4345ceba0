"""From messages to token ids and labels: only the assistant's words are learned, and the token that ends them.

labels follow transformers: the token id where it is learned, −100 elsewhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from core.data.examples import Example
from core.data.tools import Tools, turns_and_tools
from core.errors import NoTurnMarks

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

IGNORED = -100
MOST_TOKENS_PER_CHARACTER = 4  # the bytes of a character in UTF-8
_GENERATION = re.compile(r"{%-?\s*generation\s*-?%}")


@dataclass(frozen=True)
class TokenizedRow:
    """One example, cut to the length limit.

    full_length: tokens before the cut
    stop_learned: the last answer in it is learned to its stop token; a row cut inside an answer would teach not to stop
        (True for a text without a question: where it is cut, the next piece could follow)
    """

    input_ids: tuple[int, ...]
    labels: tuple[int, ...]
    full_length: int
    stop_learned: bool

    @property
    def num_learned(self) -> int:
        """Tokens that are learned."""
        return sum(label != IGNORED for label in self.labels)

    @property
    def is_cut(self) -> bool:
        """Whether the length limit took something away."""
        return self.full_length > len(self.input_ids)

    @property
    def num_tokens(self) -> int:
        """Tokens that are read."""
        return len(self.input_ids)

    @property
    def item(self) -> dict[str, Any]:
        """What `core.training.batching.collate` takes."""
        return {"input_ids": self.input_ids, "labels": self.labels}


@dataclass(frozen=True)
class TokenStats:
    """What the length limit does to a set of rows; lengths in tokens."""

    num_rows: int
    num_train: int
    num_validation: int
    num_cut: int
    num_emptied: int
    longest: int
    mean: float
    limit_for_95: int
    limit_for_100: int


@dataclass(frozen=True)
class CodedText:
    """A text without a template, cut as its tokenizer cuts it; full_length: tokens before the cut."""

    ids: tuple[int, ...]
    full_length: int


class Row(Protocol):
    """An example of any task, as token ids: what is counted of it, and what is put into a batch."""

    @property
    def full_length(self) -> int:
        """Tokens before the cut."""
        ...

    @property
    def stop_learned(self) -> bool:
        """Whether what is learned of it is whole."""
        ...

    @property
    def num_learned(self) -> int:
        """Tokens, or labels, that are learned."""
        ...

    @property
    def is_cut(self) -> bool:
        """Whether the length limit took something away."""
        ...

    @property
    def num_tokens(self) -> int:
        """Tokens that are read."""
        ...

    @property
    def item(self) -> dict[str, Any]:
        """What the task's `collate` takes."""
        ...


class Tokenization:
    """A tokenizer with its chat template, made once and used for every row.

    Raises:
        NoTurnMarks: the template cannot write a plain conversation.
    """

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", folder: object = "") -> None:
        self.tokenizer: Any = tokenizer
        self.folder = folder
        self._marks_answers = bool(_GENERATION.search(self.tokenizer.chat_template or ""))
        self._stops = self._find_stops()

    @property
    def stop_token(self) -> str:
        """The token after which an answer ends; "" where there is none."""
        return str(self.tokenizer.decode(self._stops[:1]))

    def row(self, example: Example, max_length: int) -> TokenizedRow:
        """Token ids and labels of one conversation or plain text, cut at the end to `max_length`."""
        turns, tools = turns_and_tools(example)
        is_text = [turn["role"] for turn in turns] == ["assistant"]
        ids, learned = self._text(example.answer) if is_text else self._coded(turns, **_told_of(tools))
        labels = [id if mark else IGNORED for id, mark in zip(ids, learned, strict=True)]
        kept = labels[:max_length]
        return TokenizedRow(
            input_ids=tuple(ids[:max_length]),
            labels=tuple(kept),
            full_length=len(ids),
            stop_learned=is_text or self._ends_whole(kept),
        )

    def _ends_whole(self, labels: list[int]) -> bool:
        """Whether the last answer that is learned is learned as far as its stop token."""
        end = len(labels)
        while end and labels[end - 1] == IGNORED:
            end -= 1
        start = end
        while start and labels[start - 1] != IGNORED:
            start -= 1
        return any(label in self._stops for label in labels[start:end])

    def rows(self, examples: Sequence[Example], max_length: int) -> tuple[TokenizedRow, ...]:
        """`row` of each."""
        return tuple(self.row(example, max_length) for example in examples)

    @property
    def has_template(self) -> bool:
        """Whether the tokenizer can write turns; without, it writes texts."""
        return bool(self.tokenizer.chat_template)

    def text(self, text: str, max_length: int) -> CodedText:
        """A text as a classifier reads it, with the special tokens that its tokenizer puts around it."""
        whole = self._plain_ids(text)
        fits = len(whole) <= max_length
        ids = whole if fits else self._plain_ids(text, truncation=True, max_length=max_length)
        return CodedText(tuple(ids), len(whole))

    def _plain_ids(self, text: str, **options: Any) -> list[int]:
        return list(self.tokenizer(text, **options)["input_ids"])

    def prompt(self, messages: list[dict[str, str]], **options: Any) -> list[int]:
        """Token ids of a conversation that waits for the assistant; without a template, of a text to be continued."""
        if not self.has_template:
            return list(self.tokenizer("\n".join(turn["content"] for turn in messages))["input_ids"])
        return self._ids(messages, add_generation_prompt=True, **options)

    def _text(self, text: str) -> tuple[list[int], list[bool]]:
        """A text as the base model was trained on texts: no template, the eos token behind it."""
        ids, eos = list(self.tokenizer(text)["input_ids"]), self.tokenizer.eos_token_id
        if eos is not None and ids[-1:] != [eos]:
            ids.append(eos)
        return ids, [True] * len(ids)

    def _coded(self, messages: list[dict[str, str]], **options: Any) -> tuple[list[int], list[bool]]:
        if self._marks_answers:
            coded = self._apply(messages, return_assistant_tokens_mask=True, **options)
            ids = list(coded["input_ids"])
            return ids, self._as_far_as_the_stop(ids, [bool(mark) for mark in coded["assistant_masks"]])
        return self._coded_by_prefixes(messages, **options)

    def _as_far_as_the_stop(self, ids: list[int], marked: list[bool]) -> list[bool]:
        """What the template marks; where a marked answer ends without a stop token, the one right behind it too.

        A character of several tokens at the end of a marked stretch is marked by its first token only.
        """
        learned = list(marked)
        for place in range(1, len(ids)):
            ended = learned[place - 1] and not learned[place] and ids[place - 1] not in self._stops
            if ended and (ids[place] in self._stops or self._is_cut_character(ids[:place])):
                learned[place] = True
        return learned

    def _is_cut_character(self, ids: list[int]) -> bool:
        return str(self.tokenizer.decode(ids[-MOST_TOKENS_PER_CHARACTER:])).endswith("\ufffd")

    def _coded_by_prefixes(self, messages: list[dict[str, str]], **options: Any) -> tuple[list[int], list[bool]]:
        """For templates without a `generation` block: what follows a prompt is learned, as far as the next stop token.

        A template may write an earlier answer differently once more turns follow (Qwen3 leaves out its thought), so
        only what comes before an answer has to be the same.
        """
        ids = self._ids(messages, **options)
        learned = [False] * len(ids)
        for number, message in enumerate(messages):
            if message["role"] != "assistant":
                continue
            before = self.prompt(messages[:number], **options)
            after = self._ids(messages[: number + 1], **options)
            places = range(len(before), min(len(after), len(ids)))
            stop = next((place for place in places if ids[place] in self._stops), None)
            if ids[: len(before)] != before or (stop is None and ids[: len(after)] != after):
                raise NoTurnMarks(folder=self.folder, found="rewrites earlier turns when later ones are added")
            end = len(after) if stop is None else stop + 1
            learned[len(before) : end] = [True] * (end - len(before))
        return ids, learned

    def _find_stops(self) -> tuple[int, ...]:
        """The special token that the template writes behind an answer, if any, and the eos token."""
        if not self.has_template:
            return () if self.tokenizer.eos_token_id is None else (self.tokenizer.eos_token_id,)
        with_answer = self._ids([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}])
        prompt = self.prompt([{"role": "user", "content": "a"}])
        special = {*self.tokenizer.all_special_ids, *self.tokenizer.added_tokens_decoder}
        behind = _behind_the_words(with_answer[len(prompt) :], special, self.tokenizer)
        written = [id for id in behind if id in special][:1]
        return tuple(dict.fromkeys(stop for stop in (*written, self.tokenizer.eos_token_id) if stop is not None))

    @property
    def stop_ids(self) -> tuple[int, ...]:
        """Ids of the tokens after which an answer ends."""
        return tuple(sorted(self._stops))

    def _ids(self, messages: list[dict[str, str]], **options: Any) -> list[int]:
        return list(self._apply(messages, **options)["input_ids"])

    def _apply(self, messages: list[dict[str, str]], **options: Any) -> Any:
        from jinja2 import TemplateError

        if not self.has_template:
            raise NoTurnMarks(folder=self.folder, found="is missing")
        try:
            return self.tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True, **options)
        except (TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:
            raise NoTurnMarks(folder=self.folder, found=f"fails on a conversation ({error})") from error


def _told_of(tools: Tools) -> dict[str, Any]:
    """What a template is told of tools; nothing where there are none, as some templates know no such name."""
    return {"tools": tools} if tools else {}


def _behind_the_words(ids: list[int], special: set[int], tokenizer: Any) -> list[int]:
    """The end of an answer from its last word on: special tokens and space."""
    end = len(ids)
    while end and (ids[end - 1] in special or not tokenizer.decode([ids[end - 1]]).strip()):
        end -= 1
    return ids[end:]


def token_stats(rows: Sequence[Row], num_train: int) -> TokenStats:
    """Counts over all rows, train first."""
    lengths = sorted(row.full_length for row in rows)
    return TokenStats(
        num_rows=len(rows),
        num_train=num_train,
        num_validation=len(rows) - num_train,
        num_cut=sum(row.is_cut for row in rows),
        num_emptied=sum(row.num_learned == 0 for row in rows),
        longest=lengths[-1],
        mean=sum(lengths) / len(lengths),
        limit_for_95=lengths[min(len(lengths) - 1, int(0.95 * len(lengths)))],
        limit_for_100=lengths[-1],
    )
