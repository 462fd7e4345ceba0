"""The LoRA weights as PEFT keeps them, with all that is needed to use them elsewhere."""

import json
import shutil
from pathlib import Path

from core.export.card import write_card
from core.models.catalog import open_base
from core.training.plan import TrainingPlan
from core.workspace import RunFolder

SCRIPT = """\
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

BASE = {base!r}  # the base model: a folder, or its name on the hub
tokenizer = AutoTokenizer.from_pretrained(".")
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32), ".").eval()
messages = [{{"role": "user", "content": "Hello"}}]
inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
answer = model.generate(**inputs, max_new_tokens=200, do_sample=False, eos_token_id={stops})
print(tokenizer.decode(answer[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
"""


class AdapterTarget:
    """adapter_model.safetensors and adapter_config.json, tokenizer, chat template, card and script."""

    name = "adapter"
    label = "LoRA weights"
    help = "The small file that was learned. Loads anywhere PEFT does, on top of the same base model."
    strategies: tuple[str, ...] = ("lora",)

    def write(self, folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
        """Copies the adapter, names the base model by what others can find, and writes card and script."""
        for path in folder.adapter.iterdir():
            if path.name not in ("README.md", "training_args.bin"):
                shutil.copyfile(path, files / path.name)
        config_path = files / "adapter_config.json"
        config = json.loads(config_path.read_text(encoding="utf-8"))
        config["base_model_name_or_path"] = portable_base(plan.base)
        config_path.write_text(json.dumps(config, indent=2, ensure_ascii=False), encoding="utf-8")
        if plan.base == "starter":
            copy_base(plan.base, files / "base")
        (files / "use_it.py").write_text(self.how_to(plan), encoding="utf-8")
        write_card(folder, plan, files)

    def how_to(self, plan: TrainingPlan) -> str:
        """A script that loads base and adapter and answers once."""
        return SCRIPT.format(base=portable_base(plan.base), stops=stop_ids(plan))


def portable_base(base: str) -> str:
    """The base as somebody else's machine knows it: the starter travels along, a folder keeps only its name."""
    if base == "starter":
        return "./base"
    return Path(base).name if Path(base).is_dir() else base


def copy_base(base: str, to: Path) -> None:
    """The base model's own files."""
    to.mkdir()
    for path in open_base(base).path.iterdir():
        if path.suffix in (".json", ".safetensors", ".jinja", ".md"):
            shutil.copyfile(path, to / path.name)


def stop_ids(plan: TrainingPlan) -> list[int]:
    """Ids of the tokens after which an answer ends."""
    from core.data.tokenize import Tokenization
    from core.models.load import load_tokenizer

    base = open_base(plan.base)
    return list(Tokenization(load_tokenizer(base), base.path).stop_ids)
