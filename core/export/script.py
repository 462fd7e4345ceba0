"""The ten-line script that travels with an export and answers once; it finds its files wherever it lies."""

SCRIPT = """\
from pathlib import Path
{more}from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).resolve().parent
{load}
tokenizer = AutoTokenizer.from_pretrained(HERE)
question = [{{"role": "user", "content": "Hello"}}]
inputs = tokenizer.apply_chat_template(question, add_generation_prompt=True, return_tensors="pt", return_dict=True)
answer = model.generate(**inputs, max_new_tokens=200, do_sample=False, eos_token_id={stops})
print(tokenizer.decode(answer[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
"""
MERGED = 'model = AutoModelForCausalLM.from_pretrained(HERE, dtype="float32")'
ADAPTER = """\
{remark}model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained({base}, dtype="float32"), HERE)"""


def adapter_script(base: str, stops: list[int], remark: str = "") -> str:
    """For an adapter; `base` is the expression that says where its base model is, `remark` what to do about it."""
    load = ADAPTER.format(base=base, remark=f"# {remark}\n" if remark else "")
    return SCRIPT.format(load=load, more="from peft import PeftModel\n", stops=stops)


def merged_script(stops: list[int]) -> str:
    """For a whole model."""
    return SCRIPT.format(load=MERGED, more="", stops=stops)
