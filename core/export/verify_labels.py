"""Proves that a classifier's files judge like the run: a fresh process, plain libraries, the same labels and logits."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.data.split import read_split
from core.errors import ExportDiffers
from core.export.merged import merged_model
from core.export.stranger import ask_stranger, is_adapter
from core.hardware import Device
from core.models.catalog import open_base
from core.training.plan import TrainingPlan
from core.workspace import RunFolder

if TYPE_CHECKING:
    import torch

    from core.chat.judge import Judge

NUM_TEXTS = 8
# Of a logit, in float32 and in what is narrower: the same weights, but another number of threads may add differently.
TOLERANCE, TOLERANCE_HALF = 1e-3, 5e-2

# Runs with nothing of ours: only what a stranger has.
CHECK = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
job = json.load(sys.stdin)
torch.set_num_threads(job["threads"])
tokenizer = AutoTokenizer.from_pretrained(job["folder"])
config = AutoConfig.from_pretrained(job["folder"])
dtype = getattr(torch, job["dtype"], "auto")
model = AutoModelForSequenceClassification.from_pretrained(job["base"], config=config, dtype=dtype,
                                                           ignore_mismatched_sizes=job["adapter"])
if job["adapter"]:
    from peft import PeftModel
    model = PeftModel.from_pretrained(model, job["folder"])
model.eval()
with torch.no_grad():
    logits = [model(**tokenizer(text, return_tensors="pt", return_token_type_ids=False, truncation=True,
                                max_length=job["limit"])).logits[0] for text in job["texts"]]
print(json.dumps({"logits": [row.float().tolist() for row in logits], "labels": [*model.config.id2label.values()]}))
"""


def verify_labels(folder: RunFolder, plan: TrainingPlan, files: Path, device: Device) -> None:
    """Compares the logits of held-back texts, or else of texts that were learned.

    Raises:
        ExportDiffers: another label, another logit, or none at all.
    """
    import torch

    from core.chat.session import chat_dtype

    parts, limit = read_split(folder.data), plan.schedule.max_length
    texts = [example.question for example in parts.validation or parts.train][:NUM_TEXTS]
    dtype = chat_dtype(open_base(plan.base), device)
    judge = replace(_judge(folder, plan, files, device, dtype), max_length=limit)
    expected = [judge.logits(text).tolist() for text in texts]
    job = {"texts": texts, "limit": limit, "dtype": str(dtype).removeprefix("torch.")}
    found = ask_stranger(CHECK, plan, files, job)
    tolerance = TOLERANCE if dtype == torch.float32 else TOLERANCE_HALF
    same = sum(_alike(one, other, tolerance) for one, other in zip(expected, found["logits"], strict=True))
    if same < len(texts) or found["labels"] != [*judge.model.config.id2label.values()]:
        raise ExportDiffers(found=f"{len(texts) - same} of {len(texts)} questions", folder=files)


def _judge(folder: RunFolder, plan: TrainingPlan, files: Path, device: Device, dtype: "torch.dtype | str") -> "Judge":
    """The classifier as the files should answer, from the run's own folder; a whole one rounded as they are."""
    from core.chat.judge import open_judge

    judge = open_judge(folder, plan, device, dtype=dtype, key=("", 0.0))
    if is_adapter(files):
        return judge
    merged = merged_model(folder, plan)
    return replace(judge, model=merged if dtype == "auto" else merged.to(dtype))


def _alike(one: Sequence[float], other: Sequence[float], tolerance: float) -> bool:
    """The same label, by nearly the same numbers."""
    return one.index(max(one)) == other.index(max(other)) and all(
        abs(a - b) <= tolerance for a, b in zip(one, other, strict=True)
    )
