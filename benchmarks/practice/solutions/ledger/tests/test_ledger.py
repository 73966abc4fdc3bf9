import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))

from ledger.parser import parse
from ledger.report import balances


def test_balances():
    assert balances(parse("2024-01-05 Tea\n  a  1.5\n  b\n")) == {"a": 150, "b": -150}


def test_unbalanced():
    with pytest.raises(ValueError, match="line 1:"):
        parse("2024-01-05 Tea\n  a  1.5\n  b  -1\n")
