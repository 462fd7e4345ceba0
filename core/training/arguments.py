"""A plan, as the arguments of `transformers.Trainer`."""

import math
from typing import Any

from transformers import TrainingArguments

from core.hardware import Device
from core.training.plan import TrainingPlan

CHECKS_PER_RUN = 12  # held-out checks, each with a checkpoint; fewer would notice memorising late
MIN_STEPS_PER_CHECK = 5


def steps_per_check(num_steps: int) -> int:
    """Optimiser steps between two held-out checks."""
    return max(min(MIN_STEPS_PER_CHECK, num_steps), math.ceil(num_steps / CHECKS_PER_RUN))


def training_arguments(
    plan: TrainingPlan, device: Device, *, num_rows: int, checked: bool, folder: str
) -> TrainingArguments:
    """Steps, rates, checks and checkpoints; a batch of the Trainer's is one optimiser step."""
    schedule = plan.schedule
    num_steps = plan.num_steps(num_rows)
    every = steps_per_check(num_steps)
    arguments = TrainingArguments(
        output_dir=folder,
        max_steps=num_steps,
        per_device_train_batch_size=schedule.effective_batch,
        per_device_eval_batch_size=schedule.effective_batch,
        gradient_accumulation_steps=1,  # a step's rows come together, and are cut into what fits
        learning_rate=schedule.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(num_steps * schedule.warmup_ratio),
        weight_decay=schedule.weight_decay,
        max_grad_norm=1.0,
        seed=schedule.seed,
        data_seed=schedule.seed,
        use_cpu=device.kind == "cpu",
        use_cache=True,  # else it is switched off in the model's config, and what is kept would answer slowly
        **_checks(every, checked),
        dataloader_pin_memory=device.kind == "cuda",
        remove_unused_columns=False,
        include_num_input_tokens_seen="non_padding",
        disable_tqdm=True,
        report_to=[],
    )
    arguments._n_gpu = min(1, arguments.n_gpu)  # one device a run: more would multiply the batch behind the plan's back
    return arguments


def _checks(every: int, checked: bool) -> dict[str, Any]:
    """What is measured and kept, and how often."""
    return {
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "eval_strategy": "steps" if checked else "no",
        "eval_on_start": checked,
        "eval_steps": every,
        "save_strategy": "steps",
        "save_steps": every,
        "save_total_limit": 2,
        "load_best_model_at_end": checked,
        "metric_for_best_model": "eval_loss" if checked else None,
        "greater_is_better": False if checked else None,
    }
