"""Variations of quoted examples: other values, whose answers nobody knows but samples can agree on.

An example shows one point of a program's input; a program that is right there can be wrong beside it (equivalence
partitioning and boundary values: ISO/IEC/IEEE 29119-4, 5.2.1 and 5.2.3).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from swfactory.domain.spec import ApiExample, CommandExample, Example, Origin, Step
from swfactory.requirements.interfaces.inverses import inverse_of
from swfactory.requirements.text.exceptions import named_exceptions
from swfactory.requirements.text.keeping import keeps_data
from swfactory.requirements.text.listings import CONVERSION, listings
from swfactory.requirements.text.literals import known_value

__all__ = ["vary", "vary_steps"]

_INTEGER = re.compile(r"^\d+$")
_DECIMAL = re.compile(r"^\d+\.\d+$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_TIME = re.compile(r"\d[:T-]\d")
_SAME = re.compile(r"\b(?:same|differ|distinct)|相同|不同", re.IGNORECASE)
_REVERSES = re.compile(
    r"\brevers(?:es|ing|e of)\b|\binverse\b|\bundo(?:es)?\b|\bround[- ]?trips?\b|\bgives? back\b|\bthe original\b"
    r"|还原|逆(?!序)|原样",
    re.IGNORECASE,
)
"""Says that one function undoes another."""
_ALTERS = (
    r"[^.;。；]{0,60}?(?:\b(?:upper|lower)[- ]?cased?\b|\bcapitals?\b|\bany case\b|ignor\w+ case|\bnormali[sz]"
    r"|大写|小写)"
)
"""Says, after a function's name, that it does not keep letters as they are."""
_THERE_AND_BACK = """\
{imports}

try:
    made = {there}({value})
except ({refused}):
    pass
else:
    assert {back}(made) == {value}
"""
_MOST = 8
_MOST_CALLS = 5


def vary(text: str, examples: Iterable[Example], *, subcommands: Iterable[str] = ()) -> tuple[Example, ...]:
    """Repeat quoted commands and calls with other values.

    Args:
        text: the requirement; where it lists the values that an argument may have, all of them come.
        examples: quoted ones; of commands, only single ones that say what is printed are varied.
        subcommands: first arguments that choose what the program does, and stay.

    Returns:
        Examples that hold whatever is answered, unless it is a crash; and relations between answers that hold for
        everything that is encoded and decoded, or converted and converted back.
    """
    listed = [listing.values for listing in listings(text)]
    found: list[Example] = []
    for example in examples:
        if isinstance(example, ApiExample):
            found += islice(_calls(example, named_exceptions(text)), _MOST_CALLS)
            found += _round_trips(text, example)
            continue
        if varied := _commands(example, listed, frozenset(subcommands)):
            found.append(varied)
        found += _conversions(text, example, listed)
    return tuple(found)


def vary_steps(text: str, walk: CommandExample, *, subcommands: Iterable[str] = ()) -> tuple[CommandExample, ...]:
    """Repeat the commands of a session alone and with other values, where a program keeps nothing between its runs.

    Args:
        text: the requirement.
        walk: commands that succeed, of which the requirement need not say what they print.
        subcommands: first arguments that choose what the program does, and stay.
    """
    if keeps_data(text) or walk.files:
        return ()
    listed = [listing.values for listing in listings(text)]
    steps = (step.model_copy(update={"stdout": ""}) for step in walk.steps if not step.exit_code)
    made = (_commands(CommandExample(steps=(step,)), listed, frozenset(subcommands)) for step in steps)
    return tuple(example for example in made if example)


def _commands(example: CommandExample, listed: list[tuple[str, ...]], fixed: frozenset[str]) -> CommandExample | None:
    *before, last = example.steps
    if before or last.stdout is None or example.files or last.exit_code:
        return None
    variants = _variants(last.argv[2:], listed, fixed)
    steps = tuple(Step(argv=(*last.argv[:2], *words), exit_code=None, refusable=True) for words in variants)
    return CommandExample(steps=steps) if steps else None


def _conversions(text: str, example: CommandExample, listed: list[tuple[str, ...]]) -> Iterator[CommandExample]:
    """What is converted there and back, or to itself, is what it was (metamorphic testing, as for round trips)."""
    *before, last = example.steps
    program, words = last.argv[:2], last.argv[2:]
    answer = (last.stdout or "").strip()
    numbers = [at for at, word in enumerate(words) if _DECIMAL.match(word) or _INTEGER.match(word)]
    kinds = next((values for values in listed if sum(word in values for word in words) == 2), ())
    pair = [at for at, word in enumerate(words) if word in kinds]
    whole = re.fullmatch(r"[1-9]\d*(?:\.(0+))?", answer)
    alone = not (before or example.files or last.exit_code)
    # An answer that was rounded does not lead back.
    if not (alone and CONVERSION.search(text) and len(numbers) == 1 and len(pair) == 2 and whole):
        return
    digits = len(whole[1] or "")
    there, back = pair
    value = float(words[numbers[0]])
    if round(value, digits) != value:
        return
    changes = [{numbers[0]: answer, there: words[back], back: words[there]}]
    if not _SAME.search(text):
        changes += [{there: kind, back: kind} for kind in kinds]
    for change in changes:
        argv = (*program, *(change.get(at, word) for at, word in enumerate(words)))
        yield CommandExample(steps=(Step(argv=argv, stdout=f"{value:.{digits}f}\n"),))


