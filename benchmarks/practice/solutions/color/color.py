"""Colours of red, green and blue."""

import math
import re
from dataclasses import astuple, dataclass

_FORM = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Color:
    """A colour; each part is a whole number from 0 to 255."""

    red: int
    green: int
    blue: int

    def __post_init__(self):
        for part in astuple(self):
            if not isinstance(part, int) or not 0 <= part <= 255:
                raise ValueError(f"not a whole number from 0 to 255: {part!r}")

    @classmethod
    def parse(cls, text):
        """Read ``#ff8000`` or ``#f80``, with or without the ``#``."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"not a colour: {text!r}")
        digits = match[1]
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return cls(*bytes.fromhex(digits))

    def __str__(self):
        return "#%02x%02x%02x" % astuple(self)

    def inverted(self):
        return Color(*(255 - part for part in astuple(self)))

    def mix(self, other, share=0.5):
        """The colour that is ``share`` of the way from this one to the other."""
        if not 0 <= share <= 1:
            raise ValueError(f"the share must be from 0 to 1, not {share}")
        pairs = zip(astuple(self), astuple(other))
        return Color(*(math.floor(a + (b - a) * share + 0.5) for a, b in pairs))

    def brightness(self):
        return (299 * self.red + 587 * self.green + 114 * self.blue) // 1000
