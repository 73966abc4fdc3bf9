"""What sums of dice can come to."""

import re

TERM = re.compile(r"([0-9]*)d([0-9]+)|([0-9]+)")


def parse(text: str) -> list[tuple[int, int, int]]:
    """Return (sign, count, sides) of each term; a plain number n is n dice with one side."""
    terms = []
    sign = 1
    for part in re.split(r"([+-])", text):
        if part in ("+", "-"):
            sign = 1 if part == "+" else -1
            continue
        found = TERM.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"{text!r} is not a dice expression")
        count, sides = (int(found[1] or 1), int(found[2])) if found[2] else (int(found[3]), 1)
        if found[2] and (count < 1 or sides < 1):
            raise ValueError(f"{part.strip()!r} has no dice or no sides")
        terms.append((sign, count, sides))
    return terms


def bounds(text: str) -> tuple[int, int]:
    low = high = 0
    for sign, count, sides in parse(text):
        ends = sorted((sign * count, sign * count * sides))
        low += ends[0]
        high += ends[1]
    return low, high


def mean(text: str) -> float:
    return sum(bounds(text)) / 2


def ways(text: str) -> dict[int, int]:
    totals = {0: 1}
    for sign, count, sides in parse(text):
        if sides == 1:
            totals = {total + sign * count: number for total, number in totals.items()}
            continue
        for _ in range(count):
            rolled: dict[int, int] = {}
            for total, number in totals.items():
                for face in range(1, sides + 1):
                    rolled[total + sign * face] = rolled.get(total + sign * face, 0) + number
            totals = rolled
    return totals
