"""Methods that a requirement asks for by what calls them (Python language reference, 3.3): ``+`` is ``__add__``."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["SPECIAL", "operand_of", "special_methods"]

_END = r"(?=,|\s*\(|\s+(?:and|by|with)\b|$)"
SPECIAL = {
    "__add__": rf"(?<![\w`])\+{_END}",
    "__sub__": rf"(?<![\w`])-{_END}",
    "__mul__": rf"(?<![\w`*])\*{_END}",
    "__truediv__": rf"(?<![\w`])/{_END}",
    "__pow__": rf"(?<![\w`])\*\*{_END}",
    "__or__": rf"(?<![\w`])\|{_END}",
    "__and__": rf"(?<![\w`])&{_END}",
    "__rmul__": r"\*[^.;*]{0,30}(?:\bfrom both sides\b|\bon (?:both|either) sides?\b|\bin (?:either|any) order\b)",
    "__neg__": r"\bunary minus\b|\bnegation\b|一元负号",
    "__abs__": r"\babs\(",
    "__eq__": r"(?<![\w`])==",
    "__lt__": rf"(?<![\w`])<{_END}",
    "__getitem__": r"\bindexing\b|\bsubscript|下标",
    "__contains__": r"(?:, |\band |\bwith |\bsupports )`?in`?(?=,|`| and\b(?! out\b))"
    r"|\bin operator\b|\bmembership tests?\b",
    "__call__": r"\bcalling (?:it|an? object|objects|them)\b|\bcallable\b|直接调用",
    "__hash__": r"\bhashable\b|可哈希",
    "__iter__": r"\biterating (?:over|through)\b|\biterable\b|\biteration\b(?! \d)|可迭代",
    "__repr__": r"\brepr\b",
    "__str__": r"\bstr\(|\bstr\b(?=,? (?:which |that )?(?:gives|is|like|looks|returns|shows)\b|$)",
    "__bool__": r"\bbool\(\)",
    "__float__": r"\bfloat\(\)",
    "__int__": r"\bint\(\)",
    "__len__": r"\blen\(",
}
"""Name to how its use is spoken of."""
_ONE_OPERAND = frozenset(
    [
        "__abs__",
        "__bool__",
        "__float__",
        "__hash__",
        "__int__",
        "__iter__",
        "__len__",
        "__neg__",
        "__repr__",
        "__str__",
    ],
)
_OPERANDS = {"__call__": "value", "__contains__": "item", "__getitem__": "index", "__setitem__": "index, value"}
_DUNDER = re.compile(r"(?<!\w)__[a-z]+__(?!\w)")


def special_methods(text: str) -> Iterator[str]:
    """Names of those that a text asks for, by name first.

    Args:
        text: what is said of a class.
    """
    yield from _DUNDER.findall(text)
    yield from (name for name, pattern in SPECIAL.items() if re.search(pattern, text))


def operand_of(name: str) -> str:
    """Parameters of a special method besides ``self``.

    Args:
        name: e.g. ``__getitem__``, which has an index.
    """
    return "" if name in _ONE_OPERAND else _OPERANDS.get(name, "other")
