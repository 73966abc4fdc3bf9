import pytest
from ttlcache import TTLCache


def test_least_recently_used_goes_first() -> None:
    cache = TTLCache(2, 10, clock=lambda: 0)
    cache.set("a", 1)
    cache.set("b", 2)
    cache.get("a")
    cache.set("c", 3)
    assert cache.keys() == ["a", "c"]


def test_expires() -> None:
    now = [0]
    cache = TTLCache(2, 10, clock=lambda: now[0])
    cache.set("a", 1)
    now[0] = 10
    assert "a" not in cache
    with pytest.raises(KeyError):
        cache.delete("a")
