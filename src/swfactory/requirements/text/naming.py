"""How a sentence names what a requirement calls by a word: ``lend`` by "lending"."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["named_last", "naming"]


def naming(name: str) -> re.Pattern[str]:
    """Find a function or command by any form of its name: ``lend`` by "lending", ``give_back`` by "giving back".

    Args:
        name: of the function or command.
    """
    verb, _, rest = name.partition("_") if not name.startswith("_") else (name, "", "")
    forms = rf"{verb[:-1]}(?:e|es|ed|ing)" if verb.endswith("e") else rf"{verb}(?:{verb[-1]}?(?:ing|ed|s))?"
    after = "".join(f"[_ ]{part}" for part in rest.split("_") if part)
    return re.compile(rf"(?<![\w.]){forms}{after}(?!\w)", re.IGNORECASE)


def named_last(said: str, names: Iterable[str]) -> str:
    """The function or command that a text has named last; empty for none.

    Args:
        said: a sentence up to a place.
        names: those that there are.
    """
    found = [(match.start(), name) for name in names for match in naming(name).finditer(said)]
    return max(found, default=(0, ""))[1]
