"""Small sets of conversations, written to files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.training.batching import Rows


def conversations(num_rows: int = 24) -> list[dict]:
    """Short, all different, in both languages."""
    made = []
    for number in range(num_rows):
        question, answer = (
            (f"Where is parcel {number}?", f"Hello. Parcel {number} is on its way.")
            if number % 2
            else (f"包裹{number}在哪里？", f"您好。包裹{number}在路上。")
        )
        turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        made.append({"messages": turns})
    return made


def write_conversations(path: Path, num_rows: int = 24) -> Path:
    """As messages JSONL."""
    lines = (json.dumps(row, ensure_ascii=False) for row in conversations(num_rows))
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def write_pairs(path: Path, pairs: list[tuple[str, str]]) -> Path:
    """One question and one answer a row, as prompt–completion JSONL."""
    rows = [{"prompt": question, "completion": answer} for question, answer in pairs]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def learned_rows(*lengths: int) -> "Rows":
    """Rows of random tokens, of these lengths, of which all but the first third is learned."""
    import torch

    from core.data.tokenize import IGNORED, TokenizedRow
    from core.training.batching import Rows

    draw = torch.Generator().manual_seed(2)
    made = []
    for length in lengths:
        ids = tuple(torch.randint(3, 320, (length,), generator=draw).tolist())
        made.append(TokenizedRow(ids, (IGNORED,) * (length // 3) + ids[length // 3 :], length, stop_learned=True))
    return Rows(made)
