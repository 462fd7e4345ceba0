"""One whole model with the learned change inside it."""

import shutil
from pathlib import Path

from core.export.adapter import stop_ids
from core.export.card import write_card
from core.models.catalog import open_base
from core.models.load import load_adapter, load_model, load_tokenizer
from core.strategies import STRATEGIES
from core.training.plan import TrainingPlan
from core.workspace import RunFolder

SCRIPT = """\
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(".")
model = AutoModelForCausalLM.from_pretrained(".", dtype=torch.float32).eval()
messages = [{{"role": "user", "content": "Hello"}}]
inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
answer = model.generate(**inputs, max_new_tokens=200, do_sample=False, eos_token_id={stops})
print(tokenizer.decode(answer[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
"""


class MergedTarget:
    """A model folder in the Hugging Face layout that needs no PEFT."""

    name = "merged"
    label = "A whole model"
    help = "Base model and what was learned in one: for programs that know nothing of adapters. As large as the base."
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
            for path in folder.adapter.iterdir():
                if path.name != "training_args.bin":
                    shutil.copyfile(path, files / path.name)
        (files / "use_it.py").write_text(self.how_to(plan), encoding="utf-8")
        write_card(folder, plan, files)

    def how_to(self, plan: TrainingPlan) -> str:
        """A script that loads the model and answers once."""
        return SCRIPT.format(stops=stop_ids(plan))
