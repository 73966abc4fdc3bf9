"""Functions that undo each other, told by their names."""

from __future__ import annotations

__all__ = ["inverse_of"]

_INVERSES = (
    ("encode", "decode"),
    ("encrypt", "decrypt"),
    ("compress", "decompress"),
    ("serialize", "deserialize"),
    ("pack", "unpack"),
    ("escape", "unescape"),
    ("dump", "load"),
    ("to_", "from_"),
)


def inverse_of(name: str) -> str:
    """The function that undoes another; empty when the name does not tell.

    Args:
        name: e.g. ``encode`` or ``to_roman``.
    """
    for one, other in _INVERSES:
        if name.startswith(one):
            return other + name.removeprefix(one)
    return ""
