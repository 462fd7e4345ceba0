"""The loss of the learned tokens, computed only where something is learned.

A batch has (batch, seq) positions, of which perhaps a third are learned; projecting only those to the vocabulary gives
the same loss for a fraction of the memory and time.
"""

from typing import TYPE_CHECKING, Any

from core.data.tokenize import IGNORED

if TYPE_CHECKING:
    import torch

ROWS_STEP = 32
# Models that change the projected values (soft caps, scales) must do it themselves.
RESHAPING_CONFIG_KEYS = (
    "final_logit_softcapping",
    "logit_scale",
    "logits_scaling",
    "output_multiplier_scale",
    "output_multiplier",
    "lm_head_multiplier",
    "output_logit_soft_cap",
)


def summed_loss(model: Any, batch: "dict[str, torch.Tensor]") -> "tuple[torch.Tensor, int]":
    """The sum of cross-entropies (nats) over the learned tokens of a batch, and their number.

    The token at position i is predicted from the hidden state at i − 1, as everywhere in transformers.
    """
    from torch.nn.functional import cross_entropy

    targets = batch["labels"][:, 1:]
    learned = targets != IGNORED
    logits = learned_logits(model, batch["input_ids"], batch["attention_mask"], learned)
    wanted = targets[learned]
    return cross_entropy(logits.float(), wanted, reduction="sum"), int(wanted.numel())


def learned_logits(
    model: Any, input_ids: "torch.Tensor", attention_mask: "torch.Tensor", learned: "torch.Tensor"
) -> "torch.Tensor":
    """Logits (num_learned, vocab) at the positions marked in `learned` (batch, seq − 1).

    Virtual tokens come before the row, so that its positions are the last ones.
    """
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    config = causal.config.get_text_config()
    if any(getattr(config, key, None) not in (None, 1, 1.0) for key in RESHAPING_CONFIG_KEYS):
        logits = model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits
        return logits[:, -input_ids.shape[1] : -1][learned]
    inputs = _after_virtual_tokens(model, input_ids, attention_mask)
    hidden = causal.get_decoder()(**inputs, use_cache=False).last_hidden_state
    return _projected(causal.get_output_embeddings(), hidden[:, -input_ids.shape[1] : -1][learned])


def _projected(head: Any, hidden: "torch.Tensor") -> "torch.Tensor":
    """Logits (num_learned, vocab) of hidden states (num_learned, hidden).

    Nearly every batch learns another number of tokens, and a CPU makes and keeps kernels for each: rows of zeros round
    it up to a multiple of `ROWS_STEP`, and are cut off again.
    """
    import torch

    missing = -len(hidden) % ROWS_STEP if hidden.device.type == "cpu" else 0
    if not missing:
        return head(hidden)
    return head(torch.cat((hidden, hidden.new_zeros(missing, hidden.shape[1]))))[: len(hidden)]


def _after_virtual_tokens(model: Any, input_ids: "torch.Tensor", attention_mask: "torch.Tensor") -> dict[str, Any]:
    """What the decoder reads: the rows, behind the learned tokens of the methods that have such.

    They are embeddings, (batch, num_virtual, hidden), that make the rows longer; or those of prefix tuning, keys and
    values that a cache holds. PEFT puts both in front in its wrapper's forward, which is passed by here.
    """
    import torch

    config = model.active_peft_config if hasattr(model, "get_base_model") else None
    if config is None or not config.is_prompt_learning:
        return {"input_ids": input_ids, "attention_mask": attention_mask}
    num_rows = input_ids.shape[0]
    seen = attention_mask.new_ones(num_rows, config.num_virtual_tokens)
    mask = torch.cat((seen, attention_mask), dim=1)
    learned = model.get_prompt(num_rows)
    if config.peft_type == "PREFIX_TUNING":
        return {"input_ids": input_ids, "attention_mask": mask, "past_key_values": learned}
    words = model.word_embeddings(input_ids)
    return {"inputs_embeds": torch.cat((learned.to(words.dtype), words), dim=1), "attention_mask": mask}
