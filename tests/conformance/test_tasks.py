"""Every task, on the tiny base, and on an encoder where it takes one: it learns, moves what it should, is saved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from core.data.examples import TASKS as KINDS
from core.data.examples import Example, Message
from core.data.tokenize import Tokenization
from core.evaluation import FIGURES, METRICS
from core.knobs import knobs_of
from core.models.catalog import open_base
from core.models.heads import open_classifier
from core.models.load import load_adapter, load_model, load_tokenizer, open_causal
from core.strategies import STRATEGIES
from core.tasks import TASKS, Task, task_names_for
from core.training.batching import Rows

MAX_LENGTH, STEPS = 64, 3
WORDS = ("good", "bad", "quick", "slow", "late", "whole")
CASES = [
    (task.name, base, strategy)
    for task in TASKS
    for base in (("tiny",) if task.writes else ("tiny", "bert"))
    for strategy in ("lora", "full", *(() if task.writes else ("ia3",)))
]
each_case = pytest.mark.parametrize(("name", "base", "strategy"), CASES)


def example(number: int, kind: str) -> Example:
    word = WORDS[number % len(WORDS)]
    asked, told = Message("user", f"Parcel {number} is {word}."), Message("assistant", f"It is {word}.")
    if kind == "passage":
        return Example(str(number), (Message("assistant", f"Parcel {number} is {word}. " * 6),))
    if kind == "classification":
        return Example(str(number), (asked, Message("assistant", ("praise", "blame")[number % 2])))
    return Example(str(number), (asked, told), rejected="Look." if kind == "preference" else "")


class Case:
    """A task with a model that is ready to learn, and one batch."""

    def __init__(self, task: Task, base: Path, strategy: str) -> None:
        self.task, self.base, self.strategy = task, open_base(str(base)), STRATEGIES.get(strategy)
        tokenizer = load_tokenizer(self.base, needs_template=task.needs_template)
        examples = [example(number, task.name) for number in range(6)]
        self.pad = tokenizer.pad_token_id
        self.labels = task.labels(examples)
        self.rows = task.rows(Tokenization(tokenizer), examples, MAX_LENGTH, self.labels)
        self.options = task.options()
        torch.manual_seed(0)
        opened = self.opened()
        self.rows = task.studied(opened, self.rows, self.pad, 4)
        self.untouched = weights_of(opened)
        self.model = self.strategy.prepare(opened, self.strategy.options(), task.peft_type).eval()
        rows = Rows(self.rows)
        self.batch = task.collate([rows[number] for number in range(len(rows))], self.pad)

    def opened(self) -> Any:
        return self.task.open(self.base, torch.float32, "cpu", labels=self.labels, pad_token_id=self.pad)

    def loss(self) -> torch.Tensor:
        measured = self.task.loss(self.model, self.batch, self.options)
        assert measured.count == self.task.count(self.batch) > 0
        assert (measured.judged is None) == (not self.task.figures)
        return measured.total / measured.count

    def train(self) -> list[float]:
        """Three steps on one batch; the loss before each, and after the last."""
        weights = [weight for weight in self.model.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(weights, lr=3e-3 if self.base.writes else 1e-3)
        losses = []
        for _ in range(STEPS):
            loss = self.loss()
            losses.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return [*losses, self.loss().item()]

    def again(self, folder: Path) -> Any:
        """What was saved, opened as a stranger would."""
        self.model.save_pretrained(folder)
        if not self.task.writes:
            self.model.config.save_pretrained(folder)
            if self.strategy.saves == "model":
                return open_classifier(folder, torch.float32)
            return load_adapter(open_classifier(self.base.path, torch.float32, self.model.config), folder)
        if self.strategy.saves == "model":
            return open_causal(folder, torch.float32)
        return load_adapter(load_model(self.base, torch.float32), folder)


def weights_of(model: Any) -> dict[str, torch.Tensor]:
    return {name: weight.detach().clone() for name, weight in model.named_parameters()}


@pytest.fixture
def case(tiny: Path, bert: Path) -> Callable[..., Case]:
    bases = {"tiny": tiny, "bert": bert}
    return lambda name, base, strategy: Case(TASKS.get(name), bases[base], strategy)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_it_says_what_it_is(task: Task):
    assert task.name.isidentifier()
    assert task.label and task.summary.endswith(".")
    assert task.suits and set(task.suits) <= set(KINDS)
    assert task.peft_type in ("CAUSAL_LM", "SEQ_CLS")
    assert all(name in METRICS for name in task.metrics) and all(name in FIGURES for name in task.figures)
    assert task.metrics or task.figures
    assert all(knob.label and knob.help.endswith(".") for knob in knobs_of(task.options))


@pytest.mark.parametrize("kind", KINDS)
def test_data_of_every_kind_are_first_of_all_for_the_task_of_their_name(kind: str):
    assert task_names_for(kind)[0] == kind


@each_case
def test_it_learns(case: Callable[..., Case], name: str, base: str, strategy: str):
    losses = case(name, base, strategy).train()
    assert all(torch.isfinite(torch.tensor(losses)))
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] - 1e-3


@each_case
def test_it_moves_only_what_it_trains(case: Callable[..., Case], name: str, base: str, strategy: str):
    made = case(name, base, strategy)
    before = weights_of(made.model)
    trainable = {label for label, weight in made.model.named_parameters() if weight.requires_grad}
    made.train()
    moved = {label for label, weight in made.model.named_parameters() if not torch.equal(weight, before[label])}
    unused = {label for label in trainable if made.task.peft_type == "SEQ_CLS" and "lm_head" in label}
    assert trainable and moved == trainable - unused
    if strategy == "lora":
        apart = [label for label in trainable if "lora_" not in label]
        assert bool(apart) == (not made.task.writes)  # the head is new, so it is learned in full
        frozen = {label for label in made.untouched if not label.startswith(("score", "classifier", "bert.pooler"))}
        with made.model.disable_adapter():
            now = weights_of(made.model.get_base_model())
        for label in frozen:
            stored = now.get(label, now.get(label.replace(".weight", ".base_layer.weight")))
            if stored is None:
                stored = now[label.replace(".bias", ".base_layer.bias")]
            assert torch.equal(stored, made.untouched[label])


@each_case
def test_what_is_saved_is_what_was_trained(
    case: Callable[..., Case], tmp_path: Path, name: str, base: str, strategy: str
):
    made = case(name, base, strategy)
    made.train()
    torch.manual_seed(1)  # what is opened anew and not saved would begin with other numbers
    again, model = made.again(tmp_path), made.model.eval()
    read = {part: made.batch[part] for part in ("input_ids", "attention_mask")}
    with torch.no_grad():
        torch.testing.assert_close(again(**read).logits, model(**read).logits)
    assert list(tmp_path.glob("*.safetensors"))
    if made.labels:
        assert again.config.id2label == dict(enumerate(made.labels))


@each_case
def test_it_counts_without_weights(case: Callable[..., Case], name: str, base: str, strategy: str):
    made = case(name, base, strategy)
    empty = made.task.empty(made.base, len(made.labels))
    empty = made.strategy.prepare(empty, made.strategy.options(), made.task.peft_type)
    shapes = [
        {label: (tuple(weight.shape), weight.requires_grad) for label, weight in model.named_parameters()}
        for model in (empty, made.model)
    ]
    assert shapes[0] == shapes[1]
