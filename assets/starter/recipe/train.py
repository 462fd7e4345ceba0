"""Makes the starter model: tokenizer, weights and the figures of its card.

    python -m assets.starter.recipe.train [first|second|both] [--threads 1] [--out assets/starter]

Seeded. On one core of a 2-core machine (AVX-512 bf16) it takes about as long as MODEL_CARD.md says.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn import functional
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from assets.starter.recipe.generate import Turns, build, build_second

TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}"
    "{{ '<|im_start|>assistant\n' }}"
    "{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}{{ '\n' }}"
    "{% else %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
Row = tuple[list[int], list[float]]  # token ids, and the weight with which each is learned

VOCABULARY = 6144
CONTEXT_TOKENS = 1024
TOKENS_PER_BATCH = 3072
PEAK_LEARNING_RATE = 3e-3  # of the matrices, by Muon with AdamW's update size
EMBEDDING_RATE_SHARE = 0.7  # embeddings and norms, by AdamW
SAVE_EVERY = 600
QUESTION_WEIGHT = 0.3  # the words of the person teach a little language too
QUESTION_SHARE = 0.25  # of them, so many are learned at each step: the vocabulary projection is half of the cost


def make_tokenizer(conversations: list[Turns]) -> PreTrainedTokenizerFast:
    """A byte-level BPE: every text of every language can be written, digits one by one."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((turn["content"] for turns in conversations for turn in turns), trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>"],
        model_max_length=CONTEXT_TOKENS,
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = TEMPLATE
    return fast


def make_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A Llama of about 5 M parameters, freshly initialised."""
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=4,
        num_attention_heads=8,
        num_key_value_heads=8,
        max_position_embeddings=CONTEXT_TOKENS,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def make_optimizers(model: LlamaForCausalLM) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    """Muon for the matrices of the layers (Jordan 2024; scaled as in arXiv:2502.16982), AdamW for the rest.

    Beside AdamW alone it reached a lower held-out loss in three quarters of the steps.
    """
    matrices = [weight for name, weight in model.named_parameters() if weight.ndim == 2 and "embed" not in name]
    rest = [weight for name, weight in model.named_parameters() if weight.ndim != 2 or "embed" in name]
    return (
        torch.optim.Muon(matrices, lr=PEAK_LEARNING_RATE, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=PEAK_LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.05),
    )


def encode(tokenizer: PreTrainedTokenizerFast, turns: Turns) -> Row:
    """Token ids, and for each the weight with which it is learned: 1 in an answer, little elsewhere."""
    coded = tokenizer.apply_chat_template(turns, return_dict=True, return_assistant_tokens_mask=True)
    weights = [1.0 if learned else QUESTION_WEIGHT for learned in coded["assistant_masks"]]
    return coded["input_ids"][:CONTEXT_TOKENS], weights[:CONTEXT_TOKENS]


def batches(rows: list[Row], rng: random.Random) -> list[list[int]]:
    """Row numbers in batches of like length, about `TOKENS_PER_BATCH` each, shuffled."""
    order = sorted(range(len(rows)), key=lambda row: len(rows[row][0]) + rng.random() * 8)
    made: list[list[int]] = [[]]
    for row in order:
        if made[-1] and (len(made[-1]) + 1) * len(rows[row][0]) > TOKENS_PER_BATCH:
            made.append([])
        made[-1].append(row)
    rng.shuffle(made)
    return made


def loss_of(model: LlamaForCausalLM, rows: list[Row], smoothing: float = 0.0) -> torch.Tensor:
    """Weighted next-token loss of one batch (padded on the right), at the positions that are learned."""
    length = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([row + [0] * (length - len(row)) for row, _ in rows])
    weights = torch.tensor([weight + [0.0] * (length - len(weight)) for _, weight in rows])[:, 1:].flatten()
    learned = (weights == 1.0) | ((weights > 0) & (torch.rand_like(weights) < QUESTION_SHARE))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        # Padding is on the right and attention is causal, so no mask is needed: no real token ever sees a pad.
        hidden = model.model(input_ids=ids).last_hidden_state[:, :-1].flatten(0, 1)[learned]
        logits = model.lm_head(hidden)
    wanted = ids[:, 1:].flatten()[learned]
    losses = functional.cross_entropy(logits.float(), wanted, reduction="none", label_smoothing=smoothing)
    return (losses * weights[learned]).sum() / weights[learned].sum()


@torch.no_grad()
def held_out_loss(model: LlamaForCausalLM, rows: list[Row]) -> float:
    """Mean loss over the answers of the held-out wordings."""
    model.eval()
    answers_only = [(ids, [float(weight == 1.0) for weight in weights]) for ids, weights in rows]
    total = sum(loss_of(model, answers_only[i : i + 32]).item() for i in range(0, len(rows), 32))
    model.train()
    return total / math.ceil(len(rows) / 32)


@dataclass(frozen=True)
class Stage:
    """How long and how fast."""

    name: str
    steps: int
    peak_learning_rate: float
    warmup_steps: int
    label_smoothing: float = 0.0  # an over-sure model is hard to tune further

    def rate(self, step: int) -> float:
        """Linear warm-up, then a cosine to 2 % of the peak."""
        if step < self.warmup_steps:
            return self.peak_learning_rate * step / self.warmup_steps
        done = (step - self.warmup_steps) / max(1, self.steps - self.warmup_steps)
        return self.peak_learning_rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))


def first_stage(stage: Stage, out: Path, seed: int) -> None:
    """From nothing: the tokenizer, and the corpus as it was first written."""
    recipe = build()
    tokenizer = make_tokenizer(recipe.train)
    rows = [encode(tokenizer, turns) for turns in recipe.train]
    learn(make_model(tokenizer), tokenizer, lambda _: rows, stage, held_out=recipe.held_out, out=out, seed=seed)


def second_stage(stage: Stage, out: Path, seed: int) -> None:
    """Goes on from the first: more wordings, questions with gaps, other exercises, all anew for each pass."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(out)
    model = LlamaForCausalLM.from_pretrained(out, dtype=torch.float32)
    first = build()

    def rows_of(number: int) -> list[Row]:
        return [encode(tokenizer, turns) for turns in build_second(seed * 1000 + number, first)]

    learn(model, tokenizer, rows_of, stage, held_out=first.held_out, out=out, seed=seed)


