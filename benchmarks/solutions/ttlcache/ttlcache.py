"""A cache with a capacity and a time to live."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class TTLCache:
    def __init__(self, capacity: int, ttl: float, clock: Callable[[], float] = time.monotonic) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        if ttl <= 0:
            raise ValueError(f"ttl must be positive, not {ttl}")
        self._capacity, self._ttl, self._clock = capacity, ttl, clock
        self._entries: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self._stats = {"hits": 0, "misses": 0, "evictions": 0}

    def _expire(self) -> None:
        now = self._clock()
        for key in [key for key, (_, since) in self._entries.items() if now - since >= self._ttl]:
            del self._entries[key]

    def set(self, key: Hashable, value: Any) -> None:
        self._expire()
        if key not in self._entries and len(self._entries) >= self._capacity:
            self._entries.popitem(last=False)
            self._stats["evictions"] += 1
        self._entries[key] = (value, self._clock())
        self._entries.move_to_end(key)

    def get(self, key: Hashable, default: Any = None) -> Any:
        self._expire()
        if key not in self._entries:
            self._stats["misses"] += 1
            return default
        self._stats["hits"] += 1
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def delete(self, key: Hashable) -> None:
        self._expire()
        del self._entries[key]

    def keys(self) -> list[Hashable]:
        self._expire()
        return list(self._entries)

    def stats(self) -> dict[str, int]:
        return dict(self._stats)

    def __contains__(self, key: Hashable) -> bool:
        self._expire()
        return key in self._entries

    def __len__(self) -> int:
        self._expire()
        return len(self._entries)
