import json
import re
import shutil
from pathlib import Path

import pytest

from core.errors import BaseIncomplete, BaseMissing, BaseNotSupported, BaseUnsafe, BaseWithoutWeights
from core.models.catalog import find_bases, open_base, weight_files
from tests.helpers.tiny import in_shards


@pytest.fixture(autouse=True)
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A local Hugging Face cache of the test's own, empty."""
    folder = tmp_path / "hub-cache"
    folder.mkdir()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    monkeypatch.setattr("huggingface_hub.utils._cache_manager.HF_HUB_CACHE", str(folder), raising=False)
    return folder


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny base that a test may damage."""
    return Path(shutil.copytree(tiny, tmp_path / "my model"))


def change_config(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    config = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    path.write_text(json.dumps({name: value for name, value in config.items() if value is not ...}), encoding="utf-8")


def cache_layout(cache: Path, base: Path, name: str) -> Path:
    """The tiny base as the hub's client keeps a model it downloaded."""
    repo, revision = cache / ("models--" + name.replace("/", "--")), "a" * 40
    snapshot, blobs = repo / "snapshots" / revision, repo / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(revision, encoding="utf-8")
    for number, path in enumerate(base.iterdir()):
        shutil.copyfile(path, blobs / f"{number:040x}")
        (snapshot / path.name).symlink_to(blobs / f"{number:040x}")
    return snapshot


def test_a_folder_is_described(folder: Path):
    base = open_base(str(folder))
    assert (base.source, base.path, base.architecture) == ("folder", folder, "LlamaForCausalLM")
    assert (base.hidden_size, base.num_layers, base.vocabulary, base.context_tokens) == (32, 2, 320, 512)
    assert base.weights_bytes == (folder / "model.safetensors").stat().st_size
    assert base.has_weights


def test_a_folder_is_named_so_that_it_is_found_from_anywhere(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(folder.parent)
    assert open_base("./my model").name == str(folder)


def test_the_starter_is_first(no_cache: Path):
    assert [base.name for base in find_bases()] == ["starter"]
    assert open_base("starter").has_weights


def test_a_config_alone_can_be_estimated_but_not_trained(folder: Path):
    (folder / "model.safetensors").unlink()
    assert not open_base(str(folder), needs_weights=False).has_weights
    with pytest.raises(BaseWithoutWeights) as caught:
        open_base(str(folder))
    assert str(folder) in str(caught.value)


def test_weights_that_are_there_twice_count_once(folder: Path):
    """Some authors put their own layout beside the one that is opened."""
    shutil.copyfile(folder / "model.safetensors", folder / "consolidated.safetensors")
    assert open_base(str(folder)).weights_bytes == (folder / "model.safetensors").stat().st_size
    (folder / "model.safetensors").unlink()
    with pytest.raises(BaseWithoutWeights):
        open_base(str(folder))


def test_weights_in_shards_are_described_as_one(tiny: Path, tmp_path: Path):
    folder = in_shards(tiny, tmp_path / "shards")
    shards = list(folder.glob("model-*.safetensors"))
    assert len(shards) > 1
    assert weight_files(folder) == tuple(sorted(shards))
    assert open_base(str(folder)).weights_bytes == sum(shard.stat().st_size for shard in shards)


@pytest.mark.parametrize("lost", ["model-00002-of-*.safetensors", "model.safetensors.index.json"])
def test_weights_of_which_a_part_is_missing_are_incomplete(tiny: Path, tmp_path: Path, lost: str):
    folder = in_shards(tiny, tmp_path / "shards")
    (path,) = folder.glob(lost)
    path.unlink()
    with pytest.raises(BaseIncomplete, match=re.escape(path.name)):
        open_base(str(folder))
    assert open_base(str(folder), needs_weights=False).hidden_size == 32


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"weight_map": [1]}', '{"weight_map": null}'])
def test_a_damaged_index_is_incomplete(tiny: Path, tmp_path: Path, content: str):
    folder = in_shards(tiny, tmp_path / "shards")
    (folder / "model.safetensors.index.json").write_text(content, encoding="utf-8")
    with pytest.raises(BaseIncomplete, match="damaged"):
        open_base(str(folder))


def test_pickled_weights_are_never_opened(folder: Path):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(BaseUnsafe, match=r"pytorch_model\.bin"):
        open_base(str(folder))


def test_code_of_its_own_is_never_run(folder: Path):
    change_config(folder, auto_map={"AutoModelForCausalLM": "modeling_mine.Mine"})
    with pytest.raises(BaseUnsafe, match="auto_map"):
        open_base(str(folder))


