import pytest
from calc import CalcError, evaluate


@pytest.mark.parametrize(("text", "value"), [("1 + 2 * 3", 7), ("-2**2", -4), ("2 ** -1", 0.5), ("max(1, 2)", 2)])
def test_value(text: str, value: float) -> None:
    assert evaluate(text) == value


def test_error_position() -> None:
    with pytest.raises(CalcError) as caught:
        evaluate("1 + y")
    assert caught.value.position == 4
