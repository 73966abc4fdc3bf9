"""Calls of functions that take a year, a month and a day: short months and leap days are where programs go wrong."""

from __future__ import annotations

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.interfaces.parameters import required

__all__ = ["calendar_calls"]

_DATES = (
    {"year": "2023", "month": "2", "day": "28"},
    {"year": "2024", "month": "2", "day": "29"},
    {"year": "2024", "month": "4", "day": "30"},
    {"year": "2024", "month": "12", "day": "31"},
)
"""A month of each length; the last one has no month after it in its year."""


def calendar_calls(text: str, path: str) -> tuple[ApiExample, ...]:
    """Make calls of a module's functions that take a month, and nothing but parts of a date: none may crash.

    Args:
        text: the requirement.
        path: the module's.
    """
    outline = read_outline(text, path)
    module = path.removesuffix(".py").replace("/", ".")
    found: dict[str, None] = {}
    for function in outline.functions if outline else ():
        parameters = required(function.parameters)
        if "month" in parameters and {*parameters} <= {*_DATES[0]}:
            for date in _DATES:
                values = ", ".join(date[name] for name in parameters)
                found[f"from {module} import {function.name}\n\n{function.name}({values})\n"] = None
    return tuple(ApiExample(code=code) for code in found)
