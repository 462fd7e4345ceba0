"""The short script that travels with an export and answers once; it finds its files wherever it lies."""

SCRIPT = """\
from pathlib import Path
import torch
{imports}

HERE = Path(__file__).resolve().parent
{load}
tokenizer = AutoTokenizer.from_pretrained(HERE)
messages = [{{"role": "user", "content": "Hello"}}]
inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
answer = model.generate(**inputs, max_new_tokens=200, do_sample=False, eos_token_id={stops})
print(tokenizer.decode(answer[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
"""
TRANSFORMERS = "from transformers import AutoModelForCausalLM, AutoTokenizer"
MERGED = "model = AutoModelForCausalLM.from_pretrained(HERE, dtype=torch.float32).eval()"
ADAPTER = """\
BASE = {base}
model = AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)
model = PeftModel.from_pretrained(model, HERE).eval()"""


def adapter_script(base: str, stops: list[int]) -> str:
    """For an adapter; `base` is the expression that says where its base model is."""
    imports = f"from peft import PeftModel\n{TRANSFORMERS}"
    return SCRIPT.format(imports=imports, load=ADAPTER.format(base=base), stops=stops)


def merged_script(stops: list[int]) -> str:
    """For a whole model."""
    return SCRIPT.format(imports=TRANSFORMERS, load=MERGED, stops=stops)
