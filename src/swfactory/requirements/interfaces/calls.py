"""Calls of methods that a requirement shows, with values that fit their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.outline import Outline, read_outline
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.interfaces.values import is_file, value_of
from swfactory.requirements.text.keeping import keeps_data

__all__ = ["call", "clock_of", "filler_of", "makeable", "snippet"]

_OTHER = "other"
"""A parameter that takes an object of the same class."""
_MORE = 2
"""The turn whose objects are larger."""
_CLOCK = re.compile(r"^\s*(\w+)\s*=\s*time\.(?:monotonic|time|perf_counter)\s*$")
"""A parameter that takes a clock: with one of their own, tests need not wait, and answers do not vary."""


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
        methods = [methods[0], *(method for method in methods[1:] if not _unknown(method))]
        if _unknown(methods[0]) or _takes_dict(methods[0]):
            continue
        alike = tuple(call(name, methods[0], turn=turn) for turn in (0, 1))
        for method in methods[1:]:
            method.values |= {_OTHER: alike} if _OTHER in required(method.parameters) else {}
        if keeps_data(text) or not any(map(is_file, required(methods[0].parameters))):
            yield path.removesuffix(".py").replace("/", "."), name, methods, outline


def _unknown(method: Method) -> bool:
    """Whether a method takes an object that is made of something itself."""
    return any(required(parameters) for _, _, parameters in method.objects.values())


def _takes_dict(maker: Method) -> bool:
    """Whether objects are made of a dict, of whose values nothing is known."""
    said = "; ".join(maker.clauses)
    return not maker.shown and bool(required(maker.parameters)) and re.search(r"\bdicts?\b|字典", said) is not None


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
    for home, record in (one for method in methods for one in method.records.values()):
        if f"{record.name}(" in code:
            needed.append(f"from {home} import {record.name}")
    for home, taken, _ in (one for method in methods for one in method.objects.values()):
        if f"{taken}(" in code:
            needed.append(f"from {home} import {taken}")
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
    if method.parameters.startswith("*") and method.shown:
        return f"{name}({', '.join(_as_many(method.shown[0], turn))})"
    given = [
        (instead or {}).get(parameter) or value_of(parameter, method, turn) for parameter in required(method.parameters)
    ]
    if clock := clock_of(method.parameters):
        given.append(f"{clock}={(instead or {}).get(clock, 'lambda: 0.0')}")
    return f"{name}({', '.join(given)})"


def _as_many(shown: Sequence[str], turn: int) -> Sequence[str]:
    """Values like those that are shown: as many in another order, or one more."""
    return shown if turn == 0 else (*shown, shown[0]) if turn == _MORE else tuple(reversed(shown))


def filler_of(methods: Sequence[Method]) -> Method | None:
    """The method that puts something into an object: the first, if it takes anything.

    Args:
        methods: of a class, without ``__init__``.
    """
    plain = [method for method in methods if not method.name.startswith("__") and not method.class_method]
    return plain[0] if plain and required(plain[0].parameters) not in ([], [_OTHER]) else None
