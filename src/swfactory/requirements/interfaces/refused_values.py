"""Values that a class or a method refuses: numbers out of bounds, lists too short, tables of another shape."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from swfactory.requirements.interfaces.calls import call
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.parameters import names_of, required
from swfactory.requirements.interfaces.values import FEWER, NEGATIVE, POSITIVE, ZERO, is_said_of, value_of
from swfactory.requirements.text.exceptions import raised
from swfactory.requirements.text.literals import known_value

__all__ = ["Case", "making_cases", "number_cases", "shape_cases"]

Case = tuple[list[str], str, str]
"""Statements before, the call that fails, the exception."""

_SHAPES: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (
        re.compile(r"\bnon-?empty\b|\bnot empty\b|非空"),
        lambda value: f"{value[0]}{value[-1]}" if value[0] in "['" else "",
    ),
    (re.compile(r"\brectangular\b|\b(?:same|equal) length\b"), lambda value: "[[1, 2], [3]]" * value.startswith("[[")),
    (re.compile(r"\bsquare\b"), lambda value: "[[1, 2, 3], [4, 5, 6]]" * value.startswith("[[")),
)
"""Adjectives, and a value that lacks what they ask for in place of a good one; empty for none."""
_WITHOUT = re.compile(r"\b(?:without|no) (?:any )?\w+s\b|没有(?:任何)?(?:参数|分量|元素|值)")
_COUNTS = {"two": 2, "three": 3}
_DUPLICATES = re.compile(r"\bduplicates?\b|\btwice the same\b|重复")


def making_cases(name: str, maker: Method) -> Iterator[Case]:
    """Objects that cannot be made.

    Args:
        name: of the class.
        maker: its ``__init__``, and what is said of it.
    """
    yield from number_cases(name, maker)
    yield from shape_cases(name, maker)
    yield from _of_nothing(name, maker)
    yield from _of_lists(name, maker)


def number_cases(name: str, method: Method) -> Iterator[Case]:
    """Numbers that are refused, each in the place of a good one.

    Args:
        name: what is called, e.g. ``Queue`` or ``subject.push``.
        method: its parameters, and what is said of them.
    """
    for clause in method.clauses:
        exception = raised(clause, otherwise=True)
        needed = required(method.parameters)
        for parameter in names_of(method.parameters) if exception else ():
            for value in _refused(clause, parameter, method):
                made = call(name, method, {parameter: value})
                yield [], made if parameter in needed else _with(made, parameter, value), exception


def _with(made: str, parameter: str, value: str) -> str:
    """A call with one more argument, by name."""
    return f"{made[:-1]}{'' if made.endswith('()') else ', '}{parameter}={value})"


def _refused(clause: str, parameter: str, method: Method) -> tuple[str, ...]:
    """Numbers that a clause refuses for a parameter, if it is one."""
    if not value_of(parameter, method)[0].isdigit():
        return ()
    few = FEWER.search(clause)
    kinds = [(POSITIVE, ("0", "-1")), (NEGATIVE, ("-1",)), (ZERO, ("0",))]
    kinds += [(FEWER, (str(_least(few) - 1),))] if few else []
    said = (wrong for kind, wrong in kinds if is_said_of(kind, clause, parameter, method.parameters))
    return next(said, ())


def _least(few: re.Match[str]) -> int:
    return _COUNTS.get(few[1]) or int(few[1])


def shape_cases(name: str, method: Method) -> Iterator[Case]:
    """Values that lack what an adjective asks for, where there is one value to be had.

    Args:
        name: what is called.
        method: its parameters, and what is said of them.
    """
    parameters = required(method.parameters)
    for clause in method.clauses if len(parameters) == 1 else ():
        if exception := raised(clause, otherwise=True):
            for adjective, wrong in _SHAPES:
                value = wrong(value_of(parameters[0], method)) if adjective.search(clause) else ""
                if value:
                    yield [], call(name, method, {parameters[0]: value}), exception


def _of_lists(name: str, maker: Method) -> Iterator[Case]:
    """Lists that are too short, or have something twice."""
    for parameter in required(maker.parameters):
        known = known_value(ast.parse(value_of(parameter, maker), mode="eval").body)
        items: list[object] = known if isinstance(known, list) else []
        for clause in maker.clauses if items else ():
            exception = raised(clause, otherwise=True)
            few = FEWER.search(clause)
            wrong = [items[: _least(few) - 1]] if few else []
            wrong += [[items[0], *items]] if _DUPLICATES.search(clause) else []
            yield from (([], call(name, maker, {parameter: repr(value)}), exception) for value in wrong if exception)


def _of_nothing(name: str, maker: Method) -> Iterator[Case]:
    """An object that is made of no values."""
    for clause in maker.clauses if maker.parameters.startswith("*") else ():
        if _WITHOUT.search(clause) and (exception := raised(clause, otherwise=True)):
            yield [], f"{name}()", exception
