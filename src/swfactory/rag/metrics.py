"""How good a ranking is, when it is known what should be found.

Recall at k, mean reciprocal rank, and normalised discounted cumulative gain (Järvelin and Kekäläinen, Cumulated
gain-based evaluation of IR techniques, ACM TOIS 2002), with one or several gold items a query, all of the same worth.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

__all__ = ["ndcg", "percentile", "recall", "reciprocal_rank"]


def recall(ranking: Sequence[str], gold: Collection[str], k: int) -> float:
    """Return 1 when a gold item is among the first ``k``, else 0: each query asks for one thing."""
    return float(any(item in gold for item in ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], gold: Collection[str]) -> float:
    """Return 1 over the place of the first gold item, 0 when there is none."""
    return next((1.0 / place for place, item in enumerate(ranking, start=1) if item in gold), 0.0)


def ndcg(ranking: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """Return the discounted gain of the first ``k``, as a share of the best that is possible."""
    gain = sum(1.0 / math.log2(place + 1) for place, item in enumerate(ranking[:k], start=1) if item in gold)
    best = sum(1.0 / math.log2(place + 1) for place in range(1, min(len(gold), k) + 1))
    return gain / best if best else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of the values (0 to 1) does not exceed, by the nearest-rank method; 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
