"""A conversion that a requirement shows: how much of one unit is how much of another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from swfactory.requirements.commands.command_examples import command_examples
from swfactory.requirements.interfaces.call_examples import api_examples
from swfactory.requirements.text.listings import CONVERSION, listings

__all__ = ["Conversion", "shown_conversion"]

_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?")


@dataclass(frozen=True)
class Conversion:
    """What a program that converts between units is shown to answer.

    Args:
        units: all that the requirement lists.
        value: how much is converted.
        one: the unit that is named first.
        other: the unit that is named second.
        answer: what comes out.
        decimals: of the answer.
    """

    units: tuple[str, ...]
    value: float
    one: str
    other: str
    answer: float
    decimals: int


def shown_conversion(text: str) -> Conversion | None:
    """Find the first conversion between two of the units that a requirement lists.

    Args:
        text: the requirement.

    Returns:
        None when it lists no units, or shows no conversion.
    """
    if not CONVERSION.search(text):
        return None
    for listing in listings(text):
        for words, answer in _shown(text):
            units = [word for word in words if word in listing.values]
            values = [word for word in words if _NUMBER.fullmatch(word)]
            number = _NUMBER.search(answer)
            if len(units) == 2 and units[0] != units[1] and len(values) == 1 and number:
                decimals = len(number[1] or "")
                one, other = units
                return Conversion(listing.values, float(values[0]), one, other, float(number[0]), decimals)
    return None


def _shown(text: str) -> Iterator[tuple[list[str], str]]:
    """Words of each command or call whose answer is shown, and the answer."""
    for example in command_examples(text):
        step = example.steps[-1]
        if step.stdout is not None and not step.exit_code:
            yield [*step.argv[2:]], step.stdout
    for _, call in api_examples(text):
        match ast.parse(call.code).body[-1]:
            case ast.Assert(test=ast.Compare(left=ast.Call(args=arguments), comparators=[answer])):
                yield [str(node.value) for node in arguments if isinstance(node, ast.Constant)], ast.unparse(answer)
