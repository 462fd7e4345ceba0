import json
import shutil
from pathlib import Path

import pytest
import torch

from core.errors import BaseIncomplete, BaseNotSupported, NoTurnMarks
from core.models.catalog import open_base
from core.models.load import empty_model, load_model, load_tokenizer, stored_dtype
from tests.helpers.tiny import tiny_base

UNKNOWN_KIND = '{"version": "1.0", "added_tokens": [], "model": {"type": "Nothing"}}'


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "model"))


def test_a_model_is_opened_ready_to_answer(tiny: Path):
    base = open_base(str(tiny))
    model = load_model(base, torch.float32)
    assert not model.training
    assert model.dtype == torch.float32
    assert sum(weight.numel() for weight in model.parameters()) == sum(
        weight.numel() for weight in empty_model(base).parameters()
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_the_number_format_of_a_base_is_that_of_its_weights(tiny: Path, tmp_path: Path, dtype: torch.dtype):
    load_model(open_base(str(tiny)), dtype).save_pretrained(tmp_path, max_shard_size="60KB")
    assert stored_dtype(open_base(str(tmp_path))) == dtype


def test_the_empty_model_takes_no_memory(tiny: Path):
    assert all(weight.device.type == "meta" for weight in empty_model(open_base(str(tiny))).parameters())


def test_the_empty_model_counts_tied_weights_once(tmp_path: Path):
    base = open_base(str(tiny_base(tmp_path / "tied", tie_word_embeddings=True)))
    counts = [sum(weight.numel() for weight in model.parameters()) for model in (empty_model(base),)]
    assert counts == [sum(weight.numel() for weight in load_model(base, torch.float32).parameters())]


def test_damaged_weights_are_incomplete(folder: Path):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(BaseIncomplete, match="weights that do not open"):
        load_model(open_base(str(folder)), torch.float32)


def test_weights_of_which_some_are_missing_are_incomplete(folder: Path):
    """transformers would fill the gap with random numbers and only log it."""
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    weights = load_file(path)
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(BaseIncomplete, match="up_proj"):
        load_model(open_base(str(folder)), torch.float32)


def test_an_architecture_that_transformers_lacks_is_not_supported(folder: Path):
    path = folder / "config.json"
    config = {
        **json.loads(path.read_text(encoding="utf-8")),
        "model_type": "nothing",
        "architectures": ["XForCausalLM"],
    }
    path.write_text(json.dumps(config), encoding="utf-8")
    base = open_base(str(folder))
    with pytest.raises(BaseNotSupported):
        load_model(base, torch.float32)
    with pytest.raises(BaseNotSupported, match="XForCausalLM"):
        empty_model(base)


def test_a_base_without_a_chat_template_has_no_turn_marks(tmp_path: Path):
    base = open_base(str(tiny_base(tmp_path / "plain", template=None)))
    with pytest.raises(NoTurnMarks, match="is missing"):
        load_tokenizer(base)


@pytest.mark.parametrize("content", [None, "{", "{}", "[]", '{"version": "9"}', UNKNOWN_KIND])
def test_a_tokenizer_that_does_not_open_is_incomplete(folder: Path, content: str | None):
    path = folder / "tokenizer.json"
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BaseIncomplete, match="no usable tokenizer"):
        load_tokenizer(open_base(str(folder)))


def test_a_tokenizer_without_a_pad_token_pads_with_its_end(folder: Path):
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    del config["pad_token"]
    path.write_text(json.dumps(config), encoding="utf-8")
    tokenizer = load_tokenizer(open_base(str(folder)))
    assert tokenizer.pad_token == tokenizer.eos_token == "<|im_end|>"
