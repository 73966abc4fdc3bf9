"""The head of a model on the tokens that are learnt and no others, for processors.

TRL's fused head does this on devices with Triton. Elsewhere it multiplies every position by the whole vocabulary,
which for a small model with a long prompt is most of the work.
"""

from __future__ import annotations

import functools
from typing import Any

from swfactory.finetune.training.templates import IGNORED

__all__ = ["CHUNK", "use_answer_head"]

CHUNK = 128
"""Positions whose logits exist at once. With 150,000 tokens to choose from they are 78 MB in single precision, and a
backward pass has several such blocks; those of chunks that wait for it are made anew, which costs one product."""

_SCALED = (
    "final_logit_softcapping",
    "logit_scale",
    "logits_scaling",
    "lm_head_multiplier",
    "output_multiplier",
)


def use_answer_head(model: Any, *, own: bool = False) -> bool:
    """Replace the head that TRL fused to a model; models that scale their logits keep TRL's.

    Args:
        model: causal language model, with or without an adapter, after the trainer has patched it.
        own: take the logits that the model makes itself, of all positions: code that comes with weights may keep its
            states in another order (ChatGLM2 puts positions before rows), or have no body of its own.

    Returns:
        Whether it was replaced.
    """
    from trl.trainer.utils import FusedCausalLMOutput

    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    if not own and any(getattr(base.config, name, None) is not None for name in _SCALED):
        return False
    patched = base.forward

    @functools.wraps(type(base).forward)
    def forward(*args: Any, fused_lm_head: bool = False, labels: Any = None, **kwargs: Any) -> Any:
        if not fused_lm_head:
            return patched(*args, **({} if labels is None else {"labels": labels}), **kwargs)
        kwargs.pop("num_items_in_batch", None)
        targets = labels[:, 1:]
        mask = targets != IGNORED
        if own:
            fields = _score(_as_it_is, patched(*args, **kwargs).logits[:, :-1][mask], targets[mask])
        else:
            hidden = base.base_model(*args, **kwargs | {"use_cache": False}).last_hidden_state[:, :-1]
            fields = _score(base.get_output_embeddings(), hidden[mask], targets[mask])
        log_probs, entropy, top = (field.new_zeros(mask.shape).masked_scatter(mask, field) for field in fields)
        return FusedCausalLMOutput(
            loss=-log_probs.sum() / mask.sum().clamp(min=1),
            log_probs=log_probs,
            entropy=entropy,
            is_top1=top,
            label_mask=mask,
        )

    base.forward = forward
    return True


def _as_it_is(logits: Any) -> Any:
    return logits


def _score(head: Any, hidden: Any, targets: Any) -> tuple[Any, Any, Any]:
    """Log-probability, entropy and whether it was the likeliest, of each target."""
    import torch
    from torch.utils.checkpoint import checkpoint

    def part(states: Any, wanted: Any) -> tuple[Any, Any, Any]:
        logits = head(states).float()
        whole = logits.logsumexp(-1)
        log_probs = logits.gather(-1, wanted[:, None])[:, 0] - whole
        with torch.no_grad():
            chances = (logits - whole[:, None]).exp_()
            entropy = whole - chances.mul_(logits).sum(-1)
            top = logits.argmax(-1) == wanted
        return log_probs, entropy, top

    if len(targets) <= CHUNK:
        return part(hidden, targets)
    parts = [
        checkpoint(part, states, wanted, use_reentrant=False)
        for states, wanted in zip(hidden.split(CHUNK), targets.split(CHUNK), strict=True)
    ]
    return tuple(torch.cat(column) for column in zip(*parts, strict=True))
