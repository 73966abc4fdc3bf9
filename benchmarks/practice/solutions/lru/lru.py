"""A cache that forgets what was used longest ago."""

import functools
from collections import OrderedDict


class LRUCache:
    def __init__(self, capacity):
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self.capacity = capacity
        self.entries = OrderedDict()
        self.hits = self.misses = self.evictions = 0

    def get(self, key, default=None):
        if key not in self.entries:
            self.misses += 1
            return default
        self.hits += 1
        self.entries.move_to_end(key)
        return self.entries[key]

    def put(self, key, value):
        self.entries[key] = value
        self.entries.move_to_end(key)
        if len(self.entries) > self.capacity:
            self.entries.popitem(last=False)
            self.evictions += 1

    def delete(self, key):
        del self.entries[key]

    def clear(self):
        self.entries.clear()

    def keys(self):
        return list(self.entries)

    def stats(self):
        return {"hits": self.hits, "misses": self.misses, "evictions": self.evictions}

    def __len__(self):
        return len(self.entries)

    def __contains__(self, key):
        return key in self.entries


def memoize(capacity):
    def wrap(function):
        cache = LRUCache(capacity)
        missing = object()

        @functools.wraps(function)
        def call(*args, **kwargs):
            key = (args, tuple(sorted(kwargs.items())))
            result = cache.get(key, missing)
            if result is missing:
                result = function(*args, **kwargs)
                cache.put(key, result)
            return result

        return call

    return wrap
