"""Tries a library out with the values of examples; the only part of probing that executes inside the sandbox.

It is shipped as text, stands alone and needs nothing but the standard library. The plan comes on standard input:
``{"names": {"name": "module"}, "examples": [{"arguments": ["KRN", "417"], "expected": ["KRN/00417-D"], "verdicts":
[]}]}``; verdicts are pairs of an argument and what is said of it. What was found goes to ``found.json``:
``[[expression, text], ...]``, the text being one that an example expects.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import importlib
import inspect
import itertools
import json
import math
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

__all__ = ["main"]

MOST_ARGUMENTS = 4
MOST_CALLS = 20_000
SECONDS = 8.0
MOST_READINGS = 64
MOST_VALUES = 300
MOST_ALIKE = 3
MOST_NOTED = 60
"""Expressions that are kept of one text."""
MOST_COMPOSED = 3
"""Arguments of a function that is called with what another one gave."""
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
            for values in combined([[*readings(word, str(p.annotation))] for word, p in pairs]):
                yield from called(name, function, values)


def combined(choices: list[list[Value]]) -> Iterator[tuple[Value, ...]]:
    """Choose a reading of each word: in every way, or where that is too many, the same way for all."""
    if math.prod(map(len, choices)) <= MOST_READINGS:
        yield from itertools.product(*choices)
    elif all(choices):
        for number in range(max(map(len, choices))):
            yield tuple(choice[min(number, len(choice) - 1)] for choice in choices)


def called(name: str, function: Callable[..., Any], values: Sequence[Value]) -> Iterator[Value]:
    """Call a function with values, and write the call down with the options that it has."""
    options = switches(function)
    written = [*(text for text, _ in values), *(f"{option}={value}" for option, value in options.items())]
    call = functools.partial(function, **options)
    yield from attempt(f"{name}({', '.join(written)})", call, *[value for _, value in values])


def switches(function: Callable[..., Any]) -> dict[str, bool]:
    """Parameters that are given by name only, and are off or on by default."""
    with contextlib.suppress(TypeError, ValueError):
        given = inspect.signature(function).parameters.values()
        return {p.name: p.default for p in given if p.kind is p.KEYWORD_ONLY and isinstance(p.default, bool)}
    return {}


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
        self.noted: dict[str, dict[str, int]] = {}
        """By text: expressions that give it, the first found first, and how many words each must account for."""
        self.classes = [name for name, function in functions.items() if isinstance(function, type)]
        self.words: list[str] = []
        self.all_words: list[str] = []
        self.whole = False
        self.left = MOST_CALLS
        self.deadline = time.monotonic() + SECONDS

    def spent(self) -> bool:
        """Count a call, and tell whether there have been enough."""
        self.left -= 1
        return self.left < 0 or time.monotonic() > self.deadline

    def look(self, words: list[str], expected: set[str], *, whole: bool = False) -> None:
        """Call each function with the words of an example, then functions of one argument with what came of it.

        Args:
            words: of the example.
            expected: texts that it expects.
            whole: the words are what one call is made of, and the text is all that it gives.
        """
        self.words, self.whole = words, whole
        self.all_words += words
        trivial = {word.lower() for word in words}
        pool: list[Value] = []
        for name, function in self.functions.items():
            for made in calls(name, function, words):
                if self.spent():
                    return
                pool += parts(*made)
        for expression, value in pool:
            self.note(expression, value, expected, trivial)
        pool = self.distinct(pool)
        self.look_through(pool, expected, trivial)
        told_of = [self.covers(expression) for text in expected for expression in self.noted.get(text, ())]
        if not told_of or (self.whole and max(told_of) < len(words)):
            self.left = MOST_CALLS
            self.look_through(self.distinct(self.composed(words, pool)), expected, trivial)

    def look_through(self, pool: Sequence[Value], expected: set[str], trivial: set[str]) -> None:
        """Call functions of one argument with each value."""
        unary = {name: function for name, function in self.functions.items() if takes_one(function)}
        for (expression, value), (name, function) in itertools.product(pool, unary.items()):
            if self.spent():
                return
            if not expression.startswith(f"{name}("):
                for outer, result in attempt(f"{name}({expression})", function, value):
                    self.note(outer, result, expected, trivial)
            self.note_each(name, function, expression, value, expected)

    def composed(self, words: list[str], pool: Sequence[Value]) -> Iterator[Value]:
        """Call functions of several arguments with a value that some of the words gave, and with the other words."""
        needed = {name: [p for p in parameters(f) or () if p.default is p.empty] for name, f in self.functions.items()}
        several = sorted(
            (name for name in needed if 1 < len(needed[name]) <= MOST_COMPOSED), key=lambda n: len(needed[n])
        )
        for name, (expression, value) in itertools.product(several, pool[:MOST_VALUES]):
            wanted, rest = needed[name], [word for word in words if word not in expression]
            if len(wanted) > len(rest) + 1 or value is None or isinstance(value, bool):
                continue
            for place, others in itertools.product(range(len(wanted)), itertools.permutations(rest, len(wanted) - 1)):
                left = [p for number, p in enumerate(wanted) if number != place]
                given = [next(readings(w, str(p.annotation)), None) for w, p in zip(others, left, strict=True)]
                if self.spent():
                    return
                if all(given):
                    filled = [*given[:place], (expression, value), *given[place:]]
                    for made in called(name, self.functions[name], [one for one in filled if one]):
                        yield from parts(*made)

    def note_each(
        self, name: str, function: Callable[..., Any], expression: str, value: Any, expected: set[str]
    ) -> None:
        """Keep a list whose elements, each given to a function, have the texts that an example expects."""
        if not isinstance(value, list | tuple) or not LEAST_PARTS <= len(value) <= MOST_PARTS:
            return
        made = [told(result) for part in value for _, result in attempt("", function, part)]
        if len(made) == len(value) and all(len(text) >= LEAST_CHARS and text in expected for text in made):
            self.noted.setdefault(repr(made), {f"[{name}(part) for part in {expression}]": 0})

    def judge(self, verdicts: list[tuple[str, str]]) -> None:
        """Keep the function that says yes to those arguments of which one thing is said, and no to the others."""
        for name, function in self.functions.items():
            answers = [(made, said) for word, said in verdicts for _, made in attempt("", function, word)]
            meaning = {answer: {said for made, said in answers if made is answer} for answer in (True, False)}
            if len(answers) == len(verdicts) and all(len(texts) == 1 for texts in meaning.values()):
                (yes,), (no,) = meaning[True], meaning[False]
                for word, said in verdicts if yes != no else ():
                    call = f"{name}({json.dumps(word, ensure_ascii=False)})"
                    self.noted.setdefault(said, {f"{yes!r} if {call} else {no!r}": 0})

    def note(self, expression: str, value: Any, expected: set[str], trivial: set[str]) -> None:
        """Keep an expression whose text an example expects, and does not have among its arguments."""
        text = told(value)
        if text in expected and len(text) >= LEAST_CHARS and text.lower() not in trivial:
            known = self.noted.setdefault(text, {})
            if len(known) < MOST_NOTED:
                # Where an example is one call, nobody knows what a word is for that the call leaves out.
                known.setdefault(expression, self.covers(expression) if self.whole else 0)

    def settled(self) -> dict[str, list[str]]:
        """Return, by text, the expressions that account for most: of the words, and of the other texts.

        The call that gives several of the texts is likelier meant than one that gives a single one of them.
        """
        self.words = list(dict.fromkeys(self.all_words))
        shared: Counter[str] = Counter()
        for expressions in self.noted.values():
            shared.update({call for expression in expressions for call in calls_in(expression)})
        return {text: self.likeliest(expressions, shared) for text, expressions in self.noted.items()}

    def likeliest(self, expressions: dict[str, int], shared: Mapping[str, int]) -> list[str]:
        """The best of the expressions that give a text, and those that are as good; one example does not say which."""

        def rank(expression: str) -> tuple[int, int]:
            telling = [call for call in calls_in(expression) if self.covers(call) == self.covers(expression)]
            return expressions[expression], max((shared[call] for call in telling), default=0)

        first, *others = sorted(expressions, key=rank, reverse=True)
        kept = [first]
        for expression in others:
            if len(kept) < MOST_ALIKE and rank(expression) == rank(first) and self.is_as_good(expression, kept):
                kept.append(expression)
        return kept

    def is_as_good(self, expression: str, known: list[str]) -> bool:
        """Whether an expression accounts for as much as those that are known, in as many calls, by another field."""
        same = self.covers(expression) == self.covers(known[0]) and expression.count("(") == known[0].count("(")
        made = any(f"{name}(" in expression for name in self.classes)  # gives back what it was made of
        if "[" in expression or made or not same or expression in known:
            return False
        field = field_of(expression)
        return field not in map(field_of, known) if field else self.whole  # a label may name the field

    def distinct(self, pool: Iterable[Value]) -> list[Value]:
        """Leave out what gives the same as something before it and is made of no more words: it leads no further."""
        seen: dict[tuple[str, str, str, int], Value] = {}
        for expression, value in pool:
            with contextlib.suppress(Exception):
                field = expression.rpartition(")")[2]  # two fields that are alike here need not be elsewhere
                key = type(value).__name__, repr(value), field, self.covers(expression)
                seen.setdefault(key, (expression, value))
        return [*seen.values()]

    def covers(self, expression: str) -> int:
        """How many words of the example an expression has."""
        return sum(word in expression for word in self.words)


def calls_in(expression: str) -> set[str]:
    """The calls that an expression is made of, as text."""
    return {ast.unparse(node) for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Call)}


def field_of(expression: str) -> str:
    """The field that an expression ends in; empty for none."""
    found = re.search(r"\)\.(\w+)\)*$", expression)
    return found[1] if found else ""


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
        search.look(example["arguments"], set(example["expected"]), whole=bool(example.get("whole")))
        search.judge(example["verdicts"])
    rows = [[expression, text] for text, expressions in search.settled().items() for expression in expressions]
    Path("found.json").write_text(json.dumps(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
