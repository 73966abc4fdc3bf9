"""Counts by reason: what was left out of a data set, and what was masked in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

__all__ = ["Tally"]


class Tally:
    """Counts what happens on the way from sources to rows.

    Args:
        told: called after each count, for progress.
    """

    def __init__(self, told: Callable[[], None] = lambda: None) -> None:
        self.dropped: Counter[str] = Counter()
        self.masked: Counter[str] = Counter()
        self._told = told

    def drop(self, reason: str, count: int = 1) -> None:
        """Count something that was left out.

        Args:
            reason: why, in a few words.
            count: how many.
        """
        if count:
            self.dropped[reason] += count
            self._told()

    def keeps(self, reason: str) -> bool:
        """Whether there is no reason against something; a reason is counted.

        Args:
            reason: why it is left out; empty when it is kept.
        """
        if reason:
            self.drop(reason)
        return not reason
