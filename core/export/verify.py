"""Proves that the files answer like the run: a fresh process, plain libraries, the same greedy tokens.

An adapter is held to what Compare says. A whole model is held to the tuned model merged and rounded as the files are:
where the base is kept in bfloat16, rounding may change a word that was a close call, and that is no damage.
"""

from collections.abc import Sequence
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from core.data.examples import Example, Message
from core.data.split import read_split
from core.data.tokenize import Tokenization
from core.errors import ExportDiffers, TooFewExamples
from core.export.adapter import stop_ids
from core.export.merged import merged_model
from core.export.stranger import ask_stranger, is_adapter
from core.export.verify_labels import verify_labels
from core.hardware import Device
from core.models.catalog import open_base
from core.models.load import load_tokenizer
from core.training.plan import TrainingPlan
from core.workspace import RunFolder

if TYPE_CHECKING:
    import torch

    from core.chat.session import Pair

NUM_PROMPTS = 4
NUM_TOKENS = 48
NUM_CHARACTERS = 40  # of a text that is to be continued

# Runs with nothing of ours: only what a stranger has.
CHECK = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import torch
from pathlib import Path
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig
job = json.load(sys.stdin)
torch.set_num_threads(job["threads"])
tokenizer = AutoTokenizer.from_pretrained(job["folder"])
model = AutoModelForCausalLM.from_pretrained(job["base"], dtype=getattr(torch, job["dtype"], "auto"))
if job["adapter"]:
    from peft import PeftModel
    model = PeftModel.from_pretrained(model, job["folder"])
model.eval()
model.generation_config = GenerationConfig()  # nothing but greedy: a base may bring penalties of its own
answers = []
for messages in job["prompts"]:
    if tokenizer.chat_template:
        inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt",
                                               return_dict=True)
    else:
        text = "\\n".join(turn["content"] for turn in messages)
        inputs = tokenizer(text, return_tensors="pt", return_token_type_ids=False)
    out = model.generate(**inputs, max_new_tokens=job["tokens"], do_sample=False, temperature=None, top_p=None,
                         top_k=None, eos_token_id=job["stops"], pad_token_id=tokenizer.pad_token_id)
    answers.append(out[0, inputs["input_ids"].shape[1]:].tolist())
print(json.dumps(answers))
"""


def verify(folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
    """Compares greedy tokens on held-back questions: every one has to be the same. A classifier's labels are compared.

    Raises:
        ExportDiffers: another answer, or none at all.
        TooFewExamples: the run has no question to ask.
    """
    from core.chat.session import chat_dtype, tuned_tokens
    from core.chat.settings import ChatSettings

    device = Device("cpu", "CPU", psutil.virtual_memory().total / 2**30, has_bf16=False, num_threads=1)
    if not plan.learns.writes:
        verify_labels(folder, plan, files, device)
        return
    prompts, settings = _prompts(folder), ChatSettings(max_new_tokens=NUM_TOKENS)
    dtype = chat_dtype(open_base(plan.base), device)
    pair = _tuned(folder, plan, device, dtype, adapter=is_adapter(files))
    expected = [tuned_tokens(pair, messages, settings) for messages in prompts]
    found = _tokens_of_files(plan, files, prompts, str(dtype).removeprefix("torch."))
    same = sum(one == other for one, other in zip(expected, found, strict=True))
    if same < len(expected):
        raise ExportDiffers(found=f"{len(expected) - same} of {len(expected)} questions", folder=files)


def _prompts(folder: RunFolder) -> list[list[dict[str, str]]]:
    """A few questions of the held-back part, or else of what was learned, each up to the first answer."""
    parts = read_split(folder.data)
    found = _questions(parts.validation) or _questions(parts.train)
    if not found:
        raise TooFewExamples(file=f"{folder.id}/{folder.data.name}", found="0", expected="1 with a question")
    return found


def _questions(examples: Sequence[Example]) -> list[list[dict[str, str]]]:
    """What comes before the first answer, of the first few examples in which the person says something before it.

    Of a text without a question, its beginning.
    """
    openings = (_opening(example) for example in examples)
    asked = (turns for turns in openings if any(turn.role == "user" for turn in turns))
    return [[turn.as_dict() for turn in turns] for turns in islice(asked, NUM_PROMPTS)]


def _opening(example: Example) -> tuple[Message, ...]:
    if [turn.role for turn in example.messages] == ["assistant"]:
        return (Message("user", example.answer[:NUM_CHARACTERS]),)
    return tuple(takewhile(lambda turn: turn.role != "assistant", example.messages))


def _tuned(
    folder: RunFolder, plan: TrainingPlan, device: Device, dtype: "torch.dtype | str", *, adapter: bool
) -> "Pair":
    """The tuned model as the files should answer, opened from the run's own folder."""
    from core.chat.session import Pair, open_tuned, plain

    if adapter:
        return open_tuned(folder, plan.base, plan.strategy, device)
    base, model = open_base(plan.base), merged_model(folder, plan)
    tuned = plain(model if dtype == "auto" else model.to(dtype))
    return Pair(
        ("", 0.0), Tokenization(load_tokenizer(base, needs_template=False), base.path), base.context_tokens, tuned=tuned
    )


def _tokens_of_files(
    plan: TrainingPlan, files: Path, prompts: list[list[dict[str, str]]], dtype: str
) -> list[list[int]]:
    """What a stranger's process says that loads the files with plain transformers and PEFT."""
    stops = stop_ids(plan)
    job = {"prompts": prompts, "dtype": dtype, "tokens": NUM_TOKENS, "stops": stops}
    answers = ask_stranger(CHECK, plan, files, job)
    return [[token for token in answer if token not in stops] for answer in answers]
