"""The loss of DPO, against its formula written down a second time, without any of what makes ours fast."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from core.data.examples import Example, Message
from core.data.tokenize import IGNORED, Tokenization
from core.errors import NoPairs
from core.models.catalog import open_base
from core.models.load import load_model, load_tokenizer
from core.strategies import STRATEGIES
from core.tasks.preference import PairRow, Preference, PreferenceOptions, answer_logps, with_rejected

TASK = Preference()
PAIRS = (("Where is it?", "It is on its way.", "Look."), ("And now?", "It is here.", "I do not know, look for it."))


def pair(asked: str, better: str, worse: str) -> Example:
    return Example("1", (Message("user", asked), Message("assistant", better)), rejected=worse)


@pytest.fixture
def tokens(tiny: Path) -> Tokenization:
    return Tokenization(load_tokenizer(open_base(str(tiny))))


@pytest.fixture
def rows(tokens: Tokenization) -> tuple[PairRow, ...]:
    return TASK.rows(tokens, [pair(*texts) for texts in PAIRS], 64, ())


def opened(tiny: Path) -> Any:
    return load_model(open_base(str(tiny)), torch.float32)


def moved(tiny: Path) -> Any:
    """The tiny base with other weights: a policy that is no longer its reference."""
    model = opened(tiny)
    torch.manual_seed(5)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.05 * torch.randn_like(weight))
    return model


def batch_of(rows: tuple[PairRow, ...]) -> dict[str, torch.Tensor]:
    return TASK.collate([row.item for row in rows], pad_token_id=0)


def logp(model: Any, row: Any) -> float:
    """log p(answer | question), token by token, of one row alone."""
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([row.input_ids])).logits[0].double()
    found = 0.0
    for place, label in enumerate(row.labels):
        if label != IGNORED:
            found += torch.log_softmax(logits[place - 1], dim=-1)[label].item()
    return found


@pytest.mark.parametrize("beta", [0.1, 0.5])
def test_the_loss_is_that_of_the_paper(tiny: Path, rows: tuple[PairRow, ...], beta: float):
    policy, reference = moved(tiny), opened(tiny)
    known = TASK.studied(reference, rows, 0, 1)
    measured = TASK.loss(policy, batch_of(known), PreferenceOptions(beta=beta))
    expected, rewards = 0.0, []
    for row in rows:
        better = logp(policy, row.chosen) - logp(reference, row.chosen)
        worse = logp(policy, row.rejected) - logp(reference, row.rejected)
        expected += -math.log(1 / (1 + math.exp(-beta * (better - worse))))
        rewards.append([beta * better, beta * worse])
    assert measured.count == 2
    assert measured.total.item() == pytest.approx(expected, abs=1e-4)
    torch.testing.assert_close(measured.judged, torch.tensor(rewards), atol=1e-4, rtol=1e-4)


def test_the_loss_is_that_of_trl(tiny: Path, rows: tuple[PairRow, ...]):
    """trl/trainer/dpo_trainer.py, loss_type="sigmoid", label_smoothing=0, as published in TRL."""
    policy, reference, beta = moved(tiny), opened(tiny), 0.1
    batch = batch_of(TASK.studied(reference, rows, 0, 2))
    with torch.no_grad():
        chosen_logps, rejected_logps = answer_logps(policy, batch).chunk(2)
        ref_chosen_logps, ref_rejected_logps = answer_logps(reference, batch).chunk(2)
    logits = (chosen_logps - rejected_logps) - (ref_chosen_logps - ref_rejected_logps)
    expected = -torch.nn.functional.logsigmoid(beta * logits)
    torch.testing.assert_close(TASK.loss(policy, batch, PreferenceOptions()).total, expected.sum())


def test_before_the_first_step_nothing_is_preferred(tiny: Path, rows: tuple[PairRow, ...]):
    model = opened(tiny)
    known = TASK.studied(model, rows, 0, 2)
    tuned = STRATEGIES.get("lora").prepare(model, STRATEGIES.get("lora").options())
    measured = TASK.loss(tuned, batch_of(known), PreferenceOptions())
    assert measured.total.item() / 2 == pytest.approx(math.log(2), abs=1e-5)


def test_the_reference_is_the_model_with_its_adapter_off(tiny: Path, rows: tuple[PairRow, ...]):
    known = TASK.studied(opened(tiny), rows, 0, 2)
    tuned = STRATEGIES.get("lora").prepare(opened(tiny), STRATEGIES.get("lora").options())
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight.normal_()
        batch = batch_of(known)
        assert not torch.allclose(answer_logps(tuned, batch), batch["reference"], atol=1e-2)
        with tuned.disable_adapter():
            torch.testing.assert_close(answer_logps(tuned, batch), batch["reference"], atol=1e-4, rtol=1e-4)


def test_the_order_and_the_batches_of_the_reference_change_nothing(tiny: Path, rows: tuple[PairRow, ...]):
    model, many = opened(tiny), rows * 3
    one, four = (TASK.studied(model, many, 0, size) for size in (1, 4))
    assert [row.chosen for row in four] == [row.chosen for row in many]
    for single, grouped in zip(one, four, strict=True):
        assert single.reference == pytest.approx(grouped.reference, abs=1e-4)


def test_a_step_makes_the_better_answer_likelier_than_the_worse(tiny: Path, rows: tuple[PairRow, ...]):
    model = opened(tiny)
    batch = batch_of(TASK.studied(model, rows, 0, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    TASK.loss(model, batch, PreferenceOptions()).total.backward()
    optimizer.step()
    judged = TASK.loss(model, batch, PreferenceOptions()).judged
    assert judged is not None and bool((judged[:, 0] > judged[:, 1]).all())


def test_only_the_last_answer_counts(tokens: Tokenization):
    turns = (("user", "Hello?"), ("assistant", "It is here."), ("user", "Where?"), ("assistant", "On its way."))
    talk = Example("1", tuple(Message(role, text) for role, text in turns), rejected="Look.")
    (row,) = TASK.rows(tokens, [talk], 256, ())
    for side, answer in ((row.chosen, "On its way."), (row.rejected, "Look.")):
        learned = [label for label in side.labels if label != IGNORED]
        assert tokens.tokenizer.decode(learned) == f"{answer}<|im_end|>"


def test_the_preview_shows_both_answers_apart(tokens: Tokenization, rows: tuple[PairRow, ...]):
    segments = TASK.preview(tokens, rows[:1], ()).segments
    assert [segment.text for segment in segments if segment.learned] == ["It is on its way.<|im_end|>"]
    assert [segment.text for segment in segments if segment.avoided] == ["Look.<|im_end|>"]


def test_examples_without_a_worse_answer_are_no_pairs(tokens: Tokenization):
    alone = Example("1", (Message("user", "a"), Message("assistant", "b")))
    assert TASK.rows(tokens, [alone, pair(*PAIRS[0])], 64, ()) == TASK.rows(tokens, [pair(*PAIRS[0])], 64, ())
    (issue,) = TASK.concerns([alone], []).issues
    assert isinstance(issue, NoPairs)
    assert TASK.concerns([alone, pair(*PAIRS[0])], []).issues == ()


def test_the_worse_answer_takes_the_place_of_the_better():
    assert with_rejected(pair("a", "b", "c")).messages == (Message("user", "a"), Message("assistant", "c"))
