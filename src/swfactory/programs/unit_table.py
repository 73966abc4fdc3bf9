"""The table of a program that converts between units, of what several answers of a model agree on.

A small model knows what a mile is and still slips a decimal point when it thinks of something else at once. Asked for
nothing but the table, in one base unit and then in another, it slips elsewhere each time (self-consistency: Wang et al.
2023, arXiv:2203.11171).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isclose, isfinite

from swfactory.requirements.conversions import Conversion

__all__ = ["TABLE", "agreed_table", "table_source"]

TABLE = "FACTORS"
"""What the table is called in a product."""

_CLOSE = 1e-3


def agreed_table(tables: Sequence[Mapping[str, float]], known: Conversion) -> dict[str, float]:
    """Choose a table that another one agrees with in every unit: two that slip, slip in the same way but seldom.

    Args:
        tables: unit to what one of it is in the base unit of the table.
        known: the units, and a conversion that must come out right.

    Returns:
        Unit to what one of it is in the unit whose factor is 1; empty when no two tables agree, or the conversion comes
        out wrong: what is converted by more than a factor has no table.
    """
    sound = [table for table in tables if _is_sound(table, known.units)]
    for table in sound:
        if sum(_agree(table, other) for other in sound) > 1 and 1 in table.values() and _holds(table, known):
            return dict(table)
    return {}


def _is_sound(table: Mapping[str, float], units: Sequence[str]) -> bool:
    return {*table} == {*units} and all(isfinite(factor) and factor > 0 for factor in table.values())


def _agree(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether all factors of two tables stand in the same relation."""
    relation = [one[unit] / other[unit] for unit in one]
    return all(isclose(relation[0], factor, rel_tol=_CLOSE) for factor in relation)


def _holds(table: Mapping[str, float], known: Conversion) -> bool:
    factor = table[known.one] / table[known.other]
    allowed = 0.5 * 10**-known.decimals
    return any(isclose(known.value * by, known.answer, rel_tol=_CLOSE, abs_tol=allowed) for by in (factor, 1 / factor))


def table_source(table: Mapping[str, float]) -> str:
    """Write a table as Python, with what its numbers mean.

    Args:
        table: unit to factor, as ``agreed_table`` made it.
    """
    base = next(unit for unit, factor in table.items() if factor == 1)
    row = ", ".join(f"{json.dumps(unit, ensure_ascii=False)}: {factor:.10g}" for unit, factor in table.items())
    return f"# What 1 of each unit is in {base}.\n{TABLE} = {{{row}}}\n"
