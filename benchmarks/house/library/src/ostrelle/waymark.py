"""Consignment references ("waymarks"), such as ``KRN/00417-D``.

A waymark is the three letters of the depot, a slash, the serial number in five digits, a hyphen and the seal, a check
letter over depot and serial number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ostrelle.errors import Refused

__all__ = ["Waymark", "is_sound", "mint_waymark", "read_waymark", "seal_for"]

_SEALS = "KTRWMHXVPLNDBFGJCSZ"
_LETTER_WEIGHTS = (5, 2, 8)
_DIGIT_WEIGHTS = (7, 3, 9, 4, 6)
_FORM = re.compile(r"([A-Z]{3})/([0-9]{5})-([A-Z])")


@dataclass(frozen=True, order=True)
class Waymark:
    """A consignment reference that has been read; ``str(waymark)`` is its full text.

    Attributes:
        depot: three capital letters.
        serial: serial number within the depot, 1 to 99999.
    """

    depot: str
    serial: int

    def __str__(self) -> str:
        return mint_waymark(self.depot, self.serial)


def seal_for(depot: str, serial: int) -> str:
    """Return the seal, the check letter of a consignment reference.

    Args:
        depot: the three letters of the depot, in any case.
        serial: serial number, 1 to 99999.

    Returns:
        One capital letter.

    Raises:
        Refused: the depot is not three letters A to Z, or the serial number is out of range.
    """
    name = depot.strip().upper()
    if not re.fullmatch("[A-Z]{3}", name):
        raise Refused(f"depot {depot!r} is not three letters")
    if not 1 <= serial <= 99999:
        raise Refused(f"serial number {serial} is not within 1 to 99999")
    total = 11
    total += sum(weight * (ord(letter) - 64) for weight, letter in zip(_LETTER_WEIGHTS, name, strict=False))
    total += sum(weight * int(digit) for weight, digit in zip(_DIGIT_WEIGHTS, f"{serial:05d}", strict=False))
    return _SEALS[total % len(_SEALS)]


def mint_waymark(depot: str, serial: int) -> str:
    """Make the consignment reference of a depot and a serial number, seal included.

    Args:
        depot: the three letters of the depot, in any case.
        serial: serial number, 1 to 99999.

    Returns:
        The reference in capitals, such as ``KRN/00417-D``.

    Raises:
        Refused: the depot is not three letters A to Z, or the serial number is out of range.
    """
    seal = seal_for(depot, serial)
    return f"{depot.strip().upper()}/{serial:05d}-{seal}"


def read_waymark(text: str) -> Waymark:
    """Take a consignment reference apart and check its seal.

    Args:
        text: a reference in any case; spaces around it are ignored.

    Returns:
        Its depot and serial number.

    Raises:
        Refused: the text does not have the form of a reference, its serial number is 0 or its seal is wrong.
    """
    form = _FORM.fullmatch(text.strip().upper())
    if form is None:
        raise Refused(f"{text!r} is not a waymark")
    depot, serial, seal = form[1], int(form[2]), form[3]
    if seal_for(depot, serial) != seal:
        raise Refused(f"waymark {text!r} has a broken seal")
    return Waymark(depot, serial)


def is_sound(text: str) -> bool:
    """Tell whether a text is a consignment reference with the right seal.

    Args:
        text: a reference in any case; spaces around it are ignored.

    Returns:
        True exactly when ``read_waymark`` accepts it.
    """
    try:
        read_waymark(text)
    except Refused:
        return False
    return True
