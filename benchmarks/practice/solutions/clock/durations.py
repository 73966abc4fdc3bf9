"""Durations as text and as seconds."""

import re

UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
PATTERN = re.compile(r"(?:(\d+)d\s*)?(?:(\d+)h\s*)?(?:(\d+)m\s*)?(?:(\d+)s)?")


def parse(text: str) -> int:
    found = PATTERN.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise ValueError(f"{text!r} is not a duration")
    return sum(int(number) * size for number, size in zip(found.groups(), UNITS.values(), strict=True) if number)


def show(seconds: int) -> str:
    if seconds < 0:
        raise ValueError(f"{seconds} is negative")
    text = ""
    for unit, size in UNITS.items():
        number, seconds = divmod(seconds, size)
        text += f"{number}{unit}" if number else ""
    return text or "0s"
