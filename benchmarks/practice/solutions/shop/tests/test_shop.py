import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))

from shop.cart import Cart
from shop.store import Store


def test_empty_cart():
    with pytest.raises(ValueError):
        Store(":memory:").place(Cart())
