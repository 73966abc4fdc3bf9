"""Calls of methods that a requirement shows, with values that fit their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swfactory.domain.spec import FOLDER
from swfactory.requirements.methods import Method
from swfactory.requirements.outline import Outline, read_outline
from swfactory.requirements.parameters import required
from swfactory.requirements.records import NUMERIC, Record

__all__ = [
    "AMPLE",
    "LAST",
    "NEGATIVE",
    "POSITIVE",
    "call",
    "clock_of",
    "filler_of",
    "makeable",
    "snippet",
    "value_of",
]

POSITIVE = re.compile(
    r"\bmust be positive\b|\bunless [\w, ]+ (?:is|are) positive\b|\bnot positive\b|\bbelow 1\b|必须(?:是|为)正"
)
NEGATIVE = re.compile(r"\bnegative\b|负数|为负")
_LISTS = {
    "rows": ("[[1, 2], [3, 4]]", "[[5, 6], [7, 9]]", "[[3, 1, 2], [0, 4, 1], [5, 2, 6]]"),
    "items": ("[1, 2]", "[3, 5]", "[4, 1, 2]"),
    "values": ("[1, 2]", "[3, 5]", "[4, 1, 2]"),
    "numbers": ("[1, 2]", "[3, 5]", "[4, 1, 2]"),
    "words": ("['a']", "['b', 'c']"),
}
_CLOCK = re.compile(r"^\s*(\w+)\s*=\s*time\.(?:monotonic|time|perf_counter)\s*$")
"""A parameter that takes a clock: with one of their own, tests need not wait, and answers do not vary."""
_WORDS = "acdb"
"""Words that are not in order either: what comes first in the alphabet has not come first."""
_NUMBERS = (1, 3, 2, 2, 4, 1, 5, 3)
"""Numbers that are not in order, two of them equal; a word's second number differs from its first."""
LAST, AMPLE = 0, 1
"""Turns whose number is one, and more."""
_FILES = frozenset(["path", "file", "filename", "db", "database"])
_FOLDERS = frozenset(["folder", "directory"])
_KEEPS = re.compile(r"\bsqlite|\bstor(?:age|es?|ed)\b|\bsaves?\b|\bpersist|保存|存储", re.IGNORECASE)
"""Says that a program makes its own files, so that none has to be there."""


def makeable(text: str, path: str) -> Iterator[tuple[str, str, list[Method], Outline]]:
    """The classes of a module whose objects can be made without a file that is there.

    Args:
        text: the requirement.
        path: the module's.

    Yields:
        The module's dotted name, the class, ``__init__`` and the methods, and the outline that they are in.
    """
    outline = read_outline(text, path)
    if outline is None:
        return
    for name, methods in outline.classes.items():
        if _KEEPS.search(text) or not (_FILES | _FOLDERS) & {*required(methods[0].parameters)}:
            yield path.removesuffix(".py").replace("/", "."), name, methods, outline


def snippet(
    module: str, name: str, methods: Sequence[Method], lines: Sequence[str], imports: Sequence[str] = ()
) -> str:
    """Source of an example.

    Args:
        module: dotted name of the class's module.
        name: of the class.
        methods: its methods, for the records that they take.
        lines: statements.
        imports: what else they need.
    """
    code = "\n".join([*lines, ""])
    needed = [*imports, f"from {module} import {name}"]
    for home, record in (taken for method in methods for taken in method.records.values()):
        if f"{record.name}(" in code:
            needed.append(f"from {home} import {record.name}")
    return "\n".join([*dict.fromkeys(needed), "", code])


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


def filler_of(methods: Sequence[Method]) -> Method | None:
    """The method that puts something into an object: the first, if it takes anything.

    Args:
        methods: of a class, without ``__init__``.
    """
    plain = [method for method in methods if not method.name.startswith("__") and not method.class_method]
    return plain[0] if plain and required(plain[0].parameters) else None


def value_of(parameter: str, method: Method, turn: int = 0) -> str:
    """A value that fits a parameter, by its name and what is said of it.

    Args:
        parameter: its name.
        method: whose parameter it is.
        turn: another number may give another value.
    """
    if parameter in method.records:
        return _made(method.records[parameter][1], turn)
    if method.name == "__init__" and parameter in _FILES | _FOLDERS:
        return f"str({FOLDER} / 'data')" if parameter in _FILES else f"str({FOLDER})"
    numeric = bool(NUMERIC.fullmatch(parameter)) or any(
        (POSITIVE.search(clause) or NEGATIVE.search(clause)) and re.search(rf"\b{parameter}\b", clause)
        for clause in method.clauses
    )
    if numeric:
        return str(_NUMBERS[turn % len(_NUMBERS)])
    values = _LISTS.get(parameter) or [*map(repr, _WORDS)]
    return values[turn % len(values)]


def _made(record: Record, turn: int) -> str:
    """Source of a record."""
    word, number = repr(_WORDS[turn % len(_WORDS)]), str(_NUMBERS[turn % len(_NUMBERS)])
    values = {"str": word, "int": number, "float": f"{number}.5", "bool": "False"}
    return f"{record.name}({', '.join(values[kind] for kind in record.fields.values())})"
