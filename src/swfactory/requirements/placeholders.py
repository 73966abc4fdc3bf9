"""Words of a shown command that stand for others: FILE, <name>, or PASSWORD where the text says "password"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from keyword import iskeyword

__all__ = ["PLACEHOLDERS", "has_placeholder", "placeholder_name"]

PLACEHOLDERS = frozenset(
    """
    FILE FILES PATH WORD WORDS TEXT NAME ID N M K X Y NUMBER NUMBERS DATE KEY VALUE EXPR EXPRESSION
    INPUT OUTPUT DIR FOLDER URL STRING PATTERN TITLE AUTHOR AMOUNT CATEGORY COUNT SIZE MEMBER USER ISBN
    TAG COMMAND ARGS OPTIONS SOURCE TARGET START END FROM TO UNIT CITY PRICE QUANTITY ITEM SKU MONTH
    YEAR DAY TIME QUERY LINE MODE
    """.split()  # noqa: SIM905
)
"""Words that hardly anybody types, whatever the text says of them."""
_BRACKETS = "[]<>{}.…"
_CAPITALS = re.compile(r"[A-Z][A-Z_]+")
_LONG = 5
"""Letters of a word in capitals that is no code of a currency, a unit or a share."""


def has_placeholder(words: Sequence[str], text: str = "") -> bool:
    """Whether a command cannot be typed as it is shown.

    A word in capitals stands for what the text speaks of. A single letter beside a number is meant as it is:
    ``100 C F`` has units, ``N M`` has not.

    Args:
        words: of the command, without the program.
        text: the requirement.
    """
    if _is_form([word for word in words if not word.startswith("-")]):
        return True
    return any(
        (bare in PLACEHOLDERS and not _is_letter_beside_number(words, at))
        or (_CAPITALS.fullmatch(word) is not None and re.search(rf"\b{word.lower()}s?\b", text) is not None)
        for at, word in enumerate(words)
        for bare in [word.strip(_BRACKETS)]
    )


def _is_form(words: Sequence[str]) -> bool:
    """Whether several words are all in capitals, not all of them short: ``KG METRES``."""
    bare = [word.strip(_BRACKETS) for word in words]
    return len(bare) > 1 and all(map(_CAPITALS.fullmatch, bare)) and max(map(len, bare)) >= _LONG


def _is_letter_beside_number(words: Sequence[str], at: int) -> bool:
    is_setting = at > 0 and words[at - 1].startswith("-") and not words[at - 1][1:2].isdigit()
    beside = (*words[:at], *words[at + 1 :])
    return len(words[at]) == 1 and not is_setting and any(re.search(r"\d", word) for word in beside)


def placeholder_name(word: str, beside: Sequence[str] = ()) -> str:
    """Name of the argument that a word stands for, an identifier; empty for a word that is meant as it is.

    Args:
        word: as it is shown, e.g. ``<user-name>``, ``FILE...`` or ``DESTINATION``.
        beside: all arguments of the call. Several words in capitals, not all of them short, are a form.
    """
    bare = word.strip(_BRACKETS)
    name = re.sub(r"\W+", "_", bare).lower()
    if not name or not (bare in PLACEHOLDERS or word.startswith(("[", "<", "{")) or _is_form(beside)):
        return ""
    return f"{name}_" if iskeyword(name) else name
