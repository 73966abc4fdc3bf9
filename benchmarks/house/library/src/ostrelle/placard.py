"""Labels ("placards"): templates with markers, the frame around a label, and short names of customers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ostrelle.errors import Refused

__all__ = ["fill", "frame", "stub_name"]

_MARKER = re.compile(r"<:([a-z_]+)([^<>]*)>")


def fill(template: str, values: Mapping[str, object]) -> str:
    """Fill the markers of a label template.

    ``<:name>`` stands for the value, ``<:name!>`` for the value in capitals and ``<:name/8>`` for the value cut to 8
    characters, or padded to 8 with dots on the right. A value that is not given is written as ``???``, and cut or
    padded in the same way.

    Args:
        template: text with markers.
        values: value of each marker by name; others are ignored.

    Returns:
        The text.

    Raises:
        Refused: a marker has a style other than these.
    """

    def replaced(marker: re.Match[str]) -> str:
        text, style = str(values.get(marker[1], "???")), marker[2]
        if style == "!":
            return text.upper()
        if re.fullmatch("/[0-9]+", style):
            width = int(style[1:])
            return text[:width].ljust(width, ".")
        if style:
            raise Refused(f"marker {marker[0]} has an unknown style")
        return text

    return _MARKER.sub(replaced, template)


def frame(lines: Iterable[str], width: int = 24) -> str:
    """Put a frame around the lines of a label.

    The first line, the title, is set to the right, the others to the left; a line that is too long is cut and ends in
    ``^``. Above and below is a rule of ``o``, ``=`` signs and ``o``; the sides are ``!``.

    Args:
        lines: the lines, at least one.
        width: characters between the sides, at least 4.

    Returns:
        The label, its lines joined by line breaks, without one at the end.

    Raises:
        Refused: there are no lines, or the width is less than 4.
    """
    texts = list(lines)
    if not texts:
        raise Refused("a label needs a line")
    if width < 4:
        raise Refused(f"a label cannot be {width} wide")
    texts = [text if len(text) <= width else text[: width - 1] + "^" for text in texts]
    rule = "o" + "=" * width + "o"
    rows = [texts[0].rjust(width), *(text.ljust(width) for text in texts[1:])]
    return "\n".join([rule, *(f"!{row}!" for row in rows), rule])


def stub_name(name: str) -> str:
    """Return the short name of a customer, six capitals, as printed on labels.

    All but letters A to Z is dropped, then every vowel (A, E, I, O, U) but the first letter. The first six letters
    count; a shorter rest is padded with ``Q``.

    Args:
        name: full name of the customer.

    Returns:
        Six capital letters.

    Raises:
        Refused: the name has no letter A to Z.
    """
    letters = re.sub("[^A-Z]", "", name.upper())
    if not letters:
        raise Refused(f"{name!r} has no letters")
    return (letters[0] + re.sub("[AEIOU]", "", letters[1:]))[:6].ljust(6, "Q")
