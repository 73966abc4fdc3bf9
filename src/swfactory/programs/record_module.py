"""A module of nothing but records, written without a model: a small one adds what belongs into the others."""

from __future__ import annotations

import re

from swfactory.requirements.interfaces.outline import read_outline, records_in, region_of
from swfactory.requirements.interfaces.records import Record

__all__ = ["record_class", "record_module"]

_FILLING = re.compile(r"[\w/-]+\.py\b|\b(?:a|an|the|and|with|has|have|for|of|contains?|defines?|holds?)\b")


def record_module(text: str, path: str) -> str:
    """Write the dataclasses that a requirement puts into a module.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.

    Returns:
        Source; empty when the module has none, or something else too.
    """
    records = records_in(text, path)
    if not records or read_outline(text, path) is not None:
        return ""
    rest = region_of(text, path)
    for record in records:
        rest = rest.replace(record.source, " ")
    if re.search(r"\w", _FILLING.sub(" ", rest)):
        return ""
    return "\n\n".join(
        ['"""What the program keeps."""\n\nfrom dataclasses import dataclass\n', *map(record_class, records)]
    )


def record_class(record: Record) -> str:
    """Source of a dataclass.

    Args:
        record: its name and fields.
    """
    return "\n".join(["@dataclass", f"class {record.name}:", *(f"    {n}: {t}" for n, t in record.fields.items()), ""])
