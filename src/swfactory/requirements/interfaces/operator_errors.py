"""Operators that must raise: objects of different sizes, and a division by zero."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swfactory.requirements.interfaces.calls import call
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.refused_values import Case
from swfactory.requirements.text.exceptions import raised

__all__ = ["operator_cases"]

_UNFIT = re.compile(
    r"\b(?:shape|size|dimension|length)s?[ -](?:\w+ )?mismatch|\bmismatch\w* (?:shape|size|dimension|length)"
    r"|\b(?:different|unequal|other) (?:shape|size|dimension|length)s?\b|(?:长度|大小|维数|形状)不同"
)
_OPERATORS = {"__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/"}
_BY_ZERO = re.compile(r"\b(?:division|divid\w+) by (?:zero|0)\b|除以 ?[0零]|除数为 ?[0零]")
_BY_NUMBERS = re.compile(r"\b(?:integers?|numbers?|scalars?)\b|整数|数字|标量")
_BY_NUMBER = re.compile(r"\bby (?:an? )?(?:integers?|numbers?|scalars?)\b(?! or\b)")
_SIGNS = re.compile(r"(?<![\w`])[-+*/](?![\w>])")


def operator_cases(name: str, maker: Method, methods: Sequence[Method], general: Sequence[str]) -> Iterator[Case]:
    """Find what operators refuse.

    Args:
        name: of the class.
        maker: its ``__init__``.
        methods: the others, operators among them.
        general: clauses that name none of them.
    """
    said = [*general, *(clause for method in methods for clause in method.clauses)]
    yield from _of_sizes(call(name, maker), call(name, maker, turn=2), methods, said)
    yield from _of_division(call(name, maker), methods, [*maker.clauses, *said])


def _of_sizes(one: str, other: str, methods: Sequence[Method], said: Sequence[str]) -> Iterator[Case]:
    """Objects of different sizes, where that is said to be an error."""
    unfit = [clause for clause in said if _UNFIT.search(clause)]
    exceptions = {exception for clause in unfit if (exception := raised(clause, otherwise=True))}
    if len(exceptions) == 1 and len(one) != len(other):
        named = {*_SIGNS.findall(" ".join(unfit))}
        for method in methods:
            operator = _OPERATORS.get(method.name, "")
            by_number = any(map(_BY_NUMBER.search, method.clauses))
            if operator and not by_number and (operator in named or not named):
                yield [f"subject = {one}"], f"subject {operator} {other}", min(exceptions)


def _of_division(made: str, methods: Sequence[Method], said: Sequence[str]) -> Iterator[Case]:
    """A division by zero, of what is divided by numbers."""
    divides = any(method.name == "__truediv__" for method in methods)
    for clause in said if divides and any(map(_BY_NUMBERS.search, said)) else ():
        if _BY_ZERO.search(clause) and (exception := raised(clause, otherwise=True)):
            yield [f"subject = {made}"], "subject / 0", exception
