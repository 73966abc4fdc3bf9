import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))

from polynomial import Polynomial


def test_text():
    assert str(Polynomial([1, -1])) == "-x + 1"
