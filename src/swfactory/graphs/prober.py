"""Tries a library out with the values of examples; the only part of probing that executes inside the sandbox.

It is shipped as text, stands alone and needs nothing but the standard library. The plan comes on standard input:
``{"names": {"name": "module"}, "examples": [{"arguments": ["KRN", "417"], "expected": ["KRN/00417-D"], "verdicts":
[]}]}``; verdicts are pairs of an argument and what is said of it. What was found goes to ``found.json``:
``[[expression, text], ...]``, the text being one that an example expects.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

__all__ = ["main"]

MOST_ARGUMENTS = 4
MOST_CALLS = 20_000
SECONDS = 8.0
LEAST_CHARS = 2
LEAST_PARTS, MOST_PARTS = 2, 12
"""Elements of a list that is looked into."""

Value = tuple[str, Any]
"""An expression and what it gives."""


def readings(word: str, annotation: str) -> Iterator[Value]:
    """Ways to read a word of a command as an argument: as its annotation says, else every way there is.

    A type of the library's own may well be a number of any kind; one that takes no decimal will refuse it.
    """
    known = annotation.lower()
    makers: dict[str, Callable[[], Value]] = {
        "int": lambda: (repr(int(word)), int(word)),
        "decimal": lambda: (f'Decimal("{Decimal(word)}")', Decimal(word)),
        "float": lambda: (repr(float(word)), float(word)),
        "date": lambda: (f'datetime.date.fromisoformat("{word}")', date.fromisoformat(word)),
        "str": lambda: (json.dumps(word, ensure_ascii=False), word),
    }
    named = [kind for kind in makers if kind in known]
    kinds = named or [*makers]
    if "decimal" in kinds and "empty" not in known:  # does for 10.50 too, where 10 is an example
        kinds = ["decimal", *(kind for kind in kinds if kind != "decimal")]
    for kind in kinds:
        try:
            yield makers[kind]()
        except (ValueError, ArithmeticError):
            continue


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter] | None:
    """The parameters that can be given by position, those without a default first; None when it cannot be called."""
    try:
        given = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in given):
        return None
    return [p for p in given if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def calls(name: str, function: Callable[..., Any], words: list[str]) -> Iterator[Value]:
    """Call a function with the words of an example in every order."""
    wanted = parameters(function)
    if not wanted:
        return
    needed = sum(p.default is p.empty for p in wanted)
    for count in range(max(1, needed), min(len(wanted), len(words), MOST_ARGUMENTS) + 1):
        # What stands last, in its order, is what a command is about; what stands first may be a subcommand.
        orders = sorted(itertools.permutations(range(len(words)), count), key=lambda order: (-sum(order), order))
        for order in orders:
            chosen = [words[number] for number in order]
            pairs = zip(chosen, wanted, strict=False)
            for values in itertools.product(*(list(readings(word, str(p.annotation))) for word, p in pairs)):
                yield from attempt(
                    f"{name}({', '.join(text for text, _ in values)})", function, *[v for _, v in values]
                )


def attempt(expression: str, function: Callable[..., Any], *values: Any) -> Iterator[Value]:
    """Call a function; one that refuses gives nothing."""
    with contextlib.suppress(Exception, SystemExit):  # whatever a stranger's function raises
        yield expression, function(*values)


def parts(expression: str, value: Any) -> Iterator[Value]:
    """A value, its fields and its elements."""
    yield expression, value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if not field.name.startswith("_"):
                yield f"{expression}.{field.name}", getattr(value, field.name)
    elif isinstance(value, list | tuple) and len(value) <= MOST_PARTS:
        for number, element in enumerate(value):
            yield f"{expression}[{number}]", element


def told(value: Any) -> str:
    """How a value is printed; empty for one that says nothing by itself."""
    if value is None or isinstance(value, bool):
        return ""
    with contextlib.suppress(Exception):
        return str(value)
    return ""


class Search:
    """Looks for calls that give what examples expect, the shortest first.

    Args:
        functions: what can be called, by name.
    """

    def __init__(self, functions: dict[str, Callable[..., Any]]) -> None:
        self.functions = functions
        self.found: dict[str, str] = {}
        self.left = MOST_CALLS
        self.deadline = time.monotonic() + SECONDS

    def spent(self) -> bool:
        """Count a call, and tell whether there have been enough."""
        self.left -= 1
        return self.left < 0 or time.monotonic() > self.deadline

    def look(self, words: list[str], expected: set[str]) -> None:
        """Call each function with the words of an example, then functions of one argument with what came of it."""
        trivial = {word.lower() for word in words}
        pool: list[Value] = []
        for name, function in self.functions.items():
            for made in calls(name, function, words):
                if self.spent():
                    return
                pool += parts(*made)
        for expression, value in pool:
            self.note(expression, value, expected, trivial)
        unary = {name: function for name, function in self.functions.items() if takes_one(function)}
        for (expression, value), (name, function) in itertools.product(pool, unary.items()):
            if self.spent():
                return
            if not expression.startswith(f"{name}("):
                for outer, result in attempt(f"{name}({expression})", function, value):
                    self.note(outer, result, expected, trivial)
            self.note_each(name, function, expression, value, expected)

    def note_each(
        self, name: str, function: Callable[..., Any], expression: str, value: Any, expected: set[str]
    ) -> None:
        """Keep a list whose elements, each given to a function, have the texts that an example expects."""
        if not isinstance(value, list | tuple) or not LEAST_PARTS <= len(value) <= MOST_PARTS:
            return
        made = [told(result) for part in value for _, result in attempt("", function, part)]
        if len(made) == len(value) and all(len(text) >= LEAST_CHARS and text in expected for text in made):
            self.found.setdefault(repr(made), f"[{name}(part) for part in {expression}]")

    def judge(self, verdicts: list[tuple[str, str]]) -> None:
        """Keep the function that says yes to those arguments of which one thing is said, and no to the others."""
        for name, function in self.functions.items():
            answers = [(made, said) for word, said in verdicts for _, made in attempt("", function, word)]
            meaning = {answer: {said for made, said in answers if made is answer} for answer in (True, False)}
            if len(answers) == len(verdicts) and all(len(texts) == 1 for texts in meaning.values()):
                (yes,), (no,) = meaning[True], meaning[False]
                for word, said in verdicts if yes != no else ():
                    call = f"{name}({json.dumps(word, ensure_ascii=False)})"
                    self.found.setdefault(said, f"{yes!r} if {call} else {no!r}")

    def note(self, expression: str, value: Any, expected: set[str], trivial: set[str]) -> None:
        """Keep an expression whose text an example expects, and does not have among its arguments."""
        text = told(value)
        if text in expected and len(text) >= LEAST_CHARS and text.lower() not in trivial:
            self.found.setdefault(text, expression)


def takes_one(function: Callable[..., Any]) -> bool:
    """Whether a function can be called with one argument."""
    given = parameters(function)
    return bool(given) and sum(p.default is p.empty for p in given or ()) <= 1


def loaded(names: dict[str, str]) -> dict[str, Callable[..., Any]]:
    """Import functions and classes by name and module; a module that cannot be imported offers nothing."""
    functions: dict[str, Callable[..., Any]] = {}
    for name, module in names.items():
        with contextlib.suppress(Exception, SystemExit):
            thing = getattr(importlib.import_module(module), name)
            if callable(thing):
                functions[name] = thing
    # What a class is made of is not checked as a function checks it.
    return dict(sorted(functions.items(), key=lambda pair: isinstance(pair[1], type)))


def main() -> int:
    """Run the plan on standard input."""
    plan = json.loads(sys.stdin.buffer.read())
    search = Search(loaded(plan["names"]))
    for example in plan["examples"]:
        search.look(example["arguments"], set(example["expected"]))
        search.judge(example["verdicts"])
    rows = [[expression, text] for text, expression in search.found.items()]
    Path("found.json").write_text(json.dumps(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
