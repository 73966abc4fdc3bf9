"""Functions and methods as a requirement shows and names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from swfactory.requirements.interfaces.records import Record
from swfactory.requirements.interfaces.regions import CALL_DEFAULT
from swfactory.requirements.interfaces.special_methods import SPECIAL
from swfactory.requirements.text.naming import naming

__all__ = ["NOT_OFFERED", "SIGNATURE", "Method", "method_naming"]

SIGNATURE = re.compile(rf"(?<![\w.`\"'(])([A-Za-z_]\w*)\(((?:[^()\"'`]|{CALL_DEFAULT})*)\)(?:\s*->\s*(\w+))?")
"""A call with parameters, ``push(item, priority=0) -> int``: name, parameters, what is returned."""
NOT_OFFERED = frozenset(
    """
    abs bool bytes dict enumerate float frozenset hash int isinstance issubclass iter len list next print repr reversed
    sorted str super tuple type
    """.split()  # noqa: SIM905
)
"""Built-in functions that a requirement shows the use of, and no module of its own offers."""


@dataclass
class Method:
    """A method or function, and what is said of it.

    Args:
        name: its name.
        parameters: as the requirement shows them, without ``self``.
        class_method: whether it is one of the class.
        clauses: what is said of it, in order.
        records: parameter to the record that it takes, and the dotted module that has it.
        objects: parameter to the class whose objects it takes, the dotted module that has it, and its own parameters.
        shown: arguments of the calls that are shown with values, as source.
        values: parameter to values that are known to fit it, as source.
    """

    name: str
    parameters: str = ""
    class_method: bool = False
    clauses: dict[str, None] = field(default_factory=dict)
    records: dict[str, tuple[str, Record]] = field(default_factory=dict)
    objects: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    shown: list[tuple[str, ...]] = field(default_factory=list)
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


def method_naming(name: str) -> re.Pattern[str]:
    """How a sentence names a function or method: ``give_back`` by "giving back", ``__add__`` by "adding" or "+".

    Args:
        name: of the function.
    """
    return re.compile(rf"{SPECIAL[name]}|{name}") if name in SPECIAL else naming(name)
