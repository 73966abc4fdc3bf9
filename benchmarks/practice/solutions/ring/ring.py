"""A buffer of fixed size that forgets its oldest items."""

from collections import deque


class RingBuffer:
    """Holds at most ``size`` items; appending to a full one drops the oldest."""

    def __init__(self, size):
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise ValueError(f"size must be a positive int, not {size!r}")
        self.size = size
        self._items = deque(maxlen=size)

    def append(self, item):
        self._items.append(item)

    def extend(self, items):
        self._items.extend(items)

    def pop(self):
        """Remove and return the oldest item."""
        if not self._items:
            raise IndexError("pop from an empty buffer")
        return self._items.popleft()

    @property
    def full(self):
        return len(self._items) == self.size

    def __len__(self):
        return len(self._items)

    def __contains__(self, item):
        return item in self._items

    def __iter__(self):
        return iter(self._items)

    def __reversed__(self):
        return reversed(self._items)

    def __getitem__(self, index):
        return self._items[index]

    def __eq__(self, other):
        if not isinstance(other, RingBuffer):
            return NotImplemented
        return self.size == other.size and self._items == other._items

    __hash__ = None

    def __repr__(self):
        return f"RingBuffer({self.size}, {list(self._items)})"
