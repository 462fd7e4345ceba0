"""Both models side by side: one base model in memory, and one batch in which each row names its adapter.

Methods of which PEFT cannot leave out single rows answer one after the other, the base with the adapter off.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from transformers import GenerationConfig

from core.chat.conversation import SIDES, Answers, Conversation
from core.chat.generate import stream_tokens
from core.chat.judge import Judge, open_judge
from core.chat.settings import ChatSettings
from core.chat.thought import OPEN, parted
from core.data.tokenize import Tokenization
from core.errors import ConversationTooLong, OptionRefused, RunNotFinished
from core.hardware import Device, DeviceLease
from core.models.catalog import BaseModel, open_base
from core.models.load import load_adapter, load_model, load_tokenizer, open_causal
from core.runs.store import view_of
from core.strategies import STRATEGIES
from core.workspace import RunFolder

BASE_ROW = "__base__"  # PEFT's name for a row without any adapter
ADAPTER = "default"


@dataclass(frozen=True)
class Pair:
    """A base model and what it was tuned to, ready to answer.

    mixed: one PEFT model that holds both; base and tuned are used when two whole models are needed.
    in_one_batch: whether the mixed model answers as both at once.
    """

    key: tuple[str, float]
    tokens: Tokenization
    context_tokens: int
    mixed: Any = None
    in_one_batch: bool = True
    base: Any = None
    tuned: Any = None


class ChatDesk:
    """Keeps the pair that was asked last, and takes the device while it answers."""

    def __init__(self, device: Device, lease: DeviceLease) -> None:
        self._device = device
        self._lease = lease
        self._pair: Pair | Judge | None = None

    def ask(self, folder: RunFolder, conversation: Conversation, settings: ChatSettings) -> Iterator[Answers]:
        """The answers to the conversation's last question, growing; the last one is done.

        Raises:
            DeviceBusy: a run is training.
            RunNotFinished: the run has no result yet.
            OptionRefused: the conversation leaves less room than the answer may take.
            ConversationTooLong: it is longer than the model reads.
        """
        with self._lease.held_by("an answer in Compare"):
            pair = self._open(folder)
            if isinstance(pair, Judge):
                yield pair.answer(conversation)
                return
            prompts = [pair.tokens.prompt(conversation.messages(side)) for side in SIDES]
            _refuse_too_long(prompts, settings, pair.context_tokens)
            yield from _answer(pair, prompts, settings.for_try(conversation.tries))

    def release(self) -> None:
        """Gives the memory back, for a run that needs it."""
        self._pair = None

    def _open(self, folder: RunFolder) -> "Pair | Judge":
        view = view_of(folder)
        if not view.has_result:
            raise RunNotFinished(id=folder.id, state=view.status.state)
        key = (folder.id, folder.adapter.stat().st_mtime)
        if self._pair is None or self._pair.key != key:
            self._pair = None  # the old one goes before the new one comes: both may not fit
            if view.plan.learns.writes:
                self._pair = open_pair(folder, view.plan.base, view.plan.strategy, self._device, key)
            else:
                dtype = chat_dtype(open_base(view.plan.base), self._device)
                self._pair = open_judge(folder, view.plan, self._device, dtype=dtype, key=key)
        return self._pair


def open_pair(folder: RunFolder, base_name: str, strategy: str, device: Device, key: tuple[str, float]) -> Pair:
    """Loads what a run made, beside its base model."""
    pair = open_tuned(folder, base_name, strategy, device)
    if pair.mixed is None:
        base = open_base(base_name)
        pair = replace(pair, base=plain(load_model(base, chat_dtype(base, device), device.kind)))
    return replace(pair, key=key)


def open_tuned(folder: RunFolder, base_name: str, strategy: str, device: Device) -> Pair:
    """As much of a pair as its tuned side needs."""
    base = open_base(base_name)
    dtype = chat_dtype(base, device)
    pair = Pair(("", 0.0), Tokenization(load_tokenizer(base, needs_template=False), base.path), base.context_tokens)
    way = STRATEGIES.get(strategy)
    if way.saves == "adapter":
        mixed = load_adapter(plain(load_model(base, dtype, device.kind)), folder.adapter)
        room = base.context_tokens - getattr(mixed.active_peft_config, "num_virtual_tokens", 0)
        return replace(pair, mixed=mixed, in_one_batch=way.switches_per_row, context_tokens=room)
    return replace(pair, tuned=plain(open_causal(folder.adapter, dtype).to(device.kind)))


def plain(model: Any) -> Any:
    """The model without generation habits of its own (penalties, sampling): only what the form says counts."""
    model.generation_config = GenerationConfig()
    return model


def tuned_tokens(pair: Pair, messages: list[dict[str, str]], settings: ChatSettings) -> list[int]:
    """The tuned side's answer as token ids, made the way Compare makes it: in a batch beside the base where it can."""
    prompt = pair.tokens.prompt(messages)
    alone = pair if pair.in_one_batch else replace(pair, mixed=None, tuned=pair.mixed)
    steps = _both(alone, [prompt, prompt], settings)
    return [token for _, token in steps if token is not None]


