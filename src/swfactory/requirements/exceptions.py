"""Exceptions that a requirement names."""

from __future__ import annotations

import builtins
import re

__all__ = ["named_exceptions"]

_EXCEPTION = re.compile(r"\b([A-Z]\w*(?:Error|Exception))\b")


def named_exceptions(text: str) -> tuple[str, ...]:
    """Built-in exceptions that a requirement names, in order."""
    return tuple(dict.fromkeys(name for name in _EXCEPTION.findall(text) if hasattr(builtins, name)))
