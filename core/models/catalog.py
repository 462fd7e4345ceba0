"""The base models this machine has: the shipped starter, local folders, and the local Hugging Face cache."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.errors import (
    BaseIncomplete,
    BaseMissing,
    BaseNotSupported,
    BaseUnsafe,
    BaseWithoutWeights,
)
from core.models import hub
from core.workspace import ASSETS

STARTER = "starter"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "tekken.json", "spiece.model", "vocab.txt")
WRITERS = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
# Models whose positions begin behind the pad token's id, as in RoBERTa: so many fewer tokens can be read.
OFFSET_POSITIONS = (
    *("roberta", "roberta-prelayernorm", "xlm-roberta", "xlm-roberta-xl", "camembert", "xmod", "mpnet", "ibert"),
    *("data2vec-text", "longformer"),
)
# What different families call the same number.
WIDTHS = ("hidden_size", "n_embd", "dim", "d_model")
DEPTHS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
LENGTHS = ("max_position_embeddings", "n_positions")


@dataclass(frozen=True)
class BaseModel:
    """A model to start from, as its folder describes it.

    writes: it writes text; an encoder only reads it, and can learn labels.
    """

    name: str
    path: Path
    source: Literal["starter", "folder", "cache", "hub"]
    architecture: str
    hidden_size: int
    num_layers: int
    vocabulary: int
    context_tokens: int
    weights_bytes: int
    writes: bool = True

    @property
    def has_weights(self) -> bool:
        """Whether there is anything to train; a config alone can be estimated only."""
        return self.weights_bytes > 0


def find_bases() -> tuple[BaseModel, ...]:
    """The models that work without a network, `starter` first."""
    return (_describe(ASSETS / STARTER, STARTER, "starter"), *_cached_bases())


def open_base(name: str, *, needs_weights: bool = True) -> BaseModel:
    """The base model a person means: `starter`, a folder, a name in the local cache, or a hub id.

    Args:
        needs_weights: whether they are to be there, whole; without, of a hub id only config.json is fetched.

    Raises:
        BaseMissing, HubOutOfReach: it is not here and cannot be had.
        BaseWithoutWeights, BaseIncomplete, BaseUnsafe, BaseNotSupported: it is here and cannot be used.
    """
    base = _locate(name, needs_weights)
    if needs_weights:
        missing = _missing_weights(base.path)
        if missing:
            raise BaseIncomplete(
                folder=base.path, found=f"weights without {missing}", expected="whole *.safetensors files"
            )
        if not base.has_weights:
            _refuse_other_weights(base.path)
            raise BaseWithoutWeights(folder=base.path)
    return base


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The safetensors files that are opened, of those that are there: the whole model, or the shards of its index.

    Others, such as consolidated.safetensors, are the same weights once more.
    """
    names = [WEIGHTS] if (folder / WEIGHTS).exists() else _shards(folder)
    return tuple(folder / name for name in names if (folder / name).exists())


def _locate(name: str, needs_weights: bool) -> BaseModel:
    if name == STARTER:
        return _describe(ASSETS / STARTER, STARTER, "starter")
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return _describe(folder.resolve(), str(folder.resolve()), "folder")
    cached = next((base for base in _cached_bases() if base.name == name), None)
    if cached is not None:
        return cached
    if not hub.is_hub_name(name):
        raise BaseMissing(name=name, choices=_choices())
    base = _describe(hub.fetch_config(name, _choices), name, "hub")  # what is refused is refused before its weights
    return _describe(hub.fetch(name, _choices), name, "hub") if needs_weights else base


