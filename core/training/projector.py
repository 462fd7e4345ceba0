"""Answers the questions of the film strip at each held-out check, without a trace in the training itself."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy
import torch
from transformers import GenerationConfig, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from core.chat.generate import left_padded
from core.data.tokenize import Tokenization
from core.training.filmstrip import MOST_NEW_TOKENS


class Projector(TrainerCallback):
    """A Trainer callback that answers after each measurement of the held-back rows, and tells the answers.

    A question that leaves no room for an answer in `context_tokens` keeps its end.
    """

    def __init__(
        self,
        tokens: Tokenization,
        prompts: Sequence[str],
        tell: Callable[[str, TrainerState, dict[str, Any]], None],
        *,
        context_tokens: int,
    ) -> None:
        self._tokens = tokens
        self._tell = tell
        asked = (tokens.prompt([{"role": "user", "content": prompt}]) for prompt in prompts)
        self._asked = [ids[-(context_tokens - MOST_NEW_TOKENS) :] for ids in asked]

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, model: Any = None, **_: Any
    ) -> None:
        """A frame of the strip."""
        with undisturbed(model):
            answers = answers_of(model, self._tokens, self._asked)
        self._tell("answers", state, {"answers": answers})


@contextmanager
def undisturbed(model: Any) -> Iterator[None]:
    """Training goes on as if nothing had happened: random states and the model's mode are what they were before."""
    drawn, numbers, was_training = random.getstate(), numpy.random.get_state(), model.training
    devices = [model.device] if model.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices), torch.no_grad():
        model.eval()
        yield
    model.train(was_training)
    random.setstate(drawn)
    numpy.random.set_state(numbers)


def answers_of(model: Any, tokens: Tokenization, prompts: Sequence[Sequence[int]]) -> list[str]:
    """The likeliest answer to each prompt, all in one batch; at most MOST_NEW_TOKENS tokens each."""
    pad = tokens.tokenizer.pad_token_id
    batch = {name: tensor.to(model.device) for name, tensor in left_padded(prompts, pad).items()}
    greedy = GenerationConfig(
        max_new_tokens=MOST_NEW_TOKENS, do_sample=False, eos_token_id=list(tokens.stop_ids), pad_token_id=pad
    )
    written = model.generate(**batch, generation_config=greedy)[:, batch["input_ids"].shape[1] :]
    return [tokens.tokenizer.decode(row, skip_special_tokens=True).strip() for row in written.tolist()]
