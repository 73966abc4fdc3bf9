import pytest
from intervals import IntervalSet


def test_merges_and_splits() -> None:
    some = IntervalSet([(1, 5), (3, 8)])
    assert list(some) == [(1, 8)]
    some.remove(3, 4)
    assert list(some) == [(1, 3), (4, 8)]


def test_refuses_empty_interval() -> None:
    with pytest.raises(ValueError, match="empty"):
        IntervalSet([(2, 2)])