@pytest.mark.parametrize(
    ("config", "found"),
    [
        (None, "no config.json"),
        ("{", "no JSON"),
        ("\udcff", "no JSON"),
        ("[]", "without model_type"),
        ("{}", "without model_type"),
        ('{"model_type": "llama"}', "hidden_size"),
        ('{"model_type": "llama", "hidden_size": "wide", "num_hidden_layers": 1, "vocab_size": 2}', "wide"),
        ('{"model_type": "llama", "text_config": null}', "hidden_size"),
        ('{"model_type": "llama", "text_config": [1]}', "nothing usable"),
    ],
)
def test_a_config_that_says_nothing_usable_is_incomplete(folder: Path, config: str | None, found: str):
    path = folder / "config.json"
    path.unlink()
    if config is not None:
        path.write_bytes(config.encode("utf-8", "surrogateescape"))
    with pytest.raises(BaseIncomplete, match=found):
        open_base(str(folder))


def test_a_model_that_neither_writes_nor_reads_text_is_not_supported(folder: Path):
    change_config(folder, architectures=["ViTForImageClassification"], model_type="vit")
    with pytest.raises(BaseNotSupported, match="ViTForImageClassification"):
        open_base(str(folder))


@pytest.mark.parametrize(
    ("config", "context"),
    [
        ({"architectures": ["BertForMaskedLM"], "model_type": "bert"}, 512),
        ({"architectures": ["BertModel"], "model_type": "bert"}, 512),
        ({"architectures": ["RobertaForMaskedLM"], "model_type": "roberta", "pad_token_id": 1}, 510),
        (
            {
                "architectures": ["DistilBertForMaskedLM"],
                "model_type": "distilbert",
                **{"hidden_size": ..., "num_hidden_layers": ..., "dim": 32, "n_layers": 2},
            },
            512,
        ),
    ],
)
def test_an_encoder_is_a_base_model_that_only_reads(folder: Path, config: dict, context: int):
    change_config(folder, **config)
    base = open_base(str(folder))
    assert not base.writes
    assert (base.hidden_size, base.num_layers, base.context_tokens) == (32, 2, context)


def test_a_model_inside_another_is_described_by_its_text_part(folder: Path):
    text = {"hidden_size": 64, "num_hidden_layers": 3, "vocab_size": 99, "max_position_embeddings": 256}
    change_config(folder, text_config=text, hidden_size=..., architectures=["Gemma3ForConditionalGeneration"])
    base = open_base(str(folder))
    assert (base.hidden_size, base.num_layers, base.vocabulary, base.context_tokens) == (64, 3, 99, 256)


@pytest.mark.parametrize("name", ["no-such-model", "./no/such/folder", "/no/such", "~/no-such-model", "", "a/b/c"])
def test_an_unknown_name_is_answered_with_the_choices_that_work(name: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BaseMissing) as caught:
        open_base(name)
    assert "starter" in str(caught.value.facts["choices"])


def test_a_name_that_could_be_none_on_the_hub_is_missing():
    with pytest.raises(BaseMissing):
        open_base("somebody/a model?")


def test_what_is_in_the_local_cache_is_found_by_its_name(no_cache: Path, tiny: Path):
    snapshot = cache_layout(no_cache, tiny, "somebody/tiny")
    assert [base.name for base in find_bases()] == ["starter", "somebody/tiny"]
    base = open_base("somebody/tiny")
    assert (base.source, base.path) == ("cache", snapshot)
    with pytest.raises(BaseMissing, match="starter, somebody/tiny"):
        open_base("other")


def test_what_cannot_be_tuned_is_not_offered_from_the_cache(no_cache: Path, tiny: Path, tmp_path: Path):
    (cache_layout(no_cache, tiny, "a/config-only") / "model.safetensors").unlink()
    (cache_layout(no_cache, tiny, "b/broken") / "config.json").unlink()
    (cache_layout(no_cache, tiny, "c/wordless") / "tokenizer.json").unlink()
    shards = cache_layout(no_cache, in_shards(tiny, tmp_path / "shards"), "d/half")
    next(shards.glob("model-00001-of-*")).unlink()
    assert [base.name for base in find_bases()] == ["starter"]


def test_a_machine_without_a_cache_has_the_starter(no_cache: Path):
    no_cache.rmdir()
    assert [base.name for base in find_bases()] == ["starter"]