def _describe(folder: Path, name: str, source: Literal["starter", "folder", "cache", "hub"]) -> BaseModel:
    config = _config(folder)
    try:
        shape = {**config, **(config.get("text_config") or {})}
        return BaseModel(
            name=name,
            path=folder,
            source=source,
            architecture=(config.get("architectures") or [config["model_type"]])[0],
            hidden_size=_number(shape, WIDTHS),
            num_layers=_number(shape, DEPTHS),
            vocabulary=int(shape["vocab_size"]),
            context_tokens=_context_tokens(shape),
            weights_bytes=sum(path.stat().st_size for path in weight_files(folder)),
            writes=_writes(config),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BaseIncomplete(
            folder=folder,
            found=f"config.json says nothing usable about {error}",
            expected="a causal language model's config.json",
        ) from error


def _number(shape: dict[str, Any], names: tuple[str, ...]) -> int:
    """The first of the names that says something; the last has to."""
    return int(next((shape[name] for name in names if shape.get(name)), None) or shape[names[0]])


def _context_tokens(shape: dict[str, Any]) -> int:
    positions = int(next((shape[name] for name in LENGTHS if shape.get(name)), 2048))
    offset = shape.get("pad_token_id", 1) + 1 if shape.get("model_type") in OFFSET_POSITIONS else 0
    return positions - offset


def _writes(config: dict[str, Any]) -> bool:
    """Whether it writes text; a config that names no class is taken for a model that does."""
    names = config.get("architectures") or []
    return not names or any(str(name).endswith(WRITERS) for name in names)


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BaseIncomplete(
            folder=folder, found="no config.json", expected="a model folder in the Hugging Face layout"
        ) from error
    except ValueError as error:
        raise BaseIncomplete(folder=folder, found="a config.json that is no JSON", expected="a JSON object") from error
    if not isinstance(config, dict) or "model_type" not in config:
        raise BaseIncomplete(folder=folder, found="a config.json without model_type", expected="a model's config.json")
    if config.get("auto_map"):
        raise BaseUnsafe(folder=folder, found="code of its own (auto_map in config.json)")
    _refuse_other_tasks(folder, config)
    return config


def _refuse_other_tasks(folder: Path, config: dict[str, Any]) -> None:
    """Models that write text, and those on which transformers can put a head for labels; not pictures, not speech."""
    if _writes(config) or config["model_type"] in _readers():
        return
    raise BaseNotSupported(
        folder=folder,
        found=config["architectures"][0],
        expected="a model that writes text (…ForCausalLM), or one that reads it, as BERT does",
    )


def _readers() -> Collection[str]:
    """The model types that transformers can open with a head for labels."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES

    names: Collection[str] = MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES
    return names


def _shards(folder: Path) -> list[str]:
    """The names of the weight files in the model's index; none without an index."""
    try:
        table = json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"]
        return sorted({str(name) for name in table.values()})
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaseIncomplete(folder=folder, found=f"a damaged {INDEX}", expected="the list of its weights") from error


def _missing_weights(folder: Path) -> str:
    """The name of a file without which the weights are not whole; nothing when they are, or when there are none."""
    if (folder / WEIGHTS).exists():
        return ""
    if not (folder / INDEX).exists():
        return INDEX if any(folder.glob("model-*-of-*.safetensors")) else ""
    return next((name for name in _shards(folder) if not (folder / name).exists()), "")


def _is_whole(base: BaseModel) -> bool:
    """Whether nothing is left to fetch of a model in the cache."""
    tokenizer = any((base.path / name).exists() for name in TOKENIZERS)
    return tokenizer and base.has_weights and not _missing_weights(base.path)


def _refuse_other_weights(folder: Path) -> None:
    pickles = [path.name for pattern in ("*.bin", "*.pt", "*.pth") for path in folder.glob(pattern)]
    if pickles:
        raise BaseUnsafe(folder=folder, found=f"only pickled weights ({pickles[0]})")


def _cached_bases() -> tuple[BaseModel, ...]:
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    from core.errors import BaseModelError

    found = []
    try:
        cache = scan_cache_dir()
    except CacheNotFound:
        return ()
    for repo in sorted(cache.repos, key=lambda item: item.repo_id):
        if repo.repo_type != "model" or not repo.revisions:
            continue
        newest = max(repo.revisions, key=lambda revision: revision.last_modified)
        try:
            base = _describe(newest.snapshot_path, repo.repo_id, "cache")
            if _is_whole(base):
                found.append(base)
        except BaseModelError:
            continue  # somebody's speech or picture model: not for us
    return tuple(found)


def _choices() -> str:
    return ", ".join(base.name for base in find_bases()) + ", or a folder with a model"
