"""Values that fit the parameters of a method: by what a requirement shows, says and calls them.

A call that is shown, ``Polynomial([1, 0, 2])``, tells more than a name; an annotation and a record tell all.
"""

from __future__ import annotations

import ast
import re

from swfactory.domain.spec import FOLDER
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.parameters import annotation_of, names_of, required
from swfactory.requirements.interfaces.records import NUMERIC, Record

__all__ = ["AMPLE", "FEWER", "LAST", "NEGATIVE", "POSITIVE", "ZERO", "is_file", "is_said_of", "value_of"]

POSITIVE = re.compile(
    r"\bmust be positive\b|\bunless [\w, ]+ (?:is|are) positive\b|\bnot positive\b|\bnon-?positive\b"
    r"|\b(?:below|less than) 1\b"
    r"|必须(?:是|为)正"
)
NEGATIVE = re.compile(r"\bnegative\b|负数|为负")
ZERO = re.compile(r"\b(?:of|is|equals?|equal to) (?:zero|0)\b(?!\.)|\bzero\b(?= [a-z])|(?:为|等于|是) ?[0零](?!\.)")
FEWER = re.compile(r"\b(?:fewer|less) than (two|three|\d{1,3})\b(?!\.\d)")
LAST, AMPLE = 0, 1
"""Turns whose number is one, and more."""

_WORDS = "acdb"
"""Words that are not in order either: what comes first in the alphabet has not come first."""
_NUMBERS = (1, 3, 2, 2, 4, 1, 5, 3)
"""Numbers that are not in order, two of them equal; a word's second number differs from its first."""
_BEYOND = 10
"""How much larger the end of something is than where it begins: more than any two of the numbers differ by."""
_LISTS_OF_NUMBERS = ("[1, 2]", "[3, 5]", "[4, 1, 2]")
_LISTS_OF_WORDS = ("['a']", "['b', 'c']", "['d', 'a', 'c']")
_TABLES = ("[[1, 2], [3, 4]]", "[[5, 6], [7, 9]]", "[[3, 1, 2], [0, 4, 1], [5, 2, 6]]")
_CHOICES = ("['b', 'a', 'c']", "['d', 'b', 'a']")
_LISTS = {
    "candidates": _CHOICES,
    "choices": _CHOICES,
    "columns": _CHOICES,
    "headers": _CHOICES,
    "names": _CHOICES,
    "options": _CHOICES,
    "players": _CHOICES,
    "teams": _CHOICES,
    "row": ("[1, 3, 2]", "[5, 2, 4]"),
    "rows": _TABLES,
    "items": _LISTS_OF_NUMBERS,
    "values": _LISTS_OF_NUMBERS,
    "numbers": _LISTS_OF_NUMBERS,
    "coefficients": _LISTS_OF_NUMBERS,
    "words": _LISTS_OF_WORDS[:2],
}
_BEGINNINGS = {"end": ("start", "begin"), "high": ("low",), "hi": ("lo",), "stop": ("start",), "upper": ("lower",)}
"""Parameters whose numbers are larger than another one's, by its name."""
_PAIRS = (
    *map(frozenset, (("rows", "columns"), ("rows", "cols"), ("row", "column"), ("row", "col"), ("x", "y"))),
    *(frozenset([end, begin]) for end, beginnings in _BEGINNINGS.items() for begin in beginnings),
)
"""Parameters that are numbers beside each other."""
_FUNCTIONS = {"predicate": ("bool",), "test": ("bool",)}
_ANNOTATED = {
    "bool": ("True", "False"),
    "float": tuple(f"{number}.5" for number in _NUMBERS),
    "int": tuple(map(str, _NUMBERS)),
    "str": tuple(map(repr, _WORDS)),
    "list[float]": _LISTS_OF_NUMBERS,
    "list[int]": _LISTS_OF_NUMBERS,
    "list[list[int]]": _TABLES,
    "list[str]": _LISTS_OF_WORDS,
}
_FILES = frozenset(["path", "file", "filename", "db", "database"])
_FOLDERS = frozenset(["folder", "directory"])
_FILLER = re.compile(
    r"\b(?:an?|the|its|their|that|which|is|are|be|must|has to|or|and|values?|of|zero|0)\b|[,\s`]|[的是为]"
)
_ADJECTIVE = re.compile(r" (?!(?:and|for|in|of|or|raises?)\b)[a-z]")
"""What follows a word that is said of the next: "negative amounts"."""


def is_file(parameter: str) -> bool:
    """Whether a parameter is the path of a file or folder.

    Args:
        parameter: its name.
    """
    return parameter in _FILES | _FOLDERS


