"""Lists in a requirement: the values that something may have, and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["CONVERSION", "Listing", "listings"]

CONVERSION = re.compile(r"\bconver(?:t|sion)|换算|转换", re.IGNORECASE)
"""Says that two values of one list are where something comes from and what it becomes."""


_LAST = r"(?:and |or |和|或)?"
_COMMA = rf"(?:[,、，]\s*{_LAST}| and | or |\s?[和或]\s?)"
_ENUMERATION = rf"(?:、\s*{_LAST}|\s?[和或]\s?)"
"""Between values in Chinese: what follows a comma is no longer one of them."""
_LISTED = re.compile(rf"(?<![\w,、，`])(\w+(?:{_ENUMERATION}(?!等)\w+){{2,}}|\w+(?:{_COMMA}(?!等|例如|比如)\w+){{2,}})")
_WORD = r"(?:\"\w+\"|'\w+'|`\w+`|“\w+”)"
_QUOTED = re.compile(rf"{_WORD}(?:{_COMMA}{_WORD}){{2,}}")
_OR = r"(?<=[\"'`”])\W*(?:and|or|和|或)\W*(?=[\"'`“])"
_NOUN = re.compile(r"\b([a-z]{3,}s)\s*$")
_LABEL = re.compile(r"\b([A-Za-z]{3,}s)(?:\s+(?:are|can be|may be)|\s*[:：])\s*$")


@dataclass(frozen=True)
class Listing:
    """Three values or more.

    Args:
        values: in the order of the text.
        label: what one of them is called, e.g. ``unit`` for "Units: mm, cm, m"; empty when the text does not say.
    """

    values: tuple[str, ...]
    label: str = ""


def listings(text: str) -> tuple[Listing, ...]:
    """Find the lists of words in a requirement, in English or Chinese.

    Args:
        text: the requirement.
    """
    found: list[Listing] = []
    for match in _LISTED.finditer(text):
        label = _LABEL.search(text[: match.start()])
        found.append(Listing(tuple(re.split(_COMMA, match[1])), _singular(label[1]) if label else ""))
    for match in _QUOTED.finditer(text):
        label = _LABEL.search(text[: match.start()]) or _NOUN.search(text[: match.start()])
        found.append(
            Listing(tuple(re.findall(r"\w+", re.sub(_OR, " ", match[0]))), _singular(label[1]) if label else "")
        )
    return tuple(found)


def _singular(noun: str) -> str:
    for plural, ending in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if noun.endswith(plural):
            return noun.lower().removesuffix(plural) + ending
    return noun.lower()
