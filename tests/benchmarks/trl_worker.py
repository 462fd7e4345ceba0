"""The same workload with TRL's SFTTrainer, run by the Python of TRL's own environment: NAME BASE ROWS MAX_LENGTH.

NAME: trl (without gradient checkpointing, as we do), trl_checkpointing (as TRL comes).
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

IGNORED = -100


def main(name: str, base: str, rows: str, max_length: str) -> dict[str, Any]:
    """Trains one epoch on rows that are tokenized already, learning the same tokens."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    found = json.loads(Path(rows).read_text(encoding="utf-8"))
    columns = {
        "input_ids": [row["input_ids"] for row in found],
        "completion_mask": [[int(label != IGNORED) for label in row["labels"]] for row in found],
    }
    torch.manual_seed(42)
    with tempfile.TemporaryDirectory() as folder:
        arguments = SFTConfig(
            output_dir=folder,
            num_train_epochs=1,
            per_device_train_batch_size=8,
            learning_rate=3e-4,
            lr_scheduler_type="cosine",
            warmup_steps=1,
            weight_decay=0.01,
            max_length=int(max_length),
            completion_only_loss=True,
            bf16=True,
            use_cpu=not torch.cuda.is_available(),
            gradient_checkpointing=name == "trl_checkpointing",
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            seed=42,
            disable_tqdm=True,
        )
        trainer = SFTTrainer(
            AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32),
            args=arguments,
            train_dataset=Dataset.from_dict(columns),
            processing_class=AutoTokenizer.from_pretrained(base),
            peft_config=LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"),
        )
        started = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - started
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return {
        "samples_per_second": len(found) / seconds,
        "seconds": seconds,
        "mean_loss": sum(losses) / len(losses),
        "max_rss_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