def learn(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    rows_of: Callable[[int], list[Row]],
    stage: Stage,
    *,
    held_out: list[Turns],
    out: Path,
    seed: int,
) -> None:
    """One stage; `rows_of` gives the rows of a pass. The held-out loss is printed and written as it goes."""
    rng, optimizers = random.Random(seed), make_optimizers(model)
    held = [encode(tokenizer, turns) for turns in held_out]
    rows: list[Row] = []
    queue: list[list[int]] = []
    history, started, num_tokens, passes = [], time.time(), 0, 0
    for step in range(1, stage.steps + 1):
        if not queue:
            passes += 1
            rows = rows_of(passes)
            queue = batches(rows, rng)
        batch = [rows[row] for row in queue.pop()]
        loss = _step(model, optimizers, batch, rate=stage.rate(step), smoothing=stage.label_smoothing)
        num_tokens += sum(len(ids) for ids, _ in batch)
        if step % 100 == 0 or step == stage.steps:
            held_loss = held_out_loss(model, held) if step % 300 == 0 or step == stage.steps else None
            seconds = round(time.time() - started)
            measured = {"step": step, "loss": round(loss.item(), 4), "held_out_loss": held_loss, "seconds": seconds}
            history.append({**measured, "tokens": num_tokens, "passes": passes})
            print(json.dumps(history[-1]), flush=True)
        if step % SAVE_EVERY == 0 or step == stage.steps:
            save(model, tokenizer, out)
    _log(out, stage, model, history, seed)


def _step(
    model: LlamaForCausalLM,
    optimizers: tuple[torch.optim.Optimizer, torch.optim.Optimizer],
    batch: list[Row],
    *,
    rate: float,
    smoothing: float,
) -> torch.Tensor:
    """One optimizer step; gives the loss before it."""
    for optimizer, share in zip(optimizers, (1.0, EMBEDDING_RATE_SHARE), strict=True):
        for group in optimizer.param_groups:
            group["lr"] = share * rate
    loss = loss_of(model, batch, smoothing)
    model.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
    return loss


def _log(out: Path, stage: Stage, model: LlamaForCausalLM, history: list[dict[str, Any]], seed: int) -> None:
    """Adds a stage to training_log.json."""
    path = out / "training_log.json"
    log = json.loads(path.read_text(encoding="utf-8")) if path.exists() and stage.name != "first" else {"stages": []}
    log |= {
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "torch": torch.__version__,
        "seed": seed,
    }
    figures = {"name": stage.name, "steps": stage.steps, "threads": torch.get_num_threads(), "history": history}
    log["stages"] = [*log["stages"], figures]
    path.write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, out: Path) -> None:
    """Writes the model in bf16, as safetensors, in the Hugging Face layout."""
    copy = LlamaForCausalLM(model.config).to(torch.bfloat16)
    copy.load_state_dict(model.state_dict())
    copy.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id, max_new_tokens=160, do_sample=False
    )
    copy.save_pretrained(out)
    tokenizer.save_pretrained(out)


STAGES = {
    "first": (first_stage, Stage("first", 3800, PEAK_LEARNING_RATE, 100)),
    "second": (second_stage, Stage("second", 1100, 1.2e-3, 50, label_smoothing=0.05)),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=[*STAGES, "both"], nargs="?", default="both")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    for name, (run_stage, settings) in STAGES.items():
        if arguments.stage in (name, "both"):
            torch.manual_seed(arguments.seed)
            run_stage(settings, arguments.out, arguments.seed)
