"""Two embedding models as one: their vectors side by side."""

from __future__ import annotations

from collections.abc import Sequence

from swfactory.domain.query_vector import QueryVector
from swfactory.rag.e5 import E5Embedder
from swfactory.rag.minilm import MiniLMEmbedder
from swfactory.rag.words import has_chinese

__all__ = ["PairEmbedder"]

_SHARE = 0.4
"""Of e5 in the cosine of an English query; measured, see benchmarks/RESULTS.md."""


class PairEmbedder:
    """e5, which knows Chinese, and MiniLM, which is better at English.

    The cosine of two vectors of a pair is the mean of the models' cosines, e5's with weight 0.4. A Chinese query has no
    part of MiniLM's: what it would find there is noise.

    Args:
        e5: the one.
        minilm: the other.
    """

    url = "e5+minilm"
    near = 0.4
    """Measured: a function written for a requirement is at 0.43 to 0.72 to it, the nearest other one at 0.37."""

    def __init__(self, e5: E5Embedder, minilm: MiniLMEmbedder) -> None:
        self._e5 = e5
        self._minilm = minilm
        self.dimension = e5.dimension + minilm.dimension

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that are to be found."""
        return [
            _side_by_side(one, other)
            for one, other in zip(self._e5.passages(texts), self._minilm.passages(texts), strict=True)
        ]

    def query(self, text: str) -> QueryVector:
        """Embed what is looked for."""
        known = self._e5.query(text).vector
        if has_chinese(text):
            return QueryVector([*known, *[0.0] * self._minilm.dimension], reach=_SHARE**0.5)
        return QueryVector(_side_by_side(known, self._minilm.query(text).vector), voices=2)


def _side_by_side(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [number * _SHARE**0.5 for number in one] + [number * (1 - _SHARE) ** 0.5 for number in other]
