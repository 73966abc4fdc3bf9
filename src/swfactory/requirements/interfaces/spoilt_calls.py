"""Calls of functions that must raise: a quoted call with its argument spoilt, in the way that a sentence names.

"text with digits raises ValueError in encode", beside an example of ``encode``, says which call fails and how; a small
model asked for such calls names exceptions in their place (error guessing, as in ``error_cases``).
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from swfactory.domain.spec import ApiExample, Origin
from swfactory.requirements.interfaces.call_examples import api_examples
from swfactory.requirements.interfaces.homes import module_of
from swfactory.requirements.interfaces.inverses import inverse_of
from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.text.cases import last_case
from swfactory.requirements.text.hedges import is_denied
from swfactory.requirements.text.literals import known_value

__all__ = ["length_calls", "spoilt_calls"]

_WHAT_RAISES = re.compile(r"([^,;.()]{3,60}?)\s+raises?\s+(?:an? )?([A-Z]\w+)(?:\s+in\s+`?([A-Za-z_]\w*))?")
_RAISES_WHEN = re.compile(
    r"([A-Za-z_]\w*)(?:\([^()]*\))?`?\s+raises?\s+(?:an? )?([A-Z]\w+)\s+(?:if|when|for|on)\s+([^,;.]{3,60})"
)
_LENGTH = re.compile(r"(?:^|; )(?:exactly )?(\d{1,4}) (?:characters|digits|letters)\b")
_OTHERWISE = re.compile(r"\braise (\w+Error) (?:otherwise|unless)\b")


@dataclass(frozen=True)
class _Fault:
    """A kind of fault.

    Args:
        named: how a requirement names it.
        spoil: what an argument becomes; None when it can't have the fault.
        sure: whether the requirement leaves no doubt that the spoilt call is an error.
    """

    named: re.Pattern[str]
    spoil: Callable[[object], object]
    sure: bool = True


def _emptied(value: object) -> object:
    return type(value)() if isinstance(value, str | list | dict) else None


def _number(value: object, spoilt: int) -> object:
    return spoilt if isinstance(value, int | float) and not isinstance(value, bool) else None


def _without_digits(value: object) -> object:
    return re.sub(r"\d", "", value) if isinstance(value, str) and re.search(r"\d", value) else None


_FAULTS = (
    _Fault(
        re.compile(r"\b(?:with|contain\w*|has|having|includ\w+)\s+(?:a |any )?digits?\b"),
        lambda value: f"{value}1" if isinstance(value, str) else None,
    ),
    _Fault(re.compile(r"\bempty\b"), _emptied),
    _Fault(re.compile(r"\bnegative\b|\bnot positive\b"), lambda value: _number(value, -1)),
    _Fault(re.compile(r"\bzero\b|\bnot positive\b"), lambda value: _number(value, 0)),
    _Fault(re.compile(r"\bmalformed\b|\binvalid\b"), _without_digits, sure=False),
)


def spoilt_calls(text: str) -> tuple[ApiExample, ...]:
    """Make examples of the error cases of functions.

    Args:
        text: the requirement.

    Returns:
        One example for each way that it names of calling a function wrongly, when it also shows a good call.
    """
    good = _good_calls(text)
    found: dict[str, ApiExample] = {}
    for name, exception, what in _statements(text):
        module = module_of(text, name)
        if name not in good or module is None or not isinstance(getattr(builtins, exception, None), type):
            continue
        for fault in _FAULTS:
            spoilt = fault.spoil(good[name]) if fault.named.search(what) else None
            if spoilt is not None:
                code = f"import pytest\nfrom {module} import {name}\n\nwith pytest.raises({exception}):\n"
                origin: Origin = "stated" if fault.sure else "derived"
                found.setdefault(code + repr(spoilt), ApiExample(origin=origin, code=f"{code}    {name}({spoilt!r})\n"))
    return tuple(found.values())


def length_calls(text: str, path: str) -> tuple[ApiExample, ...]:
    """Make calls with a text of another length than the one that is asked for.

    Args:
        text: the requirement.
        path: of a module whose functions it describes, e.g. "code(text) (4 digits, ValueError otherwise)".

    Returns:
        Two examples for each function of one argument, too short and too long.
    """
    outline = read_outline(text, path)
    module = path.removesuffix(".py").replace("/", ".")
    found: list[ApiExample] = []
    for function in outline.functions if outline else ():
        said = "; ".join(function.clauses)
        length, exception = _LENGTH.search(said), _OTHERWISE.search(said)
        if length and exception and len(required(function.parameters)) == 1:
            for wrong in ("''", f"'1' * {int(length[1]) + 1}"):
                code = f"import pytest\nfrom {module} import {function.name}\n\nwith pytest.raises({exception[1]}):\n"
                found.append(ApiExample(origin="stated", code=f"{code}    {function.name}({wrong})\n"))
    return tuple(found)


def _statements(text: str) -> Iterator[tuple[str, str, str]]:
    """Function, exception and what makes it raise, as the sentences say it."""
    for said, exception, name in _WHAT_RAISES.findall(text):
        what = "" if is_denied(said) else last_case(said)
        for called in [name] if name else re.findall(r"[A-Za-z_]\w*", what):
            yield called, exception, what
    for name, exception, what in _RAISES_WHEN.findall(text):
        yield name, exception, what


def _good_calls(text: str) -> dict[str, object]:
    """Function of one argument to a value that it takes."""
    known: dict[str, object] = {}
    for name, example in api_examples(text):
        last = ast.parse(example.code).body[-1]
        match last:
            case ast.Assert(
                test=ast.Compare(
                    left=ast.Call(func=ast.Name(id=called), args=[argument], keywords=[]), comparators=[answer]
                )
            ) if called == name and (given := known_value(argument)) is not None:
                known.setdefault(name, given)
                if (other := inverse_of(name)) and f"{other}(" in text and (made := known_value(answer)) is not None:
                    known.setdefault(other, made)
    return known
