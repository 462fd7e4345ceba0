"""The loss of the learned tokens, computed only where something is learned.

A batch has (batch, seq) positions, of which perhaps a third are learned; projecting only those to the vocabulary gives
the same loss for a fraction of the memory and time.
"""

from typing import TYPE_CHECKING, Any

from core.data.tokenize import IGNORED

if TYPE_CHECKING:
    import torch

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
    """Logits (num_learned, vocab) at the positions marked in `learned` (batch, seq − 1)."""
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    config = causal.config.get_text_config()
    if any(getattr(config, key, None) not in (None, 1, 1.0) for key in RESHAPING_CONFIG_KEYS):
        return model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits[:, :-1][learned]
    decoder = causal.get_decoder()
    hidden = decoder(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).last_hidden_state
    return causal.get_output_embeddings()(hidden[:, :-1][learned])
