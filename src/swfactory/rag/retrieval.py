"""What is found for a question: vectors, words and names, fused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from swfactory.domain.query_vector import QueryVector
from swfactory.rag.chunk import Chunk
from swfactory.rag.fusion import fuse
from swfactory.rag.store import Collection
from swfactory.rag.words import identifiers, question_words

__all__ = ["Hit", "Mode", "Reranker", "search"]

Mode = Literal["hybrid", "dense", "words"]
Reranker = Callable[[str, Sequence[str]], Sequence[float]]
"""Scores texts for a query, higher is better: a cross-encoder."""

_POOL = 50
"""Candidates of each ranking."""
_NAMED = 10
_NAME_WEIGHT = 3.0
"""A definition that the query names outright comes first."""
_DENSE_WEIGHT = 1.25
"""Of each voice: a small model counts a little more than words; measured with ``_K``, see benchmarks/RESULTS.md."""
_SPOKEN_WEIGHT = 0.3
_K = 10
"""Of the fusion: the first places of two rankings of 50 count for more than the paper's 60 lets them."""


@dataclass(frozen=True)
class Hit:
    """A chunk that was found.

    Args:
        id: its identity.
        chunk: the chunk.
        score: higher is better; comparable within one answer only.
        similarity: cosine of query and card, of the largest that the query can have; 0 when the vectors did not find
            it.
    """

    id: str
    chunk: Chunk
    score: float
    similarity: float = 0.0


def search(
    collection: Collection,
    query: str,
    *,
    limit: int = 10,
    mode: Mode = "hybrid",
    rerank: Reranker | None = None,
) -> list[Hit]:
    """Find the chunks for a query.

    Args:
        collection: where to look.
        query: a question, code, a name or an error message, in English or Chinese.
        limit: hits at most.
        mode: what ranks: vectors and words and names, vectors alone, or words alone.
        rerank: orders the best candidates anew.

    Returns:
        Hits, best first; of chunks that say the same only the first.

    Raises:
        StoreError: the store cannot be used.
    """
    if not query.strip():
        return []
    pool = max(_POOL, limit * 3)
    asked = collection.embedder.query(query) if mode != "words" else QueryVector(())
    nearest = collection.vectors.search(asked.vector, pool) if asked.vector else []
    latin, chinese = question_words(query) if mode != "dense" else ([], [])
    worded = collection.catalog.search(latin, pool)
    # Of Chinese prose the meaning is a better guide than the words.
    spoken = collection.catalog.search(chinese, pool)
    spoken_weight = _SPOKEN_WEIGHT if mode == "hybrid" else 1.0
    named = []
    if mode == "hybrid":
        named = [identity for name in identifiers(query) for identity in collection.catalog.named(name, _NAMED)]
    found = [identity for identity, _ in nearest]
    dense_weight = _DENSE_WEIGHT * asked.voices
    ranked = fuse([(found, dense_weight), (worded, 1.0), (spoken, spoken_weight), (named, _NAME_WEIGHT)], _K)
    similarity = {identity: cosine / asked.reach for identity, cosine in nearest}
    chunks = collection.catalog.chunks([identity for identity, _ in ranked])
    hits = [
        Hit(identity, chunks[identity], score, similarity.get(identity, 0.0))
        for identity, score in ranked
        if identity in chunks
    ]
    hits = _distinct(hits)
    if rerank is not None:
        hits = _reranked(query, hits[: max(limit * 3, _NAMED)], rerank)
    return hits[:limit]


def _reranked(query: str, hits: Sequence[Hit], rerank: Reranker) -> list[Hit]:
    scores = rerank(query, [hit.chunk.text for hit in hits])
    scored = sorted(zip(scores, hits, strict=True), key=lambda pair: -pair[0])
    return [Hit(hit.id, hit.chunk, float(score), hit.similarity) for score, hit in scored]


def _distinct(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out what says the same as a better hit: copies of a file, vendored code."""
    seen: set[str] = set()
    kept = []
    for hit in hits:
        said = " ".join(hit.chunk.text.split())
        if said not in seen:
            seen.add(said)
            kept.append(hit)
    return kept