def chat_dtype(base: BaseModel, device: Device) -> torch.dtype | str:
    """float32 on a CPU where it fits: then a batch of two gives the very tokens of a batch of one. Else as stored."""
    fits = 2 * base.weights_bytes / 2**30 < 0.4 * device.memory_gib
    return torch.float32 if device.kind == "cpu" and fits else "auto"


def _answer(pair: Pair, prompts: list[list[int]], settings: ChatSettings) -> Iterator[Answers]:
    """Streams both rows; two whole models answer one after the other."""
    started = time.monotonic()
    written: list[list[int]] = [[], []]
    thinks = [pair.tokens.tokenizer.decode(prompt).rstrip().endswith(OPEN) for prompt in prompts]
    for row_tokens in _both(pair, prompts, settings):
        for side, token in enumerate(row_tokens):
            if token is not None:
                written[side].append(token)
        yield _answers(pair, written, thinks, time.monotonic() - started)
    yield replace(_answers(pair, written, thinks, time.monotonic() - started), done=True)


def _both(pair: Pair, prompts: list[list[int]], settings: ChatSettings) -> Iterator[tuple[int | None, int | None]]:
    """Each step's new token of base and tuned; None for a side that has ended or waits its turn."""
    stops = frozenset(pair.tokens.stop_ids)
    options: dict[str, Any] = {
        "stop_ids": pair.tokens.stop_ids,
        "pad_token_id": pair.tokens.tokenizer.pad_token_id,
    }
    if pair.mixed is not None and pair.in_one_batch:
        ended = [False, False]
        extra = {"adapter_names": [BASE_ROW, ADAPTER]}
        for tokens in stream_tokens(pair.mixed, prompts, settings, **options, extra=extra):
            ended = [over or token in stops for over, token in zip(ended, tokens, strict=True)]
            base, tuned = (None if over else token for over, token in zip(ended, tokens, strict=True))
            yield base, tuned
        return
    for side in range(len(SIDES)):
        with _alone(pair, side) as model:
            if model is None:
                continue
            for (token,) in stream_tokens(model, [prompts[side]], settings, **options, extra={}):
                if token not in stops:
                    yield (token, None) if side == 0 else (None, token)


@contextmanager
def _alone(pair: Pair, side: int) -> Iterator[Any]:
    """The model that answers as this side (0: base, 1: tuned); None where only the other was opened."""
    if pair.mixed is None:
        yield (pair.base, pair.tuned)[side]
    elif side == 0:
        with pair.mixed.disable_adapter():
            yield pair.mixed.get_base_model()
    else:
        yield pair.mixed


def _answers(pair: Pair, written: list[list[int]], thinks: list[bool], seconds: float) -> Answers:
    texts = [pair.tokens.tokenizer.decode(tokens, skip_special_tokens=True).rstrip("\ufffd") for tokens in written]
    base, tuned = (parted(text, thinks=begun) for text, begun in zip(texts, thinks, strict=True))
    return Answers(
        base=base.answer,
        tuned=tuned.answer,
        seconds=seconds,
        base_tokens=len(written[0]),
        tuned_tokens=len(written[1]),
        base_thought=base.thought,
        tuned_thought=tuned.thought,
    )


def _refuse_too_long(prompts: list[list[int]], settings: ChatSettings, context_tokens: int) -> None:
    longest = max(len(prompt) for prompt in prompts)
    if longest + settings.max_new_tokens > context_tokens:
        room = context_tokens - longest
        if room <= 0:
            raise ConversationTooLong(found=longest, expected=context_tokens)
        expected = f"at most {room} after {longest} tokens of conversation (this model reads {context_tokens})"
        raise OptionRefused(name="max_new_tokens", found=settings.max_new_tokens, expected=expected)
