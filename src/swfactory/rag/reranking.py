"""Cross-encoders, which read a query and a text together and order the best candidates anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from swfactory.errors import ConfigError, MissingExtraError, ModelUnavailable
from swfactory.quiet import quiet_transformers
from swfactory.rag.retrieval import Reranker

__all__ = ["create_reranker"]


@lru_cache(maxsize=2)
def create_reranker(url: str) -> Reranker | None:
    """Make the reranker of a URL; a process has one for each.

    Args:
        url: ``st:BAAI/bge-reranker-v2-m3``, a cross-encoder of sentence-transformers by its name on the hub or its
            folder; empty for none.

    Raises:
        ConfigError: the URL cannot be used.
        MissingExtraError: its library is not installed.
        ModelUnavailable: the model cannot be loaded.
    """
    if not url:
        return None
    scheme, _, name = url.partition(":")
    if scheme != "st" or not name:
        raise ConfigError(f"{url!r} is no reranker URL", hint="use st:MODEL, or leave SWF_RERANKER empty")
    try:
        quiet_transformers()
        from sentence_transformers import CrossEncoder
    except ImportError as exc:
        raise MissingExtraError(f"the reranker {name!r}", extra="sentence-transformers") from exc
    try:
        model: Any = CrossEncoder(name)
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(
            f"the reranker {name!r} cannot be loaded: {exc}",
            hint="check the name, or give the folder of a model on this machine",
        ) from exc

    def rerank(query: str, texts: Sequence[str]) -> Sequence[float]:
        scores: list[float] = model.predict([(query, text) for text in texts], show_progress_bar=False).tolist()
        return scores

    return rerank
