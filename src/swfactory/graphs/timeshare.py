"""Time shared by calls that run side by side, so that what each took adds up to what all took."""

from __future__ import annotations

from collections.abc import Callable, Hashable

__all__ = ["TimeShare"]


class TimeShare:
    """Divides the time among those who are at work.

    Args:
        clock: seconds from any fixed point.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken: dict[Hashable, float] = {}
        self._last = 0.0

    def start(self, key: Hashable) -> None:
        """Let one join."""
        self._divide()
        self._taken[key] = 0.0

    def stop(self, key: Hashable) -> float:
        """Let one leave, and return its share in seconds."""
        self._divide()
        return self._taken.pop(key)

    def _divide(self) -> None:
        now = self._clock()
        for key in self._taken:
            self._taken[key] += (now - self._last) / len(self._taken)
        self._last = now
