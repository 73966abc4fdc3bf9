"""How a sentence names what a requirement calls by a word: ``lend`` by "lending"."""

from __future__ import annotations

import re

__all__ = ["naming"]


def naming(name: str) -> re.Pattern[str]:
    """Find a function or command by any form of its name: ``lend`` by "lending", ``give_back`` by "giving back".

    Args:
        name: of the function or command.
    """
    verb, _, rest = name.partition("_") if not name.startswith("_") else (name, "", "")
    forms = rf"{verb[:-1]}(?:e|es|ed|ing)" if verb.endswith("e") else rf"{verb}(?:{verb[-1]}?(?:ing|ed|s))?"
    after = "".join(f"[_ ]{part}" for part in rest.split("_") if part)
    return re.compile(rf"(?<![\w.]){forms}{after}(?!\w)", re.IGNORECASE)
