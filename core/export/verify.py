"""Proves that the files answer like the run: a fresh process, plain libraries, the same greedy tokens."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from core.data.split import read_split
from core.errors import ExportDiffers
from core.export.adapter import stop_ids
from core.hardware import Device
from core.models.catalog import open_base
from core.training.plan import TrainingPlan
from core.workspace import RunFolder

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
    """Compares greedy tokens on held-back questions.

    Raises:
        ExportDiffers: another answer, or none at all.
    """
    from core.chat.session import chat_dtype

    prompts = _prompts(folder)
    device = Device("cpu", "CPU", psutil.virtual_memory().total / 2**30, has_bf16=False, num_threads=1)
    dtype = str(chat_dtype(open_base(plan.base), device)).removeprefix("torch.")
    expected = _tokens_of_run(folder, plan, prompts, device)
    found = _tokens_of_files(plan, files, prompts, dtype)
    same = sum(one == other for one, other in zip(expected, found, strict=True))
    if same < len(expected):
        raise ExportDiffers(found=f"{len(expected) - same} of {len(expected)} questions", folder=files)


def _prompts(folder: RunFolder) -> list[list[dict[str, str]]]:
    """A few questions of the held-back part, each up to the first answer."""
    parts = read_split(folder.data)
    examples = (parts.validation or parts.train)[:NUM_PROMPTS]
    return [example.as_dicts()[: [turn.role for turn in example.messages].index("assistant")] for example in examples]


def _tokens_of_run(
    folder: RunFolder, plan: TrainingPlan, prompts: list[list[dict[str, str]]], device: Device
) -> list[list[int]]:
    """What Compare would say on its tuned side, token by token."""
    from core.chat.session import open_tuned, tuned_tokens
    from core.chat.settings import ChatSettings

    pair = open_tuned(folder, plan.base, plan.strategy, device)
    settings = ChatSettings(max_new_tokens=NUM_TOKENS)
    return [tuned_tokens(pair, messages, settings) for messages in prompts]


def _tokens_of_files(
    plan: TrainingPlan, files: Path, prompts: list[list[dict[str, str]]], dtype: str
) -> list[list[int]]:
    """What a stranger's process says that loads the files with plain transformers and PEFT."""
    is_adapter = (files / "adapter_config.json").exists()
    travelled = files / "base"
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
