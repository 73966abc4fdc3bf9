import pytest
from pydantic import ValidationError

from swfactory.domain.value import Value


class Point(Value):
    x: int = 0


def test_values_are_frozen_and_closed():
    with pytest.raises(ValidationError):
        Point(y=1)
    with pytest.raises(ValidationError):
        Point().x = 1
    assert {Point(x=1), Point(x=1)} == {Point(x=1)}
