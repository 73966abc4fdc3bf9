"""The tariff: zones of destinations and the fees for carrying goods there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from ostrelle._numbers import Number, to_positive
from ostrelle.coin import settle
from ostrelle.errors import Refused

__all__ = ["Quote", "carriage_fee", "quote", "zone_of"]

_ZONES = ("quay", "shore", "ridge", "outland")
_DISTRICTS = {
    "ND": "quay", "KA": "quay", "SU": "quay",
    "HO": "shore", "BR": "shore", "LY": "shore", "TE": "shore",
    "GA": "ridge", "WI": "ridge", "OX": "ridge",
}  # fmt: skip
# zone: price of the first step, price of every further step, kilograms of a step
_PRICES = {
    "quay": (Decimal("4.10"), Decimal("0.37"), Decimal("2.5")),
    "shore": (Decimal("5.80"), Decimal("0.62"), Decimal("2.5")),
    "ridge": (Decimal("7.45"), Decimal("1.13"), Decimal("1.8")),
    "outland": (Decimal("13.90"), Decimal("2.71"), Decimal("1.2")),
}
_EXPRESS = Decimal("1.6")
_HEAVY, _HANDLING = Decimal(20), Decimal("2.20")


@dataclass(frozen=True)
class Quote:
    """What a consignment costs.

    Attributes:
        zone: tariff zone of the destination.
        carriage: fee for carrying it.
        handling: fee for lifting it, 0.00 for a light one.
        total: carriage and handling together.
    """

    zone: str
    carriage: Decimal
    handling: Decimal
    total: Decimal


def zone_of(destination: str) -> str:
    """Return the tariff zone of a destination.

    The two letters give the zone; those that are in no list are outland. A destination in shore or ridge whose number
    ends in an odd digit is in the next zone farther out (ridge, outland).

    Args:
        destination: two letters and one to four digits, such as ``HO412``, in any case.

    Returns:
        ``quay``, ``shore``, ``ridge`` or ``outland``.

    Raises:
        Refused: the destination has another form.
    """
    form = re.fullmatch(r"([A-Z]{2})[0-9]{1,4}", destination.strip().upper())
    if form is None:
        raise Refused(f"{destination!r} is not a destination")
    zone = _DISTRICTS.get(form[1], "outland")
    if zone in ("shore", "ridge") and int(form[0][-1]) % 2:
        return _ZONES[_ZONES.index(zone) + 1]
    return zone


def carriage_fee(destination: str, kilograms: Number, *, express: bool = False) -> Decimal:
    """Return the carriage fee of the tariff, without handling.

    Every zone has a price for the first step of weight and one for every further step that is started. Express costs
    1.6 times as much and is not offered to the outland. The fee is settled (see ``ostrelle.coin.settle``).

    Args:
        destination: two letters and one to four digits, such as ``HO412``.
        kilograms: weight of the consignment, positive.
        express: whether it travels express.

    Returns:
        The fee with two decimals.

    Raises:
        Refused: the destination is malformed, the weight is not a positive number, or express is not offered there.
    """
    weight = to_positive(kilograms, "weight")
    zone = zone_of(destination)
    if express and zone == "outland":
        raise Refused(f"no express to {destination}")
    first, further, step = _PRICES[zone]
    steps = (weight / step).to_integral_value(ROUND_UP)
    fee = first + further * (steps - 1)
    return settle(fee * _EXPRESS if express else fee)


def quote(destination: str, kilograms: Number, *, express: bool = False) -> Quote:
    """Return everything that a consignment costs: carriage, and handling of 2.20 above 20 kg.

    Args:
        destination: two letters and one to four digits, such as ``HO412``.
        kilograms: weight of the consignment, positive.
        express: whether it travels express.

    Returns:
        Zone, carriage, handling and total.

    Raises:
        Refused: the destination is malformed, the weight is not a positive number, or express is not offered there.
    """
    carriage = carriage_fee(destination, kilograms, express=express)
    handling = _HANDLING if to_positive(kilograms, "weight") > _HEAVY else Decimal("0.00")
    return Quote(zone_of(destination), carriage, handling, carriage + handling)
