"""One whole model with the learned change inside it."""

import shutil
from pathlib import Path

from core.export.adapter import stop_ids
from core.export.card import write_card
from core.export.script import merged_script
from core.models.catalog import open_base
from core.models.load import load_adapter, load_model, load_tokenizer
from core.strategies import STRATEGIES
from core.training.plan import TrainingPlan
from core.workspace import RunFolder


class MergedTarget:
    """A model folder in the Hugging Face layout that needs no PEFT."""

    name = "merged"
    label = "A whole model"
    help = "Base model and what was learned in one, for programs that know nothing of adapters; 4 bytes a weight."
    strategies: tuple[str, ...] = ("lora", "full")

    def write(self, folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
        """Merges in float32, so that nothing is lost in rounding; a fully tuned model is copied."""
        import torch

        if STRATEGIES.get(plan.strategy).saves == "adapter":
            base = open_base(plan.base)
            model = load_adapter(load_model(base, torch.float32), folder.adapter).merge_and_unload()
            model.save_pretrained(files)
            load_tokenizer(base).save_pretrained(files)
        else:
            shutil.copytree(
                folder.adapter, files, ignore=shutil.ignore_patterns("training_args.bin"), dirs_exist_ok=True
            )
        (files / "use_it.py").write_text(self.how_to(plan), encoding="utf-8")
        write_card(folder, plan, files)

    def how_to(self, plan: TrainingPlan) -> str:
        """A script that loads the model and answers once."""
        return merged_script(stop_ids(plan))
