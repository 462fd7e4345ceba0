"""A tuned classifier, asked: the labels with their probabilities. Its base model has no answer, for its head is new."""

import time
from dataclasses import dataclass
from typing import Any

import torch

from core.chat.conversation import Answers, Chance, Conversation
from core.data.tokenize import Tokenization
from core.errors import ConversationTooLong
from core.hardware import Device
from core.models.catalog import open_base
from core.models.heads import open_classifier
from core.models.load import load_adapter, load_tokenizer
from core.strategies import STRATEGIES
from core.training.plan import TrainingPlan
from core.workspace import RunFolder


@dataclass(frozen=True)
class Judge:
    """A classifier ready to answer; max_length: the most tokens it reads."""

    key: tuple[str, float]
    tokens: Tokenization
    max_length: int
    model: Any

    def answer(self, conversation: Conversation) -> Answers:
        """The label of the last question alone, with the probabilities of all, the likeliest first.

        Raises:
            ConversationTooLong: it is longer than the model reads.
        """
        started, text = time.monotonic(), conversation.turns[-1].question
        found = self.tokens.text(text, self.max_length).full_length
        if found > self.max_length:
            raise ConversationTooLong(found=found, expected=self.max_length)
        likely = torch.softmax(self.logits(text), dim=-1)
        names = self.model.config.id2label
        chances = [Chance(names[number], likely[number].item()) for number in likely.argsort(descending=True).tolist()]
        seconds = time.monotonic() - started
        return Answers(base="", tuned=chances[0].label, done=True, seconds=seconds, chances=tuple(chances))

    @torch.no_grad()
    def logits(self, text: str) -> torch.Tensor:
        """One number a label, in float32, of as much of a text as is read: shape (labels,)."""
        ids = torch.tensor([self.tokens.text(text, self.max_length).ids], device=self.model.device)
        logits: torch.Tensor = self.model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
        return logits[0].float().cpu()


def open_judge(
    folder: RunFolder, plan: TrainingPlan, device: Device, *, dtype: torch.dtype | str, key: tuple[str, float]
) -> Judge:
    """Loads what a run made."""
    base = open_base(plan.base)
    tokens = Tokenization(load_tokenizer(base, needs_template=False), base.path)
    return Judge(key, tokens, base.context_tokens, tuned_classifier(folder, plan, dtype).to(device.kind))


def tuned_classifier(folder: RunFolder, plan: TrainingPlan, dtype: torch.dtype | str) -> Any:
    """The model of a run that learned labels, on the CPU; an adapter beside its base model."""
    from transformers import AutoConfig

    if STRATEGIES.get(plan.strategy).saves == "model":
        return open_classifier(folder.adapter, dtype)
    config = AutoConfig.from_pretrained(folder.adapter, trust_remote_code=False)
    return load_adapter(open_classifier(open_base(plan.base).path, dtype, config), folder.adapter)
