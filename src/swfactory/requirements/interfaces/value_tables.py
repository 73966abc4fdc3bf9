"""Tables of what a function gives: "Some values: 15 -> 0, 16 -> 200", after the function that they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.text.files import named_files
from swfactory.requirements.text.hedges import is_choice, is_left_open
from swfactory.requirements.text.literals import imports_of, leading_value

__all__ = ["table_examples"]

_ARROW = re.compile(r"\s*(?:->|→|=>)\s*")
_NEXT = re.compile(r"\s*(?:[,;，；、]\s*(?:and\s+)?|\s+and\s+|\s*和\s*|\n)\s*")
_BEGINS = re.compile(r"(?:^|[:：(（\n,，])[ \t]*(?=[\d\"'(\[{+-])", re.MULTILINE)
_LEAST = 2
"""Rows of a table; a single arrow may mean anything."""


def table_examples(text: str) -> tuple[ApiExample, ...]:
    """Find tables of arguments and results.

    A table is of the function that was named last before it and needs one argument.

    Args:
        text: a requirement.

    Returns:
        An example a row.
    """
    functions = dict(_functions(text))
    found: list[ApiExample] = []
    end = 0
    for begin in _BEGINS.finditer(text) if functions else ():
        if begin.end() < end:
            continue
        rows, end = _rows(text, begin.end())
        name = _named_last(text[: begin.start()], functions)
        if len(rows) < _LEAST or not name:
            continue
        for argument, result in rows:
            holds = f"assert {name}({argument}) == {result}\n"
            code = f"{imports_of(holds)}from {functions[name]} import {name}\n\n{holds}"
            found.append(ApiExample(origin="quoted", code=code))
    return tuple(dict.fromkeys(found))


def _functions(text: str) -> Iterator[tuple[str, str]]:
    """Functions that can be called with one argument, and their modules."""
    for path in named_files(text):
        outline = read_outline(text, path)
        module = path.removesuffix(".py").replace("/", ".")
        for function in outline.functions if outline and module != "main" else ():
            if len(required(function.parameters)) == 1:
                yield function.name, module


def _rows(text: str, start: int) -> tuple[list[tuple[str, str]], int]:
    """The rows that begin at a place, and where they end."""
    rows: list[tuple[str, str]] = []
    at = start
    while True:
        argument = _value(text, at)
        arrow = _ARROW.match(text, at + len(argument)) if argument else None
        result = _value(text, arrow.end()) if arrow else ""
        if arrow is None or not result:
            return rows, at
        at = arrow.end() + len(result)
        if is_choice(text[at:]) or is_left_open(text[at:]):
            return rows, at
        rows.append((argument, result))
        following = _NEXT.match(text, at)
        if following is None:
            return rows, at
        at = following.end()


def _value(text: str, at: int) -> str:
    """The one value at a place, as source; of "200, 60" it is the first."""
    rest = text[at : at + 200]
    number = re.match(r"[+-]?\d+(?:\.\d+)?(?![\w.]*\w)", rest)
    return number[0] if number else (leading_value(rest) or "") if rest[:1] in tuple("\"'([{") else ""


def _named_last(before: str, functions: dict[str, str]) -> str:
    """The function that is named last with its bracket; empty for none."""
    places = {name: [*re.finditer(rf"\b{re.escape(name)}\(", before)] for name in functions}
    return max((name for name in places if places[name]), key=lambda name: places[name][-1].start(), default="")
