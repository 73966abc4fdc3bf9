"""Sources mixed by weight, sampled and interleaved in one pass, the same way for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from swfactory.domain.value import Value

__all__ = ["Pool", "interleave", "sample", "shares"]

T = TypeVar("T")


class Pool(Value):
    """What a source has to give.

    Args:
        rows: how many rows there are.
        weight: share of the mix against the others; None to take them all.
    """

    rows: int
    weight: float | None = None


def shares(pools: Sequence[Pool]) -> tuple[int, ...]:
    """Return how many rows each source gives: as many as keep the weights without repeating any.

    Args:
        pools: the sources; either all have a weight or none.
    """
    if any(pool.weight is None for pool in pools):
        return tuple(pool.rows for pool in pools)
    filled = [(pool.rows, pool.weight or 0.0) for pool in pools if pool.rows]
    if not filled:
        return tuple(0 for _ in pools)
    # The scarcest source, measured by its weight, sets the size of the mix.
    unit = min(rows / weight for rows, weight in filled)
    return tuple(min(pool.rows, round(unit * (pool.weight or 0.0))) for pool in pools)


def sample(rows: Iterable[T], total: int, wanted: int, seed: str) -> Iterator[T]:
    """Yield some of the rows in their order, each set of that size as likely (Knuth, TAOCP 2, algorithm 3.4.2S).

    Args:
        rows: the rows.
        total: how many there are.
        wanted: how many are taken.
        seed: of the choice.
    """
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    left = wanted
    for seen, row in enumerate(rows):
        if left and draw.random() * (total - seen) < left:
            left -= 1
            yield row


def interleave(sources: Sequence[Iterator[T]], sizes: Sequence[int], seed: int) -> Iterator[T]:
    """Yield the rows of all sources, shuffled against each other; the order within a source stays.

    Args:
        sources: one iterator a source.
        sizes: how many rows each has.
        seed: of the order.
    """
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    left = list(sizes)
    while total := sum(left):
        place = draw.randrange(total)
        for number, size in enumerate(left):
            if place < size:
                left[number] -= 1
                yield next(sources[number])
                break
            place -= size
