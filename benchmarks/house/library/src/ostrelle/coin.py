"""Money: the rounding rule of the house, and how amounts are shared out and written."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Decimal

from ostrelle._numbers import Number, to_decimal
from ostrelle.errors import Refused

__all__ = ["coin_text", "parse_coin", "settle", "share_out"]

_STEP = Decimal("0.05")
_LEAP = Decimal("0.02")


def settle(amount: Number) -> Decimal:
    """Round an amount of money by the house rule, to a multiple of 0.05.

    What is left over beyond a multiple counts as a further 0.05 when it is 0.02 or more, and is dropped otherwise.
    Negative amounts are rounded by their magnitude, so ``settle(-1.02)`` is ``Decimal("-1.05")``.

    Args:
        amount: the amount; a float is taken as it prints.

    Returns:
        The amount with two decimals.

    Raises:
        Refused: the amount is not a number.
    """
    number = to_decimal(amount)
    steps = (abs(number) / _STEP).to_integral_value(ROUND_DOWN)
    if abs(number) - steps * _STEP >= _LEAP:
        steps += 1
    settled = steps * _STEP
    return (-settled if number < 0 and settled else settled).quantize(Decimal("0.01"))


def share_out(total: Number, parts: int) -> list[Decimal]:
    """Share an amount of money among several payers.

    The total is settled first. Every share but the first is the equal part cut down to a multiple of 0.05; the first
    payer takes the rest, so that the shares add up to the settled total.

    Args:
        total: the amount, not negative.
        parts: number of payers, at least 1.

    Returns:
        The shares, the largest first.

    Raises:
        Refused: the total is negative or not a number, or there are no payers.
    """
    settled = settle(total)
    if settled < 0:
        raise Refused(f"total {total} is negative")
    if parts < 1:
        raise Refused(f"cannot share among {parts} payers")
    share = ((settled / parts / _STEP).to_integral_value(ROUND_DOWN) * _STEP).quantize(Decimal("0.01"))
    return [settled - share * (parts - 1)] + [share] * (parts - 1)


def coin_text(amount: Number) -> str:
    """Write an amount of money in the form of the house.

    The amount is settled, written with two decimals and an apostrophe between thousands, and followed by ``oc``:
    ``1'234.50 oc``. A negative amount is put in parentheses, without a sign: ``(12.05 oc)``. Zero is ``nil``.

    Args:
        amount: the amount.

    Returns:
        Its text.

    Raises:
        Refused: the amount is not a number.
    """
    settled = settle(amount)
    if not settled:
        return "nil"
    text = f"{abs(settled):,.2f} oc".replace(",", "'")
    return f"({text})" if settled < 0 else text


def parse_coin(text: str) -> Decimal:
    """Read an amount of money written as ``coin_text`` does.

    Args:
        text: such as ``1'234.50 oc``, ``(12.05 oc)`` or ``nil``; spaces around it are ignored.

    Returns:
        The amount with two decimals.

    Raises:
        Refused: the text has another form.
    """
    stripped = text.strip()
    if stripped == "nil":
        return Decimal("0.00")
    form = re.fullmatch(r"(\()?([0-9]{1,3}(?:'[0-9]{3})*\.[0-9]{2}) oc(\))?", stripped)
    if form is None or bool(form[1]) != bool(form[3]):
        raise Refused(f"{text!r} is not an amount of money")
    amount = Decimal(form[2].replace("'", ""))
    return -amount if form[1] else amount