def _calls(example: ApiExample, exceptions: Sequence[str]) -> Iterator[ApiExample]:
    """Calls with one argument changed; the exceptions that the requirement names may be their answer."""
    *before, last = ast.parse(example.code).body
    call = last.test.left if isinstance(last, ast.Assert) and isinstance(last.test, ast.Compare) else None
    if not isinstance(call, ast.Call) or not all(isinstance(node, ast.Import | ast.ImportFrom) for node in before):
        return
    allowed = ", ".join(dict.fromkeys((*exceptions, "ValueError")))
    for at, argument in enumerate(call.args):
        for other in _literals(argument):
            arguments = [*call.args[:at], ast.parse(repr(other), mode="eval").body, *call.args[at + 1 :]]
            said = ast.unparse(ast.Call(func=call.func, args=arguments, keywords=call.keywords))
            lines = ["import contextlib", *map(ast.unparse, before), "", f"with contextlib.suppress({allowed}):"]
            yield ApiExample(code="\n".join([*lines, f"    {said}", ""]))


def _round_trips(text: str, example: ApiExample) -> Iterator[ApiExample]:
    """What is encoded and decoded is what it was (metamorphic testing: Chen et al. 1998, HKUST-CS98-01)."""
    *before, last = ast.parse(example.code).body
    claim = last.test if isinstance(last, ast.Assert) and isinstance(last.test, ast.Compare) else None
    call = claim.left if claim else None
    home = before[0] if len(before) == 1 else None
    if claim is None or not (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and isinstance(home, ast.ImportFrom)
    ):
        return
    there, back = call.func.id, inverse_of(call.func.id)
    if not back or f"{back}(" not in text or len(call.args) != 1 or call.keywords or _rounds(claim):
        return
    if re.search(rf"\b(?:{there}|{back})\b{_ALTERS}", text, re.IGNORECASE):
        return
    allowed = ", ".join(dict.fromkeys((*named_exceptions(text), "ValueError")))
    known = ast.unparse(call.args[0])
    origin: Origin = "stated" if _REVERSES.search(text) else "derived"
    for value in dict.fromkeys((known, *(repr(other) for other in _literals(call.args[0])))):
        check = f"assert {back}({there}({value})) == {value}"
        imports, names = f"from {home.module} import {back}, {there}", {"there": there, "back": back}
        if value == known:
            yield ApiExample(origin=origin, code=f"{imports}\n\n{check}\n")
        else:  # a value that the requirement does not show may be refused, but not what has been made of it
            code = _THERE_AND_BACK.format(imports=imports, **names, value=value, refused=allowed)
            yield ApiExample(origin=origin, code=code)


def _rounds(claim: ast.Compare) -> bool:
    """Whether what is made of a value may be rounded, so that it does not lead back: a float, a number of a number."""
    floats = (isinstance(part, ast.Constant) and isinstance(part.value, float) for part in ast.walk(claim))
    sides = (*(claim.left.args if isinstance(claim.left, ast.Call) else ()), *claim.comparators)
    return any(floats) or all(isinstance(known_value(side), int | float) for side in sides)


def _literals(node: ast.expr) -> list[object]:
    """Other values of a literal's type, boundaries first."""
    match known_value(node):
        case bool():
            return []
        case str(value):
            longer = [] if value[-1:].isdigit() else [value + value[-1:] * 11]
            return ["", *longer, value * 2, value[::-1], f"{value[:1]} {value}"]
        case int(value):
            return [value + 1, value * 10, 1, 0]
        case float(value):
            return [value + 1, value / 4, 0.0]
        case list(value):
            return [[], value[:1], value + value, value[::-1]]
    return []


def _variants(words: Sequence[str], listed: list[tuple[str, ...]], fixed: frozenset[str]) -> list[tuple[str, ...]]:
    """Other values for the words of a command, a few for each word."""
    choices = {at: other for at, word in enumerate(words) if (other := _others(at, word, listed, fixed))}
    turns = range(max(map(len, choices.values()), default=0))
    # Words change together, each by its own list, shifted so that two of one list differ.
    rows = [
        tuple(choices[at][(turn + at) % len(choices[at])] if at in choices else word for at, word in enumerate(words))
        for turn in turns
    ]
    return [row for row in dict.fromkeys(rows) if row != tuple(words)][:_MOST]


def _others(at: int, word: str, listed: list[tuple[str, ...]], fixed: frozenset[str]) -> list[str]:
    if word.startswith("-") or (at == 0 and word in fixed):
        return []
    for values in listed:
        if word in values:
            return [*values]
    if _INTEGER.match(word):
        return [str(int(word) + 1), str(int(word) * 2 + 10), "1"]
    if _DECIMAL.match(word):
        return [f"{float(word) + 1:.2f}", f"{float(word) * 3:.1f}", "1"]
    if _DATE.match(word):
        return ["2024-12-31", "2023-03-01", "2000-02-29"]
    if not word[1:] or _TIME.search(word):
        return []
    # A number of many digits may be a count that no right program gets through.
    return [word[::-1], word * 2, *([] if word[0].isdigit() else [word[0] * 12])]
