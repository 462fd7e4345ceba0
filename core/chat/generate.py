"""Answers, token by token, for a batch of prompts that may belong to different adapters of one model."""

import threading
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from typing import Any

import torch
from transformers import StoppingCriteria
from transformers.generation.streamers import BaseStreamer

from core.chat.settings import ChatSettings


class Stopper(StoppingCriteria):
    """Ends a generation when somebody asks for it."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def stop(self) -> None:
        """Asks."""
        self._asked.set()

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: Any) -> torch.Tensor:
        """True for every row (batch,) once asked."""
        return torch.full((input_ids.shape[0],), self._asked.is_set(), dtype=torch.bool, device=input_ids.device)


class BatchStreamer(BaseStreamer):
    """Hands out each step's token of every row; the prompt comes first and is left out."""

    def __init__(self) -> None:
        self.queue: SimpleQueue[tuple[int, ...] | BaseException | None] = SimpleQueue()
        self._prompt_seen = False

    def put(self, value: torch.Tensor) -> None:
        """The prompt (batch, seq) once, then the new tokens (batch,)."""
        if self._prompt_seen:
            self.queue.put(tuple(value.flatten().tolist()))
        self._prompt_seen = True

    def end(self) -> None:
        """Nothing more comes."""
        self.queue.put(None)


def left_padded(prompts: Sequence[Sequence[int]], pad_token_id: int) -> dict[str, torch.Tensor]:
    """input_ids and attention_mask of shape (batch, seq), padded on the left so that answers start together."""
    longest = max(len(prompt) for prompt in prompts)
    ids = [[pad_token_id] * (longest - len(prompt)) + list(prompt) for prompt in prompts]
    mask = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts]
    return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}


def stream_tokens(
    model: Any,
    prompts: Sequence[Sequence[int]],
    settings: ChatSettings,
    *,
    stop_ids: Sequence[int],
    pad_token_id: int,
    extra: dict[str, Any],
) -> Iterator[tuple[int, ...]]:
    """One tuple a step with the new token of each row; after a row ended, its token is a pad.

    Generation runs in a thread of its own; leaving the iterator stops it after its current token.
    """
    streamer, stopper = BatchStreamer(), Stopper()
    batch = {name: tensor.to(model.device) for name, tensor in left_padded(prompts, pad_token_id).items()}
    options = {**_sampling(settings), "eos_token_id": list(stop_ids), "pad_token_id": pad_token_id, **extra}

    def work() -> None:
        try:
            with torch.no_grad():
                torch.manual_seed(settings.seed)
                model.generate(**batch, **options, streamer=streamer, stopping_criteria=[stopper])
        except BaseException as error:  # noqa: BLE001 - handed to the reader below, who raises it
            streamer.queue.put(error)

    thread = threading.Thread(target=work, name="answers", daemon=True)
    thread.start()
    try:
        while (item := streamer.queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopper.stop()
        thread.join()


def _sampling(settings: ChatSettings) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "max_new_tokens": settings.max_new_tokens,
        "do_sample": settings.temperature > 0,
    }
    if settings.temperature > 0:
        return {**chosen, "temperature": settings.temperature, "top_p": settings.top_p, "top_k": 0}
    return {**chosen, "temperature": None, "top_p": None, "top_k": None}
