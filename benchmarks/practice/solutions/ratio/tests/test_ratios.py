import pytest
from ratios import Ratio


def test_lowest_terms():
    assert str(Ratio(2, -8)) == "-1/4"
    with pytest.raises(ZeroDivisionError):
        Ratio(1, 0)
