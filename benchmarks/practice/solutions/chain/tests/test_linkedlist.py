import pytest
from linkedlist import LinkedList


def test_items_come_and_go():
    chain = LinkedList([1, 2])
    chain.prepend(0)
    assert list(chain) == [0, 1, 2]
    assert chain.pop(0) == 0
    with pytest.raises(ValueError):
        chain.remove(5)
