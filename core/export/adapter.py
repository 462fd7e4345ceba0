"""The adapter as PEFT keeps it, with all that is needed to use them elsewhere."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from core.export.card import write_card
from core.export.script import adapter_label_script, adapter_script
from core.models.catalog import STARTER, open_base
from core.strategies.base import Saved
from core.training.plan import TrainingPlan
from core.workspace import RunFolder

if TYPE_CHECKING:
    from core.data.tokenize import Tokenization


class AdapterTarget:
    """adapter_model.safetensors and adapter_config.json, tokenizer, chat template, card and script."""

    name = "adapter"
    label = "What was learned, alone"
    help = (
        "The small file that was learned: LoRA weights, or what another method keeps. "
        "Loads anywhere PEFT does, on top of the same base model."
    )
    takes: tuple[Saved, ...] = ("adapter",)

    def write(self, folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
        """Copies the adapter, names the base model by what others can find, and writes card and script."""
        left_out = shutil.ignore_patterns("README.md", "training_args.bin")
        shutil.copytree(folder.adapter, files, ignore=left_out, dirs_exist_ok=True)
        config_path = files / "adapter_config.json"
        config = json.loads(config_path.read_text(encoding="utf-8"))
        config["base_model_name_or_path"] = portable_base(plan.base)
        config_path.write_text(json.dumps(config, indent=2, ensure_ascii=False), encoding="utf-8")
        if plan.base == STARTER:
            copy_base(plan.base, files / "base")
        (files / "use_it.py").write_text(self.how_to(plan), encoding="utf-8")
        write_card(folder, plan, files)

    def how_to(self, plan: TrainingPlan) -> str:
        """A script that loads base and adapter and answers once."""
        base, remark = _base_in_script(plan.base)
        if not plan.learns.writes:
            return adapter_label_script(base, remark)
        return adapter_script(base, stop_ids(plan), remark, has_template=has_template(plan))


def portable_base(base: str) -> str:
    """The base as somebody else's machine knows it: the starter travels along, a folder is known by its hub name."""
    if base == STARTER:
        return "base"
    if not Path(base).is_dir():
        return base
    config = json.loads((Path(base) / "config.json").read_text(encoding="utf-8"))
    known = str(config.get("_name_or_path") or "")
    return known if known.count("/") == 1 and not Path(known).exists() else Path(base).name


def _base_in_script(base: str) -> tuple[str, str]:
    """Where the script finds the base model, as an expression, and what its reader has to know of that."""
    portable = portable_base(base)
    if base == STARTER:
        return 'HERE / "base"', ""
    if Path(base).is_dir() and "/" not in portable:
        return f'"path/to/{portable}"', f"Put the folder of the base model {portable!r} there:"
    return f'"{portable}"', ""


def copy_base(base: str, to: Path) -> None:
    """The base model's own files."""
    to.mkdir()
    for path in open_base(base).path.iterdir():
        if path.suffix in (".json", ".safetensors", ".jinja", ".md"):
            shutil.copyfile(path, to / path.name)


def stop_ids(plan: TrainingPlan) -> list[int]:
    """Ids of the tokens after which an answer ends."""
    return list(_tokens_of(plan).stop_ids)


def has_template(plan: TrainingPlan) -> bool:
    """Whether turns are written for the base model, or texts to be continued."""
    return _tokens_of(plan).has_template


def _tokens_of(plan: TrainingPlan) -> "Tokenization":
    from core.data.tokenize import Tokenization
    from core.models.load import load_tokenizer

    base = open_base(plan.base)
    return Tokenization(load_tokenizer(base, needs_template=False), base.path)
