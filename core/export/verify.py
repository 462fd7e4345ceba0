"""Proves that the files answer like the run: a fresh process, plain libraries, the same greedy tokens.

An adapter is held to what Compare says. A whole model is held to the tuned model merged and rounded as the files are:
where the base is kept in bfloat16, rounding may change a word that was a close call, and that is no damage.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from core.data.examples import Example
from core.data.split import read_split
from core.data.tokenize import Tokenization
from core.errors import ExportDiffers, TooFewExamples
from core.export.adapter import stop_ids
from core.export.merged import merged_model
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
TIME_LIMIT_S = 900

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
    inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    out = model.generate(**inputs, max_new_tokens=job["tokens"], do_sample=False, temperature=None, top_p=None,
                         top_k=None, eos_token_id=job["stops"], pad_token_id=tokenizer.pad_token_id)
    answers.append(out[0, inputs["input_ids"].shape[1]:].tolist())
print(json.dumps(answers))
"""


def verify(folder: RunFolder, plan: TrainingPlan, files: Path) -> None:
    """Compares greedy tokens on held-back questions: every one has to be the same.

    Raises:
        ExportDiffers: another answer, or none at all.
        TooFewExamples: the run has no question to ask.
    """
    from core.chat.session import chat_dtype, tuned_tokens
    from core.chat.settings import ChatSettings

    prompts, settings = _prompts(folder), ChatSettings(max_new_tokens=NUM_TOKENS)
    device = Device("cpu", "CPU", psutil.virtual_memory().total / 2**30, has_bf16=False, num_threads=1)
    dtype = chat_dtype(open_base(plan.base), device)
    pair = _tuned(folder, plan, device, dtype, is_adapter=_is_adapter(files))
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
    """What comes before the first answer, of the first few examples in which the person says something before it."""
    openings = (tuple(takewhile(lambda turn: turn.role != "assistant", example.messages)) for example in examples)
    asked = (turns for turns in openings if any(turn.role == "user" for turn in turns))
    return [[turn.as_dict() for turn in turns] for turns in islice(asked, NUM_PROMPTS)]


def _tuned(
    folder: RunFolder, plan: TrainingPlan, device: Device, dtype: "torch.dtype | str", *, is_adapter: bool
) -> "Pair":
    """The tuned model as the files should answer, opened from the run's own folder."""
    from core.chat.session import Pair, open_tuned, plain

    if is_adapter:
        return open_tuned(folder, plan.base, plan.strategy, device)
    base, model = open_base(plan.base), merged_model(folder, plan)
    tuned = plain(model if dtype == "auto" else model.to(dtype))
    return Pair(("", 0.0), Tokenization(load_tokenizer(base), base.path), base.context_tokens, tuned=tuned)


def _is_adapter(files: Path) -> bool:
    return (files / "adapter_config.json").exists()


def _tokens_of_files(
    plan: TrainingPlan, files: Path, prompts: list[list[dict[str, str]]], dtype: str
) -> list[list[int]]:
    """What a stranger's process says that loads the files with plain transformers and PEFT."""
    is_adapter, travelled = _is_adapter(files), files / "base"
    base = travelled if travelled.exists() else open_base(plan.base).path if is_adapter else files
    job: dict[str, Any] = {
        "folder": str(files),
        "base": str(base),
        "adapter": is_adapter,
        "prompts": prompts,
        "dtype": dtype,
        "tokens": NUM_TOKENS,
        "stops": stop_ids(plan),
        "threads": os.cpu_count() or 1,
    }
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it ended without a word"
        raise ExportDiffers(found=f"they do not load: {reason}", folder=files)
    return [[token for token in answer if token not in job["stops"]] for answer in json.loads(done.stdout)]
