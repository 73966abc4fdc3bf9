import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ring import RingBuffer


def filled(size, items):
    ring = RingBuffer(size)
    ring.extend(items)
    return ring


def test_the_oldest_items_are_dropped():
    ring = filled(3, [1, 2, 3])
    assert ring.full
    ring.append(4)
    assert list(ring) == [2, 3, 4]
    assert list(reversed(ring)) == [4, 3, 2]
    assert 4 in ring and 1 not in ring


def test_pop_and_index():
    ring = filled(2, "abc")
    assert ring[0] == "b" and ring[-1] == "c"
    with pytest.raises(IndexError):
        ring[2]
    assert [ring.pop(), ring.pop()] == ["b", "c"]
    with pytest.raises(IndexError):
        ring.pop()


def test_equality_and_repr():
    assert filled(3, [1, 2]) == filled(3, [1, 2])
    assert filled(3, [1, 2]) != filled(4, [1, 2])
    assert repr(filled(3, [1, 2, 3])) == "RingBuffer(3, [1, 2, 3])"


@pytest.mark.parametrize("size", [0, -1, 1.5, "3", None])
def test_a_bad_size(size):
    with pytest.raises(ValueError):
        RingBuffer(size)
