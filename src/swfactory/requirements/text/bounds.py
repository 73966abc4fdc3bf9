"""Numbers that a requirement says are too small or too large: "below 2", "not between 0 and 100", "5 or more"."""

from __future__ import annotations

import re

__all__ = ["BOUND", "beyond"]

BOUND = re.compile(
    r"(?:\b(?:below|less than|under|smaller than|lower than) |小于\s*)(?P<below>\d{1,6})\b(?!\.\d)"
    r"|(?:\b(?:above|greater than|more than|larger than|over|higher than) |大于\s*)(?P<above>\d{1,6})\b(?!\.\d)"
    r"|\b(?:not (?:between|from|in)|outside(?: of)?) (?P<low>\d{1,6}) ?(?:and|to|-|–|\.\.) ?(?P<high>\d{1,6})\b"
    r"|(?:不在|超出)\s*(?P<low_chinese>\d{1,6})\s*(?:到|至|-|–|~)\s*(?P<high_chinese>\d{1,6})"
    r"|\b(?P<at_most>\d{1,6}) or (?:less|lower|below|fewer)\b"
    r"|\b(?P<at_least>\d{1,6}) or (?:more|higher|above|greater)\b",
    re.IGNORECASE,
)
"""Names the bounds; the numbers that are meant lie beyond them."""
_STEPS = {"below": -1, "low": -1, "low_chinese": -1, "above": 1, "high": 1, "high_chinese": 1}


def beyond(match: re.Match[str]) -> list[int]:
    """The nearest numbers that are meant.

    Args:
        match: of ``BOUND``.
    """
    return [int(bound) + _STEPS.get(name, 0) for name, bound in match.groupdict().items() if bound]
