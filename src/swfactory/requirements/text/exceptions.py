"""Exceptions that a requirement names."""

from __future__ import annotations

import builtins
import re

from swfactory.requirements.text.hedges import is_denied

__all__ = ["named_exceptions", "own_exceptions", "raised", "raises_own"]

_EXCEPTION = re.compile(r"\b([A-Z]\w*(?:Error|Exception))\b")


def named_exceptions(text: str) -> tuple[str, ...]:
    """Built-in exceptions that a requirement names, in order."""
    return tuple(dict.fromkeys(name for name in _EXCEPTION.findall(text) if hasattr(builtins, name)))


_RAISES = re.compile(r"(raises?|raising|抛出|引发|otherwise|else)\s*(?:an? )?`?([A-Z]\w+)")
_OTHERWISE = frozenset(["otherwise", "else"])


def raised(clause: str, *, otherwise: bool = False) -> str:
    """Return the one built-in exception that a clause says is raised; empty when there are several or none.

    Args:
        clause: a part of a sentence; "instead of raising" and "never raises" deny it.
        otherwise: whether "ValueError otherwise" counts: then what the clause speaks of raises nothing.
    """
    names = {
        match[2]
        for match in _RAISES.finditer(clause)
        if isinstance(getattr(builtins, match[2], None), type)
        and not is_denied(clause[: match.start()])
        and (otherwise or match[1] not in _OTHERWISE)
    }
    return names.pop() if len(names) == 1 else ""


def raises_own(text: str) -> bool:
    """Whether a requirement speaks of an exception that is raised and none of Python's.

    Args:
        text: the requirement.
    """
    return any(not hasattr(builtins, match[2]) for match in _RAISES.finditer(text))


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
