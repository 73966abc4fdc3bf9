import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))

from lru import LRUCache


def test_evicts():
    cache = LRUCache(1)
    cache.put("a", 1)
    cache.put("b", 2)
    assert "a" not in cache
