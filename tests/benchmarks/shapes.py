"""Random models of a given shape, and rows to train them on."""

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = ROOT / "tests" / "fixtures" / "alpaca_en_200.json"


@dataclass(frozen=True)
class Shape:
    """A Llama with tied embeddings; its tokenizer is the starter's, and the rest of its vocabulary stays unused."""

    hidden: int
    layers: int
    heads: int
    vocabulary: int


def write_base(folder: Path, shape: Shape) -> None:
    """A folder in the Hugging Face layout with random weights, the same each time."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    from core.models.catalog import open_base

    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        intermediate_size=8 * shape.hidden // 3 // 64 * 64,
        vocab_size=shape.vocabulary,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    AutoTokenizer.from_pretrained(open_base("starter").path).save_pretrained(folder)


def write_rows(file: Path, base: Path, max_length: int, num_rows: int) -> None:
    """The first rows of the Alpaca fixture as token ids and labels."""
    from core.data.examples import Example, Message
    from core.data.tokenize import Tokenization
    from core.models.catalog import open_base
    from core.models.load import load_tokenizer

    tokens = Tokenization(load_tokenizer(open_base(str(base))))
    found = json.loads(ROWS.read_text(encoding="utf-8"))[:num_rows]
    examples = []
    for number, row in enumerate(found):
        asked = Message("user", f"{row['instruction']}\n{row['input']}".strip())
        examples.append(Example(str(number), (asked, Message("assistant", row["output"]))))
    rows = [{"input_ids": row.input_ids, "labels": row.labels} for row in tokens.rows(examples, max_length)]
    file.write_text(json.dumps(rows), encoding="utf-8")
