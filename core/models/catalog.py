"""The base models this machine has: the shipped starter, local folders, and the local Hugging Face cache."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.errors import (
    BaseIncomplete,
    BaseMissing,
    BaseNotSupported,
    BaseUnsafe,
    BaseWithoutWeights,
    HubOutOfReach,
)
from core.workspace import ASSETS

STARTER = "starter"
HUB_TIMEOUT_S = 10
WEIGHTS = ("*.safetensors",)
WRITERS = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
HUB_FILES = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]


@dataclass(frozen=True)
class BaseModel:
    """A model to start from, as its folder describes it."""

    name: str
    path: Path
    source: Literal["starter", "folder", "cache", "hub"]
    architecture: str
    hidden_size: int
    num_layers: int
    vocabulary: int
    context_tokens: int
    weights_bytes: int

    @property
    def has_weights(self) -> bool:
        """Whether there is anything to train; a config alone can be estimated only."""
        return self.weights_bytes > 0


def find_bases() -> tuple[BaseModel, ...]:
    """The models that work without a network, `starter` first."""
    return (_describe(ASSETS / STARTER, STARTER, "starter"), *_cached_bases())


def open_base(name: str, *, needs_weights: bool = True) -> BaseModel:
    """The base model a person means: `starter`, a folder, a name in the local cache, or a hub id.

    Raises:
        BaseMissing, HubOutOfReach: it is not here and cannot be had.
        BaseWithoutWeights, BaseIncomplete, BaseUnsafe, BaseNotSupported: it is here and cannot be used.
    """
    base = _locate(name)
    if needs_weights and not base.has_weights:
        _refuse_other_weights(base.path)
        raise BaseWithoutWeights(folder=base.path)
    return base


def _locate(name: str) -> BaseModel:
    if name == STARTER:
        return _describe(ASSETS / STARTER, STARTER, "starter")
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return _describe(folder.resolve(), str(folder.resolve()), "folder")
    cached = next((base for base in _cached_bases() if base.name == name), None)
    if cached is not None:
        return cached
    if name.count("/") == 1 and not name.startswith((".", "/", "~")):
        return _describe(_download(name), name, "hub")
    raise BaseMissing(name=name, choices=_choices())


def _describe(folder: Path, name: str, source: Literal["starter", "folder", "cache", "hub"]) -> BaseModel:
    config = _config(folder)
    try:
        shape = {**config, **(config.get("text_config") or {})}
        return BaseModel(
            name=name,
            path=folder,
            source=source,
            architecture=(config.get("architectures") or [config["model_type"]])[0],
            hidden_size=int(shape.get("hidden_size") or shape["n_embd"]),
            num_layers=int(shape.get("num_hidden_layers") or shape["n_layer"]),
            vocabulary=int(shape["vocab_size"]),
            context_tokens=int(shape.get("max_position_embeddings") or shape.get("n_positions") or 2048),
            weights_bytes=sum(path.stat().st_size for pattern in WEIGHTS for path in folder.glob(pattern)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BaseIncomplete(
            folder=folder,
            found=f"config.json says nothing usable about {error}",
            expected="a causal language model's config.json",
        ) from error


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
    """A name ending in ForCausalLM or LMHeadModel is a model that writes text; others are not trained here yet."""
    names = config.get("architectures") or []
    if names and not any(str(name).endswith(WRITERS) for name in names):
        raise BaseNotSupported(folder=folder, found=names[0], expected="a model that writes text (…ForCausalLM)")


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
        except BaseModelError:
            continue  # somebody's speech or picture model: not for us
        if base.has_weights:
            found.append(base)
    return tuple(found)


def _download(name: str) -> Path:
    """Fetches a model from the hub (`HF_ENDPOINT` respected): safetensors and text files only."""
    import httpx
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    try:
        return Path(snapshot_download(name, allow_patterns=HUB_FILES, etag_timeout=HUB_TIMEOUT_S))
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise BaseMissing(name=name, choices=_choices()) from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, httpx.HTTPError, OSError) as error:
        endpoint = os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
        reason = type(error.__cause__ or error).__name__
        raise HubOutOfReach(name=name, endpoint=endpoint, reason=reason, choices=_choices()) from error


def _choices() -> str:
    return ", ".join(base.name for base in find_bases()) + ", or a folder with a model"
