"""Calls of methods that a requirement shows, with values that fit their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swfactory.requirements.outline import Method, read_outline

__all__ = ["NEGATIVE", "POSITIVE", "call", "clock_of", "makeable", "required", "value_of"]

POSITIVE = re.compile(
    r"\bmust be positive\b|\bunless [\w, ]+ (?:is|are) positive\b|\bnot positive\b|\bbelow 1\b|必须(?:是|为)正"
)
NEGATIVE = re.compile(r"\bnegative\b|负数|为负")
_NUMERIC = re.compile(
    r"amount|capacity|copies|cost|count|days|height|hours|index|km|length|limit|max_\w+|minutes|n|number|price|priority"
    r"|quantity|radius|rate|rank|score|seats|side|size|ttl|weight|width|window|year"
)
_LISTS = {
    "rows": ("[[1, 2], [3, 4]]", "[[5, 6], [7, 9]]", "[[3, 1, 2], [0, 4, 1], [5, 2, 6]]"),
    "items": ("[1, 2]", "[3, 5]", "[4, 1, 2]"),
    "values": ("[1, 2]", "[3, 5]", "[4, 1, 2]"),
    "numbers": ("[1, 2]", "[3, 5]", "[4, 1, 2]"),
    "words": ("['a']", "['b', 'c']"),
}
_CLOCK = re.compile(r"^\s*(\w+)\s*=\s*time\.(?:monotonic|time|perf_counter)\s*$")
"""A parameter that takes a clock: with one of their own, tests need not wait, and answers do not vary."""
_WORDS = "abcd"
_NUMBERS = (1, 3, 2, 2, 4, 1, 5, 3)
"""Numbers that are not in order, two of them equal; a word's second number differs from its first."""
_FILES = frozenset(["path", "file", "filename", "folder", "directory", "db"])


def makeable(text: str, path: str) -> Iterator[tuple[str, str, list[Method], list[str]]]:
    """The classes of a module whose objects can be made without a file.

    Args:
        text: the requirement.
        path: the module's.

    Yields:
        The module's dotted name, the class, ``__init__`` and the methods, and what is said of none of them.
    """
    outline = read_outline(text, path)
    if outline is None:
        return
    for name, methods in outline.classes.items():
        if not _FILES & {*required(methods[0].parameters)}:
            yield path.removesuffix(".py").replace("/", "."), name, methods, outline.general


def required(parameters: str) -> list[str]:
    """Names of the parameters that have to be given.

    Args:
        parameters: as the requirement shows them.
    """
    return [part.split(":")[0].strip() for part in parameters.split(",") if part.strip() and "=" not in part]


def clock_of(parameters: str) -> str:
    """Name of the parameter that takes a clock; empty for none.

    Args:
        parameters: as the requirement shows them, e.g. ``rate, clock=time.monotonic``.
    """
    return next((match[1] for part in parameters.split(",") if (match := _CLOCK.match(part))), "")


def call(name: str, method: Method, instead: dict[str, str] | None = None, *, turn: int = 0) -> str:
    """Source of a call; a clock that it can be given stands still.

    Args:
        name: what is called, e.g. ``Queue`` or ``queue.push``.
        method: its parameters, and what is said of them.
        instead: values of some parameters, as source.
        turn: another number gives other values.
    """
    given = [
        (instead or {}).get(parameter) or value_of(parameter, method, turn) for parameter in required(method.parameters)
    ]
    if clock := clock_of(method.parameters):
        given.append(f"{clock}={(instead or {}).get(clock, 'lambda: 0.0')}")
    return f"{name}({', '.join(given)})"


def value_of(parameter: str, method: Method, turn: int = 0) -> str:
    """A value that fits a parameter, by its name and what is said of it.

    Args:
        parameter: its name.
        method: whose parameter it is.
        turn: another number may give another value.
    """
    numeric = bool(_NUMERIC.fullmatch(parameter)) or any(
        (POSITIVE.search(clause) or NEGATIVE.search(clause)) and re.search(rf"\b{parameter}\b", clause)
        for clause in method.clauses
    )
    if numeric:
        return str(_NUMBERS[turn % len(_NUMBERS)])
    values = _LISTS.get(parameter) or [*map(repr, _WORDS)]
    return values[turn % len(values)]
