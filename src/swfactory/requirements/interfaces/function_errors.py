"""Calls of functions that must raise, made from what a requirement says of their arguments, where it shows no call.

"A capacity below 1 raises ValueError" and "an empty text raises ValueError" say what to give (error guessing, as in
``error_cases``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from swfactory.domain.spec import ApiExample, Origin
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.interfaces.parameters import names_of, required
from swfactory.requirements.interfaces.values import NEGATIVE, POSITIVE, is_said_of, value_of
from swfactory.requirements.text.bounds import BOUND, beyond
from swfactory.requirements.text.exceptions import raised
from swfactory.requirements.text.listings import listings
from swfactory.requirements.text.literals import known_value

__all__ = ["function_errors"]

_EMPTY = re.compile(
    r"\bempty (?:text|string|word|list|name|input|sequence)s?\b"
    r"|\b(?!(?:characters?|digits?|items?|letters?|lines?|symbols?|words?) )\w+ without an? \w+\b"
    r"|空(?:文本|字符串|列表|单词|串)"
)
_EMPTY_LIST = re.compile(r"\bempty (?:list|sequence)s?\b|空(?:列表|序列)")
_ODD = re.compile(
    r"\b(?:malformed|invalid|unreadable|anything (?:else|that is not)|other (?:text|characters?|input|strings?)"
    r"|not an? (?:digit|number|letter)"
    r"|cannot be (?:read|parsed)|unknown (?:characters?|codes?|letters?|signs?|symbols?|words?))\b"
    r"|格式(?:错误|不对|无效)|其[他它](?:字符|文本|输入)|无效(?:的)?(?:文本|输入|表达式)",
    re.IGNORECASE,
)
_TEXT = re.compile(r"text|string|s|word|line|expr(?:ession)?|code|phrase|sentence|source|name|number")
"""Names of parameters that are texts, as far as nothing else is said."""
_ALL = re.compile(r"(?:all|both|each|every)\b|(?:两者|都|所有)", re.IGNORECASE)
_TAKES_TEXT = re.compile(r"\b(?:takes?|is|as) (?:an? )?(?:text|string)\b|文本")
_UNKNOWN = re.compile(r"\b(?:unknown|unsupported|no such)\b|未知|不支持|不存在")
_STRANGE = "'?!'"
_NO_SUCH = "'nosuchthing'"
_MOST = 12


def function_errors(text: str, path: str) -> tuple[ApiExample, ...]:
    """Make examples of the error cases of a module's functions.

    Args:
        text: the requirement.
        path: the module's.

    Returns:
        One example a case, for functions that need one argument, or are shown with all that they need.
    """
    outline = read_outline(text, path)
    if outline is None or outline.classes:
        return ()
    module = path.removesuffix(".py").replace("/", ".")
    found: dict[str, ApiExample] = {}
    # What is said of none is said of all, where there is only one or the requirement speaks of all.
    of_all = outline.general if len(outline.functions) == 1 or any(map(_ALL.match, outline.general)) else []
    listed = [value for listing in listings(text) for value in listing.values]
    of_lists = [clause for clause in outline.general if _EMPTY_LIST.search(clause) and clause not in of_all]
    for function in outline.functions:
        clauses = [*function.clauses, *of_all, *of_lists]
        takes_text = any(map(_TAKES_TEXT.search, clauses))
        for clause in clauses:
            cases = [
                *_cases(function, clause, takes_text=takes_text),
                *_shown_cases(function, clause, listed),
                *_optional_cases(function, clause),
            ]
            for wrong, exception, origin in cases:
                code = f"import pytest\nfrom {module} import {function.name}\n\nwith pytest.raises({exception}):\n"
                code += f"    {function.name}({wrong})\n"
                found.setdefault(code, ApiExample(origin=origin, code=code))
    return tuple(found.values())[:_MOST]


def _cases(function: Method, clause: str, *, takes_text: bool) -> Iterator[tuple[str, str, Origin]]:
    """A wrong argument, the exception that it raises, and whether no vote can drop it."""
    exception = raised(clause)
    parameters = required(function.parameters)
    if not exception or len(parameters) != 1 or {*parameters} & {*function.records, *function.objects}:
        return
    (parameter,) = parameters
    value = known_value(ast.parse(value_of(parameter, function), mode="eval").body)
    if isinstance(value, int | float) and not takes_text:
        yield from ((wrong, exception, "stated") for wrong in _numbers(clause, parameter, function))
    elif isinstance(value, list):
        if _EMPTY.search(clause):
            yield "[]", exception, "derived"
    elif takes_text or (isinstance(value, str) and (function.shown or _TEXT.fullmatch(parameter))):
        if _EMPTY.search(clause):
            yield "''", exception, "stated"
        if _ODD.search(clause):
            yield _STRANGE, exception, "derived"


def _shown_cases(function: Method, clause: str, listed: Collection[str]) -> Iterator[tuple[str, str, Origin]]:
    """Arguments of the call that is shown, one of them made wrong."""
    exception, parameters = raised(clause), required(function.parameters)
    shown = function.shown[0] if function.shown else ()
    if not exception or len(parameters) < 2 or len(shown) != len(parameters):
        return
    for at, parameter in enumerate(parameters):
        value = ast.literal_eval(shown[at])
        wrong = [*_numbers(clause, parameter, function, named=True)] if isinstance(value, int | float) else []
        if value in listed and _UNKNOWN.search(clause):
            wrong = [_NO_SUCH]
        yield from ((", ".join((*shown[:at], bad, *shown[at + 1 :])), exception, "stated") for bad in wrong)


def _optional_cases(function: Method, clause: str) -> Iterator[tuple[str, str, Origin]]:
    """The call that is shown with one argument more, a number that is refused."""
    exception, needed = raised(clause), required(function.parameters)
    shown = function.shown[0] if function.shown else ()
    optional = [name for name in names_of(function.parameters) if name not in needed]
    for parameter in optional if exception and len(shown) == len(needed) else ():
        for wrong in _numbers(clause, parameter, function, named=True):
            yield ", ".join((*shown, f"{parameter}={wrong}")), exception, "stated"


def _numbers(clause: str, parameter: str, function: Method, *, named: bool = False) -> Iterator[str]:
    """Numbers that a clause refuses; ``named`` where it has to say of which parameter."""
    if is_said_of(POSITIVE, clause, parameter, function.parameters):
        yield from ("0", "-1")
    elif is_said_of(NEGATIVE, clause, parameter, function.parameters) or (
        not named and re.search(r"\bnegative (?:numbers?|values?)", clause)
    ):
        yield "-1"
    if not named or is_said_of(BOUND, clause, parameter, function.parameters):
        yield from (str(value) for match in BOUND.finditer(clause) for value in beyond(match))
