"""An embedder that needs no model: texts that share words are near each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from swfactory.domain.query_vector import QueryVector

__all__ = ["WordEmbedder"]

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")


class WordEmbedder:
    """Maps each word to a direction by its hash, and a text to the sum of its words.

    Args:
        name: its embedding URL; two of different names make vectors that do not fit together.
        dimension: numbers in a vector.
    """

    def __init__(self, name: str = "words", dimension: int = 64) -> None:
        self.url = name
        self.near = 0.3
        self.dimension = dimension
        self.embedded: list[str] = []
        """Every text that was embedded, in order."""

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that are to be found."""
        self.embedded += texts
        return [self._vector(text) for text in texts]

    def query(self, text: str) -> QueryVector:
        """Embed what is looked for."""
        return QueryVector(self._vector(text))

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * self.dimension
        vector[0] = 1e-3  # a text without words has a direction too
        for word in _WORD.findall(text.lower()):
            digest = hashlib.blake2b(f"{self.url} {word}".encode(), digest_size=8).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimension] += 1.0 if digest[4] % 2 else -1.0
        length = sum(number * number for number in vector) ** 0.5
        return [number / length for number in vector]
