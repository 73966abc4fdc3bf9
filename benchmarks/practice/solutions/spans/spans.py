"""Sets of half-open intervals of whole numbers."""


class SpanSet:
    """A set of spans (start, end); overlapping and touching ones are joined."""

    def __init__(self, spans=()):
        self._spans = []
        for start, end in spans:
            self.add(start, end)

    def add(self, start, end):
        _check(start, end)
        apart = []
        for a, b in self._spans:
            if b < start or a > end:
                apart.append((a, b))
            else:
                start, end = min(start, a), max(end, b)
        self._spans = sorted([*apart, (start, end)])

    def remove(self, start, end):
        _check(start, end)
        pieces = [piece for a, b in self._spans for piece in ((a, min(b, start)), (max(a, end), b))]
        self._spans = [(a, b) for a, b in pieces if a < b]

    def total(self):
        return sum(end - start for start, end in self._spans)

    def gaps(self, start, end):
        """The free pairs between start and end."""
        free = SpanSet([(start, end)])
        for span in self._spans:
            free.remove(*span)
        return list(free)

    def __contains__(self, number):
        return any(start <= number < end for start, end in self._spans)

    def __iter__(self):
        return iter(self._spans)

    def __len__(self):
        return len(self._spans)

    def __or__(self, other):
        if not isinstance(other, SpanSet):
            return NotImplemented
        return SpanSet([*self, *other])

    def __and__(self, other):
        if not isinstance(other, SpanSet):
            return NotImplemented
        both = ((max(a, c), min(b, d)) for a, b in self for c, d in other)
        return SpanSet((start, end) for start, end in both if start < end)

    def __eq__(self, other):
        if not isinstance(other, SpanSet):
            return NotImplemented
        return self._spans == other._spans

    __hash__ = None

    def __repr__(self):
        return f"SpanSet({self._spans})"


def _check(start, end):
    if start >= end:
        raise ValueError(f"the start {start} is not smaller than the end {end}")
