from decimal import Decimal

from ostrelle.coin import coin_text
from ostrelle.measure import chargeable_kg
from ostrelle.tariff import quote


def parcel_fee(destination: str, kilograms: float, length: float, width: float, height: float) -> Decimal:
    return quote(destination, chargeable_kg(kilograms, length, width, height)).total


def parcel_fee_text(destination: str, kilograms: float, length: float, width: float, height: float) -> str:
    return coin_text(parcel_fee(destination, kilograms, length, width, height))
