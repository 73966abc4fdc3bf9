"""How likely a GGUF model finds a text: log-probabilities of its tokens, by teacher forcing.

llama.cpp's server tells the probability of what it generates only. So each token is asked for alone, with its logit
raised until nothing else can come, and what is told is its probability before that; the prefix stays in the cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from swfactory.errors import ModelRefused
from swfactory.models.engine import Engine

__all__ = ["log_probability"]

_BIAS = 1000
"""Added to the logit of the token that must come next."""


def log_probability(
    engine: Engine, tokens: Sequence[int], place: int, scales: Sequence[Mapping[str, float]] = ()
) -> float | None:
    """Return the natural logarithm of a token's probability given those before it.

    Asked for one place after the other, each costs as much as a token that is generated.

    Args:
        engine: what runs the model.
        tokens: ids, at most as many as a call's context.
        place: index of the token that is judged, at least 1.
        scales: how strongly each loaded adapter counts, ``{"id": 0, "scale": 1.0}``; one left out counts 0.

    Returns:
        None for what is never told: a token that ends replies, and one that begins a letter without ending it, as some
        of rare Chinese letters do.

    Raises:
        ModelRefused: the model does not know the token.
        ModelUnavailable: the engine was closed, or llama.cpp failed.
    """
    wanted = tokens[place]
    request: dict[str, Any] = {
        "prompt": list(tokens[:place]),
        "n_predict": 1,
        "n_probs": 1,
        "temperature": 0.0,
        "logit_bias": [[wanted, _BIAS]],
        "cache_prompt": True,
    }
    if scales:
        request["lora"] = list(scales)
    answer = engine.complete(request)
    told = (answer["choices"][0].get("logprobs") or {}).get("content") or ()
    if not told:
        return None
    if told[0]["id"] != wanted:
        raise ModelRefused(f"the model has no token {wanted}", hint="cut the text into tokens with this model")
    return float(told[0]["logprob"])
