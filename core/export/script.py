"""The ten-line script that travels with an export and answers once; it finds its files wherever it lies."""

SCRIPT = """\
from pathlib import Path
{more}from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).resolve().parent
{load}
tokenizer = AutoTokenizer.from_pretrained(HERE)
{inputs}
answer = model.generate(**inputs, max_new_tokens=200, do_sample=False, eos_token_id={stops})
print(tokenizer.decode(answer[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
"""
ASKED = """\
question = [{"role": "user", "content": "Hello"}]
inputs = tokenizer.apply_chat_template(question, add_generation_prompt=True, return_tensors="pt", return_dict=True)"""
CONTINUED = """\
inputs = tokenizer("Hello", return_tensors="pt", return_token_type_ids=False)  # a text that it goes on writing"""
MERGED = 'model = AutoModelForCausalLM.from_pretrained(HERE, dtype="float32")'
ADAPTER = """\
{remark}model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained({base}, dtype="float32"), HERE)"""

LABELS = """\
from pathlib import Path
from transformers import {imports}AutoModelForSequenceClassification, AutoTokenizer

HERE = Path(__file__).resolve().parent
{load}
tokenizer = AutoTokenizer.from_pretrained(HERE)
inputs = tokenizer("Hello", return_tensors="pt", return_token_type_ids=False)
chances = model.eval()(**inputs).logits[0].softmax(-1).tolist()
print({{model.config.id2label[number]: round(chance, 3) for number, chance in enumerate(chances)}})
"""
MERGED_LABELS = 'model = AutoModelForSequenceClassification.from_pretrained(HERE, dtype="float32")'
ADAPTER_LABELS = """\
from peft import PeftModel
config = AutoConfig.from_pretrained(HERE)  # the names of the labels
{remark}model = AutoModelForSequenceClassification.from_pretrained(
    {base}, config=config, dtype="float32", ignore_mismatched_sizes=True
)
model = PeftModel.from_pretrained(model, HERE)  # the learned weights and the head"""


def adapter_script(base: str, stops: list[int], remark: str = "", *, has_template: bool = True) -> str:
    """For an adapter; `base` is the expression that says where its base model is, `remark` what to do about it."""
    load = ADAPTER.format(base=base, remark=_line(remark))
    more = "from peft import PeftModel\n"
    return SCRIPT.format(load=load, more=more, inputs=ASKED if has_template else CONTINUED, stops=stops)


def merged_script(stops: list[int], *, has_template: bool = True) -> str:
    """For a whole model."""
    return SCRIPT.format(load=MERGED, more="", inputs=ASKED if has_template else CONTINUED, stops=stops)


def adapter_label_script(base: str, remark: str = "") -> str:
    """For the adapter of a classifier."""
    return LABELS.format(load=ADAPTER_LABELS.format(base=base, remark=_line(remark)), imports="AutoConfig, ")


def merged_label_script() -> str:
    """For a whole classifier."""
    return LABELS.format(load=MERGED_LABELS, imports="")


def _line(remark: str) -> str:
    return f"# {remark}\n" if remark else ""
