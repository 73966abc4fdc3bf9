"""Words of which a program prints one: "prints valid or invalid", "prints "yes" or "no"", "打印“是”或“否”"."""

from __future__ import annotations

import re

__all__ = ["either_of", "either_pattern"]

_WORD = r"(?:[\"“`']([^\"”`'\n]{1,20})[\"”`']|([A-Za-z]+))"
_EITHER = re.compile(
    rf"\W*(?:prints?|outputs?|says?|shows?|打印|输出|显示)\s*(?:either )?{_WORD}\s*(?:,? or |或者?)\s*{_WORD}"
    r"(?=\s*(?:$|[.,;:()。，；：（）]|(?:accordingly|depending|for|per|on)\b))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:a|an|all|any|it|less|more|none|nothing|one|several|some|that|the|them|two|zero)", re.IGNORECASE
)
"""Words that are no answer by themselves: "one or more", "nothing or an error"."""
_ALTERNATIVES = re.compile(r"(\S+) or (\S+)")


def either_of(said: str) -> str:
    """Return the two answers that a sentence allows, as ``yes or no``; empty for none.

    Args:
        said: what is said of a command's output.
    """
    found = _EITHER.match(said)
    if found is None:
        return ""
    words = [word for word in found.groups() if word]
    if any(" " in word or _COUNTED.fullmatch(word) for word in words):
        return ""
    return " or ".join(words)


def either_pattern(shape: str) -> str:
    """Return the regular expression of two answers; empty when a shape is something else.

    Args:
        shape: a line, perhaps as ``either_of`` gives it.
    """
    found = _ALTERNATIVES.fullmatch(shape)
    return "|".join(map(re.escape, found.groups())) if found else ""
