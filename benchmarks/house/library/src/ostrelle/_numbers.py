"""Reading of numbers that callers give as text, int, float or Decimal."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from ostrelle.errors import Refused

Number = Decimal | int | float | str


def to_decimal(value: Number) -> Decimal:
    """Return the finite number that a value stands for, else raise Refused."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise Refused(f"{value!r} is not a number") from None
    if not number.is_finite():
        raise Refused(f"{value!r} is not a number")
    return number


def to_positive(value: Number, what: str) -> Decimal:
    """Return the positive number that a value stands for, else raise Refused naming what it is."""
    number = to_decimal(value)
    if number <= 0:
        raise Refused(f"{what} {value} is not positive")
    return number
