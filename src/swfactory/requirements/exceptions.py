"""Exceptions that a requirement names."""

from __future__ import annotations

import builtins
import re

__all__ = ["named_exceptions", "own_exceptions"]

_EXCEPTION = re.compile(r"\b([A-Z]\w*(?:Error|Exception))\b")


def named_exceptions(text: str) -> tuple[str, ...]:
    """Built-in exceptions that a requirement names, in order."""
    return tuple(dict.fromkeys(name for name in _EXCEPTION.findall(text) if hasattr(builtins, name)))


_OF_ITS_OWN = re.compile(
    r"\b([A-Z]\w+)`?[^.;。；A-Z]{1,60}?(?:\bsub-?class of|\bderived from|\binherit\w* from|继承自)\s*`?([A-Z]\w+)"
)


def own_exceptions(text: str) -> tuple[str, ...]:
    """Source of the exceptions that a requirement invents: "raises Overdrawn, a subclass of ValueError".

    Args:
        text: the requirement, or the part of it that speaks of one module.
    """
    pairs = {match[1]: match[2] for match in _OF_ITS_OWN.finditer(text) if match[2] in named_exceptions(match[2])}
    return tuple(f'class {name}({base}):\n    """Raised by this module."""' for name, base in pairs.items())
