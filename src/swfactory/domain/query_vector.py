"""What a question is in the space of a collection's vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["QueryVector"]


@dataclass(frozen=True)
class QueryVector:
    """The vector of a query, and how much it says.

    Args:
        vector: numbers, of length 1 as a whole unless ``reach`` is less.
        voices: what it counts beside the words of the query, where the vector of one small model counts 1.
        reach: the largest cosine that a passage can have to it; less than 1 where a part of the vector is silent.
    """

    vector: Sequence[float]
    voices: int = 1
    reach: float = 1.0
