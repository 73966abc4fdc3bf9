"""Replies that have begun to repeat themselves: a small model does not find out of it, and pays for every token."""

from __future__ import annotations

__all__ = ["Repetition"]

_STEP = 100
"""Characters between two looks."""
_WINDOWS = ((400, 100), (800, 400), (1600, 800))
"""How long the end of a text is, and how short what it consists of must be: a grid of zeros is shorter than the first,
and two functions that are alike differ by a name at least."""


class Repetition:
    """Watches one reply as it comes.

    >>> watch = Repetition()
    >>> watch.add("x = x.strip(); " * 40)
    True
    """

    def __init__(self) -> None:
        self._text = ""
        self._looked = 0

    def add(self, text: str) -> bool:
        """Take in what has come, and tell whether the reply only repeats itself by now."""
        self._text += text
        if len(self._text) < self._looked + _STEP:
            return False
        self._looked = len(self._text)
        return any(len(self._text) >= length and _period(self._text[-length:]) <= most for length, most in _WINDOWS)


def _period(text: str) -> int:
    """The length of the shortest block that the text is a repetition of, the last one cut short or not.

    By the failure function of Knuth, Morris and Pratt, "Fast pattern matching in strings" (1977).
    """
    borders = [0] * len(text)
    border = 0
    for at in range(1, len(text)):
        while border and text[at] != text[border]:
            border = borders[border - 1]
        if text[at] == text[border]:
            border += 1
        borders[at] = border
    return len(text) - borders[-1]
