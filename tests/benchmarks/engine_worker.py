"""One measurement of our engine in a process of its own: NAME BASE ROWS MAX_LENGTH; prints one JSON line.

NAME: ours (LoRA, bf16), full (in full, three steps), rehearsed (what was foretold, and what it took).
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from core.data.tokenize import TokenizedRow
from core.hardware import MemoryWatch, find_device, used_memory_gib
from core.models.catalog import open_base
from core.models.load import load_model, load_tokenizer
from core.strategies import STRATEGIES
from core.training.batching import Rows
from core.training.plan import Schedule, TrainingPlan

STEPS_IN_FULL = 3


def main(name: str, base: str, rows: str, max_length: str) -> dict[str, Any]:
    """Trains, and says what it took."""
    import torch

    from core.training.narration import Narrator
    from core.training.trainer import make_trainer

    device = find_device()
    plan = plan_of(name, base, int(max_length))
    torch.manual_seed(plan.schedule.seed)
    strategy = STRATEGIES.get(plan.strategy)
    found = [_row(row) for row in json.loads(Path(rows).read_text(encoding="utf-8"))]
    losses: list[float] = []

    def tell(kind: str, _: Any, facts: dict[str, Any]) -> None:
        if kind == "step":
            losses.append(facts["loss"])

    before = used_memory_gib(device)
    model = load_model(open_base(base), torch.bfloat16 if strategy.saves == "adapter" else torch.float32, device.kind)
    held_back = max(1, len(found) // 10) if name == "rehearsed" else 0
    with tempfile.TemporaryDirectory() as folder, MemoryWatch(device) as watch:
        trainer = make_trainer(
            strategy.prepare(model, plan.strategy_options),
            plan,
            device,
            train=Rows(found[held_back:]),
            validation=Rows(found[:held_back]),
            folder=folder,
            pad_token_id=load_tokenizer(open_base(base)).pad_token_id,
            narrator=Narrator(tell, lambda: None),
        )
        foretold = trainer.rehearse() if name == "rehearsed" else None
        with MemoryWatch(device) as while_training:
            started = time.perf_counter()
            trainer.train()
            seconds = time.perf_counter() - started
            peak = while_training.peak_gib
        whole = watch.peak_gib
    tokens = sum(len(row.input_ids) for row in found)
    return {
        "samples_per_second": len(found) * plan.schedule.epochs / seconds,
        "seconds": seconds,
        "mean_loss": sum(losses) / len(losses),
        "tokens": tokens,
        "before_gib": before,
        "peak_gib": peak if foretold else whole,
        "max_rss_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "share_of_matmul": _flops(model, tokens) / seconds / device.flops_per_second("bf16"),
        "expected_seconds": foretold.seconds if foretold else None,
        "expected_gib": foretold.memory_gib if foretold else None,
    }


def plan_of(name: str, base: str, max_length: int) -> TrainingPlan:
    """One epoch at the rate of the workload."""
    lora = {"r": 8, "lora_alpha": 16, "target_modules": ("q_proj", "v_proj")}
    strategy = "full" if name == "full" else "lora"
    steps = STEPS_IN_FULL if name == "full" else 0
    schedule = Schedule(
        epochs=3 if name == "rehearsed" else 1,
        learning_rate=3e-4,
        batch_size=8,
        max_length=max_length,
        precision="bf16",
        max_steps=steps,
        early_stopping_patience=0,
    )
    return TrainingPlan(
        title="bench",
        dataset="",
        base=base,
        strategy=strategy,
        goal="voice",
        preset="quick",
        options=lora if strategy == "lora" else {},
        schedule=schedule,
    )


def _row(row: dict[str, Any]) -> TokenizedRow:
    return TokenizedRow(tuple(row["input_ids"]), tuple(row["labels"]), len(row["input_ids"]), stop_learned=True)


def _flops(model: Any, tokens: int) -> float:
    """Products of one epoch: 2 per weight and token forwards, and 2 backwards, since the weights are frozen."""
    return 4.0 * sum(weight.numel() for weight in model.parameters()) * tokens


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