def value_of(parameter: str, method: Method, turn: int = 0) -> str:
    """A value that fits a parameter, as source.

    Args:
        parameter: its name.
        method: whose parameter it is.
        turn: another number may give another value.
    """
    if known := method.values.get(parameter):
        return known[turn % len(known)]
    if parameter in method.records:
        return _made(method.records[parameter][1], turn)
    if parameter in method.objects:
        return f"{method.objects[parameter][1]}()"
    if method.name == "__init__" and is_file(parameter):
        return f"str({FOLDER} / 'data')" if parameter in _FILES else f"str({FOLDER})"
    paired = any(parameter in pair and pair <= {*required(method.parameters)} for pair in _PAIRS)
    values = _ANNOTATED.get(annotation_of(method.parameters, parameter), ()) or _as_shown(parameter, method)
    values = values or (() if paired else _named(parameter))
    if not values and (paired or _counts(parameter, method)):
        ends = not {*_BEGINNINGS.get(parameter, ())}.isdisjoint(required(method.parameters))
        values = tuple(str(number + _BEYOND * ends) for number in _NUMBERS)
    values = values or tuple(map(repr, _WORDS))
    return values[turn % len(values)]


def _named(parameter: str) -> tuple[str, ...]:
    """What a parameter of that name is given."""
    return _LISTS.get(parameter, _FUNCTIONS.get(parameter, ()))


def is_said_of(pattern: re.Pattern[str], clause: str, parameter: str, parameters: str) -> bool:
    """Whether a clause says something of a parameter, and not of another that it names too.

    Args:
        pattern: what it says.
        clause: the clause.
        parameter: name of the parameter.
        parameters: all of the method's, as the requirement shows them.
    """
    named = [name for name in names_of(parameters) if _naming(name).search(clause)]
    if parameter not in named or not pattern.search(clause):
        return False
    others = re.compile("|".join(_naming(name).pattern for name in named))
    attributive = [bool(_ADJECTIVE.match(clause[said.end() :])) for said in pattern.finditer(clause)]
    for said, of_next in zip(pattern.finditer(clause), attributive, strict=True):
        for mention in _naming(parameter).finditer(clause):
            between = clause[min(mention.end(), said.end()) : max(mention.start(), said.start())]
            if (mention.end() > said.start() or not of_next) and not _FILLER.sub("", others.sub("", between)):
                return True
    return len(named) == 1 and not all(attributive)


def _naming(parameter: str) -> re.Pattern[str]:
    """How a sentence names a parameter: ``quantity`` by "quantities"."""
    many = f"{parameter[:-1]}ies" if parameter.endswith("y") else f"{parameter}e?s"
    one = parameter[:-1] if re.search(r"[^s]s$", parameter) else parameter
    return re.compile(rf"(?<![a-zA-Z_])(?:{parameter}|{many}|{one})(?![a-zA-Z_])", re.IGNORECASE)


def _counts(parameter: str, method: Method) -> bool:
    """Whether a parameter is a number."""
    return bool(NUMERIC.fullmatch(parameter)) or any(
        is_said_of(pattern, clause, parameter, method.parameters)
        for clause in method.clauses
        for pattern in (POSITIVE, NEGATIVE, ZERO)
    )


def _as_shown(parameter: str, method: Method) -> tuple[str, ...]:
    """Values of the kind that a requirement shows in the place of a parameter; none where it shows no call."""
    names = names_of(method.parameters)
    shown = [call[names.index(parameter)] for call in method.shown if parameter in names[: len(call)]]
    if not shown:
        return ()
    match ast.literal_eval(shown[0]):
        case bool():
            return ("True", "False")
        case int():
            return tuple(map(str, _NUMBERS))
        case str(word) if word.isidentifier():
            return tuple(map(repr, _WORDS))
        case str(word) if word.isdigit() and len(word) == 1:
            return tuple(map(repr, "1243"))
        case [[*_], *_]:
            return _TABLES
        case [int() | float(), *_]:
            return (shown[0], *_LISTS_OF_NUMBERS[1:])
        case [str(word), *_] if word.isidentifier():
            return _LISTS_OF_WORDS
        case _:  # of a form of its own, as a date is: only what is shown is known to be right
            return tuple(dict.fromkeys(shown))


def _made(record: Record, turn: int) -> str:
    """Source of a record."""
    word, number = repr(_WORDS[turn % len(_WORDS)]), str(_NUMBERS[turn % len(_NUMBERS)])
    values = {"str": word, "int": number, "float": f"{number}.5", "bool": "False"}
    return f"{record.name}({', '.join(values[kind] for kind in record.fields.values())})"
