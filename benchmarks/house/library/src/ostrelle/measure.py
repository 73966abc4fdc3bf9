"""Weights of the house: tods and nibs, volume weight and chargeable weight.

A nib is 0.45 kg and a tod is 28 nibs, that is 12.6 kg.
"""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal

from ostrelle._numbers import Number, to_positive
from ostrelle.errors import Refused

__all__ = ["chargeable_kg", "kg_to_nibs", "parse_weight", "volume_kg", "weight_text"]

_NIB_KG = Decimal("0.45")
_NIBS_PER_TOD = 28
_VOLUME_DIVISOR = 4850
_LEAST_KG, _STEP_KG = Decimal("1.5"), Decimal("0.25")


def kg_to_nibs(kilograms: Number) -> int:
    """Convert kilograms to whole nibs; a nib that is started counts.

    Args:
        kilograms: weight, positive.

    Returns:
        The number of nibs.

    Raises:
        Refused: the weight is not a positive number.
    """
    return int((to_positive(kilograms, "weight") / _NIB_KG).to_integral_value(ROUND_UP))


def weight_text(kilograms: Number) -> str:
    """Write a weight in the form of the house, tods and nibs, such as ``3t+04n``.

    Nibs are whole, a nib that is started counts, and they have two digits; the tods are written even when they are 0.

    Args:
        kilograms: weight, positive.

    Returns:
        Its text.

    Raises:
        Refused: the weight is not a positive number.
    """
    tods, nibs = divmod(kg_to_nibs(kilograms), _NIBS_PER_TOD)
    return f"{tods}t+{nibs:02d}n"


def parse_weight(text: str) -> Decimal:
    """Read a weight in tods and nibs.

    Args:
        text: such as ``3t+04n``; spaces around it are ignored.

    Returns:
        The weight in kilograms, with two decimals.

    Raises:
        Refused: the text has another form, or 28 nibs or more.
    """
    form = re.fullmatch("([0-9]+)t[+]([0-9]{2})n", text.strip())
    if form is None or int(form[2]) >= _NIBS_PER_TOD:
        raise Refused(f"{text!r} is not a weight")
    return (int(form[1]) * _NIBS_PER_TOD + int(form[2])) * _NIB_KG


def volume_kg(length: Number, width: Number, height: Number) -> Decimal:
    """Return the volume weight of a box: its volume in cubic centimetres divided by 4850.

    Args:
        length: length in cm, positive.
        width: width in cm, positive.
        height: height in cm, positive.

    Returns:
        The volume weight in kilograms, not rounded.

    Raises:
        Refused: a side is not a positive number.
    """
    return to_positive(length, "length") * to_positive(width, "width") * to_positive(height, "height") / _VOLUME_DIVISOR


def chargeable_kg(kilograms: Number, length: Number, width: Number, height: Number) -> Decimal:
    """Return the weight for which a box is charged.

    That is the larger of its weight and its volume weight, rounded up to a multiple of 0.25 kg, and at least 1.5 kg.

    Args:
        kilograms: weight on the scales, positive.
        length: length in cm, positive.
        width: width in cm, positive.
        height: height in cm, positive.

    Returns:
        The chargeable weight in kilograms, with two decimals.

    Raises:
        Refused: the weight or a side is not a positive number.
    """
    larger = max(to_positive(kilograms, "weight"), volume_kg(length, width, height), _LEAST_KG)
    return (larger / _STEP_KG).to_integral_value(ROUND_UP) * _STEP_KG
