"""What a parcel costs."""

from math import ceil

ZONES = {"domestic": (5, 2), "europe": (9, 3), "world": (15, 6)}


def cost(weight, zone, express=False):
    first, further = ZONES[zone]
    if not 0 < weight <= 30:
        raise ValueError(f"weight out of range: {weight}")
    price = first + further * max(0, ceil(weight) - 1)
    return price * 2 if express else price
