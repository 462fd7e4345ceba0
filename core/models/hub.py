"""Fetches models from the hub (`HF_ENDPOINT` respected): the config first, then safetensors and text files only."""

import os
from collections.abc import Callable
from pathlib import Path

from core.errors import BaseMissing, HubOutOfReach

TIMEOUT_S = 10
FILES = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]
NEVER_OPENED = ["consolidated*", "original/*"]  # the same weights once more, in their author's own layout


def is_hub_name(name: str) -> bool:
    """Whether a name could be one of the hub's: an owner and a model."""
    return name.count("/") == 1 and not name.startswith((".", "/", "~"))


def fetch_config(name: str, choices: Callable[[], str]) -> Path:
    """The folder with a model's config.json, if it has one; nothing else is fetched.

    Args:
        choices: names the models that work without the hub, for the errors.

    Raises:
        BaseMissing, HubOutOfReach: there is no such model, or no hub that answers.
    """
    return _snapshot(name, ["config.json"], choices)


def fetch(name: str, choices: Callable[[], str]) -> Path:
    """The folder with all of a model; what is here already is not fetched again. Otherwise as `fetch_config`."""
    return _snapshot(name, FILES, choices)


def _snapshot(name: str, files: list[str], choices: Callable[[], str]) -> Path:
    """What of these files the hub has; its client gives up at once where nobody answers."""
    from huggingface_hub import constants, errors, snapshot_download

    try:
        folder = snapshot_download(name, allow_patterns=files, ignore_patterns=NEVER_OPENED, etag_timeout=TIMEOUT_S)
        return Path(folder)
    except (errors.RepositoryNotFoundError, errors.HFValidationError) as error:
        raise BaseMissing(name=name, choices=choices()) from error
    except (_http_error(), errors.OfflineModeIsEnabled, OSError) as error:
        endpoint = os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
        reason = type(error.__cause__ or error).__name__
        raise HubOutOfReach(name=name, endpoint=endpoint, reason=reason, choices=choices()) from error


def _http_error() -> type[Exception]:
    """What the client raises when a transfer breaks off: of httpx or httpx2, whichever its version stands on."""
    from huggingface_hub import errors

    kind: type[Exception] = errors.HTTPError  # type: ignore[attr-defined]
    return kind
