"""Several rankings into one, by reciprocal rank.

Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods, SIGIR
2009.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

__all__ = ["RRF_K", "fuse"]

RRF_K = 60
"""The constant of the paper: how little the first places count above those after them."""

T = TypeVar("T", bound=Hashable)


def fuse(rankings: Iterable[tuple[Sequence[T], float]], k: int = RRF_K) -> list[tuple[T, float]]:
    """Fuse rankings: an item's score is the sum of ``weight / (k + rank)`` over the rankings that have it.

    Args:
        rankings: items, best first, with the weight of the ranking.
        k: the constant of the paper.

    Returns:
        Every item with its score, best first; items of the same score in the order they came.
    """
    scores: dict[T, float] = {}
    for ranking, weight in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return sorted(scores.items(), key=lambda scored: -scored[1])
