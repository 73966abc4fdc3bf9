"""Sets of integers as half-open intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class IntervalSet:
    def __init__(self, intervals: Iterable[tuple[int, int]] = ()) -> None:
        self._items: list[tuple[int, int]] = []
        for start, end in intervals:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        _check(start, end)
        kept = []
        for a, b in self._items:
            if b < start or a > end:
                kept.append((a, b))
            else:
                start, end = min(a, start), max(b, end)
        self._items = sorted([*kept, (start, end)])

    def remove(self, start: int, end: int) -> None:
        _check(start, end)
        parts = [part for a, b in self._items for part in ((a, min(b, start)), (max(a, end), b))]
        self._items = [(a, b) for a, b in parts if a < b]

    def union(self, other: IntervalSet) -> IntervalSet:
        return IntervalSet([*self, *other])

    def difference(self, other: IntervalSet) -> IntervalSet:
        result = IntervalSet(self)
        for start, end in other:
            result.remove(start, end)
        return result

    def intersection(self, other: IntervalSet) -> IntervalSet:
        return self.difference(self.difference(other))

    __or__, __and__, __sub__ = union, intersection, difference

    def length(self) -> int:
        return sum(b - a for a, b in self._items)

    def __contains__(self, number: int) -> bool:
        return any(a <= number < b for a, b in self._items)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        return self._items == other._items if isinstance(other, IntervalSet) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"IntervalSet({self._items})"


def _check(start: int, end: int) -> None:
    if end <= start:
        raise ValueError(f"the interval {start}, {end} is empty")
