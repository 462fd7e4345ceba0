"""Writes MODEL_CARD.md: figures from the training log, and the model's real answers to the held-back prompts.

python -m assets.starter.recipe.card
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from assets.starter.recipe.generate import counts, held_back_prompts

STARTER = Path(__file__).resolve().parent.parent
MOST_TOKENS = 160

CARD = """\
---
license: apache-2.0
language: [en, zh]
library_name: transformers
pipeline_tag: text-generation
---

# starter

A conversational language model of {parameters:,} parameters, made for Tailor so that its whole journey works without a
network. It is a base to tune and to watch being tuned, not a source of knowledge.

## What it was trained on

{by_hand_en:,} English and {by_hand_zh:,} Chinese exchanges written for this project by its makers (language models
wrote the drafts at their request; nothing was copied from a data set), each in several wordings, multiplied by code:
other wordings of the opening, system turns, chains of several turns, slots; and exercises made from word tables: small
sums, translating words, lists, classes, opposites, comparing numbers. Together {train:,} conversations.
Everything is in `recipe/`; `python -m assets.starter.recipe.train` makes the model again.

## How

Llama architecture, hidden 256, 4 layers, 8 heads, vocabulary 6,144 (byte-level BPE: any text can be written), tied
embeddings, context 1,024 tokens, ChatML-style template with a `generation` block, stop token `<|im_end|>`. Weights in
bf16 ({megabytes:.1f} MB).

Two stages on a two-core server, torch {torch_version}, seed {seed}: {stages}. The second stage goes on from the first
with {wordings:,} more wordings by hand, questions with words left out, copying, numbered lists and fresh exercises for
each pass, with label smoothing 0.05. It was added after the first stage answered 25 of the 40 prompts below sensibly,
so the 40 are new wordings to the model, but not a test nobody had looked at.

**Loss on the answers of {held_out:,} held-out wordings: {held_out_loss:.3f} nats per token** (perplexity
{perplexity:.2f}).
These are other wordings of questions it was trained on, so the figure tells how well it carries over to new wordings,
not to new subjects.

## What it cannot do

It knows only everyday matters that its text mentions. It cannot calculate beyond small sums, cannot write long texts,
does not reason, does not remember facts reliably, and answers something unrelated, or plain nonsense, when asked about
what it has not seen. Some pieces of its vocabulary were never written in training, and a tune can hardly teach them
(a line that begins with "Anything" is one). It must not be used for advice that matters.

## 40 held-back prompts and its real answers

New wordings, none of which it was trained on; greedy decoding, float32. {ended} of 40 answers end by themselves. The
last column is our own reading, by what `recipe/held_back.json` said beforehand a sensible answer must say:
{sensible} of 40 are sensible, two of them only just (the rain in English, the thanks in Chinese).

| | System turn | Prompt | Answer | Sensible |
| --- | --- | --- | --- | --- |
{rows}
"""


@dataclass(frozen=True)
class HeldBackAnswer:
    """One answer of the model, and whether it ended with the stop token."""

    language: str
    system: str
    prompt: str
    text: str
    ends_by_itself: bool


def answers_to_held_back(folder: Path) -> list[HeldBackAnswer]:
    """Greedy answers to the 40 held-back prompts."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    made = []
    for prompt in held_back_prompts():
        system = prompt["system"] or ""
        turns = [{"role": "system", "content": system}] if system else []
        turns.append({"role": "user", "content": prompt["prompt"]})
        inputs = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        output = model.generate(**inputs, max_new_tokens=MOST_TOKENS, do_sample=False)[
            0, inputs["input_ids"].shape[1] :
        ]
        text = tokenizer.decode(output, skip_special_tokens=True).strip()
        ended = tokenizer.eos_token_id in output.tolist()
        made.append(HeldBackAnswer(prompt["language"], system, prompt["prompt"], text, ended))
    return made


def write_card(folder: Path = STARTER) -> None:
    """Writes the card. `readings.json` beside the recipe says which answers we read as sensible."""
    log = json.loads((folder / "training_log.json").read_text(encoding="utf-8"))
    readings = json.loads((STARTER / "recipe" / "readings.json").read_text(encoding="utf-8"))
    answers, found, stages = answers_to_held_back(folder), counts(), log["stages"]
    last = [stage["history"][-1] for stage in stages]
    rows = [
        f"| {a.language} | {_cell(a.system)} | {_cell(a.prompt)} | {_cell(a.text)} | {'yes' if good else 'no'} |"
        for a, good in zip(answers, readings, strict=True)
    ]
    text = CARD.format(
        parameters=log["parameters"],
        by_hand_en=found["exchanges_by_hand"]["en"],
        by_hand_zh=found["exchanges_by_hand"]["zh"],
        train=found["train_conversations"],
        held_out=found["held_out_conversations"],
        megabytes=(folder / "model.safetensors").stat().st_size / 1e6,
        stages="; ".join(_stage(stage) for stage in stages),
        wordings=found["wordings_second_stage"],
        torch_version=log["torch"],
        seed=log["seed"],
        held_out_loss=last[-1]["held_out_loss"],
        perplexity=math.exp(last[-1]["held_out_loss"]),
        ended=sum(answer.ends_by_itself for answer in answers),
        sensible=sum(readings),
        rows="\n".join(rows),
    )
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")


def _stage(stage: dict[str, Any]) -> str:
    last = stage["history"][-1]
    return (
        f"the {stage['name']} with {stage['steps']:,} steps, {last['tokens']:,} tokens and {last['passes']} passes in "
        f"{last['seconds'] / 60:.0f} minutes on {stage['threads']} core(s)"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    write_card()
