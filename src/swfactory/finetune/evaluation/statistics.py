"""What a handful of items says about a model: shares with intervals, pass@k, and differences between paired results."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import TypeVar

from swfactory.domain.value import Value

__all__ = ["RESAMPLES", "Interval", "bootstrap", "mean", "pass_at_k", "wilson"]

T = TypeVar("T")

RESAMPLES = 10_000
"""Resamples of a bootstrap: the ends of a 95 % interval then rest on 250 values each."""


class Interval(Value):
    """An interval of confidence.

    Args:
        low: lower end.
        high: upper end.
    """

    low: float
    high: float


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean of at least one value."""
    return math.fsum(values) / len(values)


def pass_at_k(samples: int, passed: int, k: int) -> float:
    """Return the unbiased estimate of the probability that one of k samples passes.

    Chen et al. 2021, "Evaluating Large Language Models Trained on Code", arXiv:2107.03374, equation 1.

    Args:
        samples: samples drawn.
        passed: those that pass.
        k: samples of which one must pass; at most ``samples``.

    Raises:
        ValueError: k is not between 1 and ``samples``, or more samples passed than there are.
    """
    if not 1 <= k <= samples or not 0 <= passed <= samples:
        raise ValueError(f"pass@{k} cannot be estimated from {passed} of {samples} samples")
    return 1.0 - math.comb(samples - passed, k) / math.comb(samples, k)


def wilson(passed: int, total: int, *, confidence: float = 0.95) -> Interval:
    """Return the score interval of a share, which also holds for few items and for shares near 0 or 1.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference", doi:10.2307/2276774.

    Args:
        passed: items passed.
        total: items, at least 1.
        confidence: of the interval, between 0 and 1.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, weight = passed / total, z * z / total
    centre = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / total + weight / (4 * total)) / (1 + weight)
    return Interval(low=max(0.0, centre - half), high=min(1.0, centre + half))


def bootstrap(
    units: Sequence[T],
    statistic: Callable[[Sequence[T]], float],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = 0.95,
) -> Interval:
    """Return the percentile interval of a statistic.

    The units are resampled, so results that belong together (both models on one item) make one unit: that pairs them.
    Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3.

    Args:
        units: independent units, at least one.
        statistic: a number of as many units, e.g. the mean of their differences.
        resamples: how often units are drawn anew, with replacement.
        seed: of the draws; equal seeds give equal intervals.
        confidence: of the interval, between 0 and 1.
    """
    draw = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
    values = sorted(statistic(draw.choices(units, k=len(units))) for _ in range(resamples))
    tail = (1 - confidence) / 2
    return Interval(low=_quantile(values, tail), high=_quantile(values, 1 - tail))


def _quantile(values: Sequence[float], share: float) -> float:
    """Quantile of sorted values, linear between two of them."""
    place = share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)
