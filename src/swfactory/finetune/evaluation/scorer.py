"""How likely a model finds a text: log-probabilities of its tokens, by teacher forcing."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from swfactory.errors import ConfigError, MissingExtraError, ModelUnavailable
from swfactory.models.spec import ModelSpec

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from swfactory.models.engine import Engine

__all__ = ["HfScorer", "LlamaScorer", "Scorer", "check_scorable", "create_scorer", "perplexity"]

_SCHEMES = ("llama", "hf")


class Scorer(Protocol):
    """Scores texts, several at once if need be."""

    async def score(self, text: str) -> tuple[float, ...]:
        """Return the natural logarithm of each token's probability given those before it.

        The first token, which has none before it, is left out. A text longer than the model's context is cut.
        Tokens of whose probability the model does not tell are left out as well.

        Raises:
            ModelUnavailable: the model failed.
        """
        ...


def perplexity(likelihood: float, tokens: float) -> float:
    """Return the exponential of the mean negative log-likelihood a token (Jelinek et al. 1977).

    Args:
        likelihood: sum of the tokens' log-probabilities, natural logarithm.
        tokens: how many there are, at least 1.
    """
    return math.exp(-likelihood / tokens)


def check_scorable(url: str) -> None:
    """Raise unless a model of this URL gives log-probabilities of a text.

    Args:
        url: model URL.

    Raises:
        ConfigError: it does not.
    """
    if ModelSpec.parse(url).scheme not in _SCHEMES:
        raise ConfigError(
            f"{url!r} gives no log-probabilities of a text", hint="measure forgetting of llama:NAME or hf:FOLDER"
        )


def create_scorer(model: BaseChatModel) -> Scorer:
    """Make the scorer of a chat model, which shares its weights; they are loaded now.

    Args:
        model: the chat model of a URL that ``check_scorable`` lets pass, with its adapters.

    Raises:
        MissingExtraError: what runs the model is not installed: llama.cpp, or torch, transformers and peft.
        ModelUnavailable: the model cannot be loaded.
    """
    from swfactory.models.llama import LlamaChatModel
    from swfactory.models.transformers import HfChatModel

    if isinstance(model, LlamaChatModel):
        return LlamaScorer(model.load(), model.scales())
    assert isinstance(model, HfChatModel)
    return HfScorer(*model.load())


class LlamaScorer:
    """Scores with a GGUF model, token by token: about as long as it takes to generate the text.

    Args:
        engine: what runs the model.
        scales: how strongly each loaded adapter counts; see ``log_probability``.
    """

    def __init__(self, engine: Engine, scales: Sequence[Mapping[str, float]] = ()) -> None:
        self._engine = engine
        self._scales = scales

    async def score(self, text: str) -> tuple[float, ...]:
        """Return the log-probability of each token but the first; see ``Scorer.score``. Can be stopped at any token."""
        from swfactory.models.forcing import log_probability

        engine, scales = self._engine, self._scales
        tokens = (await asyncio.to_thread(engine.tokens, text))[: engine.options.context]
        told = [
            await asyncio.to_thread(log_probability, engine, tokens, place, scales) for place in range(1, len(tokens))
        ]
        return tuple(value for value in told if value is not None)


class HfScorer:
    """Scores with a Transformers causal language model.

    Args:
        model: the model, in evaluation mode.
        tokenizer: its tokeniser.
    """

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._turn = threading.Lock()  # several texts at once need several times the memory

    async def score(self, text: str) -> tuple[float, ...]:
        """Return the log-probability of each token but the first; see ``Scorer.score``."""
        return await asyncio.to_thread(self._score, text)

    def _score(self, text: str) -> tuple[float, ...]:
        try:
            import torch
        except ModuleNotFoundError as exc:
            raise MissingExtraError("perplexity", extra="hf") from exc
        limit = getattr(self._model.config, "max_position_embeddings", None)
        tokens = self._tokenizer(text, return_tensors="pt", truncation=limit is not None, max_length=limit)["input_ids"]
        if tokens.shape[1] < 2:
            return ()
        try:
            with self._turn, torch.inference_mode():
                # in single precision: half of it rounds what is summed over thousands of tokens
                logits = self._model(input_ids=tokens.to(self._model.device)).logits[0, :-1].float()
                chances = torch.log_softmax(logits, dim=-1)
                found = chances.gather(1, tokens[0, 1:, None].to(chances.device))[:, 0]
        except RuntimeError as exc:  # out of memory is one of torch's
            raise ModelUnavailable(f"Transformers failed: {exc}", hint="a smaller model, or shorter texts") from exc
        return tuple(found.tolist())
