"""A base model of a few thousand parameters, made in a test: real transformers, random weights, no download."""

from pathlib import Path
from shutil import copytree, ignore_patterns

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
SENTENCES = (
    "Where is my parcel?",
    "It is on its way.",
    "你好，我的包裹在哪里？",
    "它在路上。",
    "1. Open the box. 2. Look.",
)
REVIEWS = ("good and quick", "bad and slow", "the parcel was good", "the parcel was bad")


def tiny_base(folder: Path, *, template: str | None = TEMPLATE, **config: int) -> Path:
    """A Llama of 2 layers and width 32 with a byte-level tokenizer and a chat template, in the Hugging Face layout."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tokenizer(template)
    torch.manual_seed(0)
    shape = {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "max_position_embeddings": 512,
        **config,
    }
    model = LlamaForCausalLM(
        LlamaConfig(
            **shape, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id, bos_token_id=None
        )
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def in_shards(base: Path, folder: Path) -> Path:
    """The same model with its weights in several files and their index."""
    import torch
    from transformers import AutoModelForCausalLM

    copytree(base, folder, ignore=ignore_patterns("model.safetensors"))
    AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).save_pretrained(folder, max_shard_size="60KB")
    return folder


def _tokenizer(template: str | None):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator(SENTENCES, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>"],
    )
    tokenizer.chat_template = template
    return tokenizer


def tiny_bert(folder: Path, **config: int) -> Path:
    """A BERT of 2 layers and width 32, as it is after pretraining: no pooler, no head, no chat template."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

    raw = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    raw.normalizer = normalizers.BertNormalizer(lowercase=True)
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=special, show_progress=False)
    raw.train_from_iterator([*SENTENCES, *REVIEWS, "abcdefghijklmnopqrstuvwxyz"], trainer)
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    raw.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    named = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, mask_token="[MASK]", **named)
    torch.manual_seed(0)
    shape = {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": 128,
        **config,
    }
    spread = 0.2  # as wide as trained weights: at the usual 0.02 a model this small reads every text alike
    config_of = BertConfig(**shape, pad_token_id=tokenizer.pad_token_id, initializer_range=spread)
    BertForMaskedLM(config_of).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
