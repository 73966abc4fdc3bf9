"""Records that a requirement describes by their fields: "a dataclass Point: x, y, label"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["NUMERIC", "Record", "field_type", "records_of"]

NUMERIC = re.compile(
    r"amount|bits|capacity|copies|cost|count|days|delta|denominator|digits|floors|height|hours|index|km|lanes|length"
    r"|levels|limit|max_\w+|minutes|n|number|numerator|offset|percent|places|position|price|priority|quantity|radius|rate"
    r"|rank|score|seats|sides?|size|slots|stock|ttl|weight|width|window|year"
)
"""Names whose values are numbers."""

_FIELD = r"[a-z_]\w*(?:\s*:\s*(?:int|float|str|bool))?"
_RECORD = re.compile(
    r"(?:\bdata ?class(?:es)?\s+`?([A-Z]\w*)`?\s*(?:[:：(（]|\bwith\b(?: the)?(?: fields?| attributes?)?:?|\bhas\b)"
    r"|\bclass `?([A-Z]\w*)`? \(an? (?:\w+ )?data ?class (?:with|of)(?: the)?(?: fields?| attributes?)?)\s*"
    rf"({_FIELD}(?:(?:\s*[,，、]\s*(?:and\s+)?|\s+and\s+){_FIELD})*)(?:\s*[)）])?"
)
_NEXT = re.compile(
    rf"(?:\s*[,，、;；]\s*(?:and\s+)?|\s+and\s+|\s*和\s*)`?([A-Z]\w*)`?\s*[:：(（]\s*"
    rf"({_FIELD}(?:(?:\s*[,，、]\s*(?:and\s+)?|\s+and\s+){_FIELD})*)(?:\s*[)）])?"
)
"""One more of those that a sentence has begun to name: "dataclasses Point: x, y and Line: start, end"."""
_REAL = frozenset(["amount", "cost", "price", "rate", "weight"])


@dataclass(frozen=True)
class Record:
    """A class of nothing but fields.

    Args:
        name: of the class.
        fields: name to type, in order.
        source: the words that describe it.
    """

    name: str
    fields: dict[str, str]
    source: str = field(compare=False)

    @property
    def key(self) -> str:
        """The field that tells one from another."""
        return next(iter(self.fields))


def records_of(text: str) -> tuple[Record, ...]:
    """Find the records that a text describes.

    Args:
        text: a requirement, or the part of it that speaks of one module.
    """
    found: dict[str, Record] = {}
    for match in _matches(text):
        record, listed = filter(None, match.groups())
        parts = [part.partition(":") for part in re.split(r"\s*[,，、]\s*(?:and\s+)?|\s+and\s+", listed)]
        fields = {name.strip(): kind.strip() or field_type(name.strip()) for name, _, kind in parts}
        found.setdefault(record, Record(record, fields, match[0]))
    return tuple(found.values())


def _matches(text: str) -> Iterator[re.Match[str]]:
    for first in _RECORD.finditer(text):
        match: re.Match[str] | None = first
        while match is not None:
            yield match
            match = _NEXT.match(text, match.end())


def field_type(name: str) -> str:
    """What a field holds, by its name.

    Args:
        name: e.g. ``copies``, which are an ``int``.
    """
    return "float" if name in _REAL else "int" if NUMERIC.fullmatch(name) else "str"
