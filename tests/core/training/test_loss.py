from pathlib import Path
from typing import Any

import pytest
import torch

from core.data.tokenize import IGNORED
from core.models.catalog import open_base
from core.models.load import load_model
from core.strategies import STRATEGIES
from core.training.batching import collate
from core.training.loss import RESHAPING_CONFIG_KEYS, summed_loss
from tests.helpers.plans import tiny_plan


def batch_of(*lengths: int) -> dict[str, torch.Tensor]:
    """Rows of random tokens, padded, in which the second half is learned."""
    draw = torch.Generator().manual_seed(1)
    rows = []
    for length in lengths:
        ids = torch.randint(3, 320, (length,), generator=draw).tolist()
        rows.append({"input_ids": ids, "labels": [IGNORED] * (length // 2) + ids[length // 2 :]})
    return collate(rows, pad_token_id=0)


@pytest.fixture
def model(tiny: Path) -> Any:
    return load_model(open_base(str(tiny)), torch.float32)


@pytest.fixture
def lora_model(tiny: Path, model: Any) -> Any:
    """With an adapter that does something: PEFT starts it at zero."""
    tuned = STRATEGIES.get("lora").prepare(model, tiny_plan(tiny).strategy_options)
    torch.manual_seed(3)
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight.normal_(std=0.2)
    return tuned.eval()


@pytest.mark.parametrize("lengths", [(12,), (12, 12), (30, 4, 17)], ids=["one row", "no padding", "padding"])
@pytest.mark.parametrize("kind", ["model", "lora_model"])
def test_it_is_the_models_own_loss(kind: str, lengths: tuple[int, ...], request: pytest.FixtureRequest):
    model, batch = request.getfixturevalue(kind), batch_of(*lengths)
    total, learned = summed_loss(model, batch)
    assert learned == int((batch["labels"][:, 1:] != IGNORED).sum())
    assert (total / learned).item() == pytest.approx(model(**batch).loss.item(), abs=1e-5)


def test_its_gradients_are_the_models_own(model: Any):
    batch = batch_of(30, 4, 17)
    total, learned = summed_loss(model, batch)
    (total / learned).backward()
    ours = {name: weight.grad.clone() for name, weight in model.named_parameters()}
    model.zero_grad()
    model(**batch).loss.backward()
    for name, weight in model.named_parameters():
        torch.testing.assert_close(ours[name], weight.grad, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("Gemma2", {"final_logit_softcapping": 5.0, "head_dim": 8}),
        ("Cohere", {"logit_scale": 0.25}),
        ("Granite", {"logits_scaling": 8.0}),
    ],
)
def test_models_that_reshape_their_logits_do_it_themselves(kind: str, changes: dict[str, Any]):
    import transformers

    shape = {"vocab_size": 320, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
    heads = {
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
    }
    config = getattr(transformers, f"{kind}Config")(**shape, **heads, **changes)
    torch.manual_seed(0)
    model = getattr(transformers, f"{kind}ForCausalLM")(config).eval()
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    batch = batch_of(20, 9)
    total, learned = summed_loss(model, batch)
    assert (total / learned).item() == pytest.approx(model(**batch).loss.item(), abs=1e-4)


def test_every_model_of_transformers_that_reshapes_its_logits_is_known():
    """Their sources tell: whatever happens to the logits after the last layer must be among the keys we know."""
    import re

    import transformers

    seen = set()
    for path in (Path(transformers.__file__).parent / "models").glob("*/modeling_*.py"):
        source = path.read_text(encoding="utf-8")
        for line in re.findall(r"^ +logits = (?:logits|self\.lm_head\([^)]*\)) [*/] self\.(.*)$", source, re.MULTILINE):
            seen.add(line.split(".")[-1].split(" ")[0].rstrip(")"))
    assert len(seen) >= 3
    assert seen <= set(RESHAPING_CONFIG_KEYS)
