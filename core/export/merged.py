"""One whole model with the learned change inside it, in the number format of its base."""

from pathlib import Path
from typing import Any

from core.export.adapter import has_template, stop_ids
from core.export.card import write_card
from core.export.script import merged_label_script, merged_script
from core.models.catalog import open_base
from core.models.load import load_adapter, load_model, load_tokenizer, open_causal, stored_dtype
from core.strategies import STRATEGIES
from core.strategies.base import Saved
from core.training.plan import TrainingPlan
from core.workspace import RunFolder


class MergedTarget:
    """A model folder in the Hugging Face layout that needs no PEFT."""

    name = "merged"
    label = "A whole model"
    help = "Base model and what was learned in one, for programs that know nothing of adapters; as large as the base."
    takes: tuple[Saved, ...] = ("adapter", "model")

    def write(self, folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
        """Writes the model and the tokenizer it was trained with."""
        merged_model(folder, plan).save_pretrained(files)
        load_tokenizer(open_base(plan.base), needs_template=False).save_pretrained(files)
        (files / "use_it.py").write_text(self.how_to(plan), encoding="utf-8")
        write_card(folder, plan, files)

    def how_to(self, plan: TrainingPlan) -> str:
        """A script that loads the model and answers once."""
        if not plan.learns.writes:
            return merged_label_script()
        return merged_script(stop_ids(plan), has_template=has_template(plan))


def merged_model(folder: RunFolder, plan: TrainingPlan) -> Any:
    """What a run made as one model: added up in float32, then each weight rounded once to the base's number format."""
    import torch

    from core.chat.judge import tuned_classifier

    base = open_base(plan.base)
    if not plan.learns.writes:
        tuned = tuned_classifier(folder, plan, torch.float32)
        model = tuned.merge_and_unload() if hasattr(tuned, "merge_and_unload") else tuned
    elif STRATEGIES.get(plan.strategy).saves == "adapter":
        model = load_adapter(load_model(base, torch.float32), folder.adapter).merge_and_unload()
    else:
        model = open_causal(folder.adapter, torch.float32)
    stored = stored_dtype(base)
    for weight in model.parameters():  # not the buffers: they are computed anew when the files are opened
        weight.data = weight.data.to(stored)
    return model
