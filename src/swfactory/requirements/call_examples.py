"""Calls of functions that a requirement shows with their result: ``encode("aaab") gives "3a1b"``, or a doctest."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from swfactory.domain.spec import ApiExample
from swfactory.requirements.files import with_file_names
from swfactory.requirements.literals import imports_of, is_value, leading_value
from swfactory.requirements.outline import read_outline
from swfactory.requirements.parameters import is_parameters, names_of

__all__ = ["api_examples", "module_of"]

_CALL = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w*)\(")
_GIVES = re.compile(
    r"^`?\s*(?:#\s*)?(?:(?:should|must|will)\s+(?:return|give|be|yield)|gives|returns|is|equals|yields|evaluates to"
    r"|={1,3}>?|[-─]+>|→|➞|⇒|返回|得到|应为|为|等于|给出)\s*`?"
)
_REPR = re.compile(r"\brepr(?:\(\w*\))?`?\s+(?:is|gives|returns|looks)(?:\s+like)?\s+`?([A-Z]\w*)\(")
_PROMPTED = re.compile(r"^[ \t]*\n[ \t]*(?!>>>)")
_GOES_ON = re.compile(r"[ \t]*[-+*/%=<>]")


def api_examples(text: str, homes: Mapping[str, str] | None = None) -> tuple[tuple[str, ApiExample], ...]:
    """Find calls with literal arguments and a literal result, e.g. ``encode("aaab") gives "3a1b"``, or a doctest.

    Args:
        text: a requirement or a docstring.
        homes: function to the module that offers it; None to tell it from the text.

    Returns:
        Pairs of the function's name and a snippet that imports it from its module.
    """
    methods: dict[str, frozenset[str]] = {}
    found: list[tuple[str, ApiExample]] = []
    for match in _CALL.finditer(text):
        call = _balanced(text, match.start(), match.end() - 1)
        module = module_of(text, match[1]) if homes is None else homes.get(match[1])
        if call is None or module is None:
            continue
        rest = text[match.start() + len(call) :]
        prompted = text[: match.start()].endswith(">>> ")
        gives = (_PROMPTED if prompted else _GIVES).match(rest)
        if gives is None:
            continue
        if homes is None and module not in methods:
            methods[module] = _methods(text, module)
        if match[1] in methods.get(module, ()):
            continue
        value = leading_value(rest[gives.end() :])
        if value is None or _GOES_ON.match(rest[gives.end() + len(value) :]):
            continue
        holds = f"assert {call} == {value}\n"
        code = f"{imports_of(holds)}from {module} import {match[1]}\n\n{holds}"
        found.append((match[1], ApiExample(origin="quoted", code=code)))
    for match in _REPR.finditer(text):
        call = _balanced(text, match.start(1), match.end() - 1)
        module = module_of(text, match[1]) if homes is None else homes.get(match[1])
        if call is not None and module is not None and _fits(text, match[1], call):
            code = f"from {module} import {match[1]}\n\nassert repr({call}) == {call!r}\n"
            found.append((match[1], ApiExample(origin="quoted", code=code)))
    return tuple(found)


def _methods(text: str, module: str) -> frozenset[str]:
    """Names of the methods of a module's classes: what they answer depends on their object."""
    outline = read_outline(text, f"{module.replace('.', '/')}.py")
    return frozenset(one.name for methods in (outline.classes if outline else {}).values() for one in methods)


def _fits(text: str, name: str, call: str) -> bool:
    """Whether a class takes as many arguments as a call of it has; one that is shown with none may take any."""
    shown = next((m[1] for m in re.finditer(rf"\b{name}\(([^()]*)\)", text) if is_parameters(m[1].strip())), "")
    node = ast.parse(call, mode="eval").body
    given = len(node.args) + len(node.keywords) if isinstance(node, ast.Call) else 0
    return not shown or "*" in shown or given <= len(names_of(shown))


def module_of(text: str, name: str) -> str | None:
    """Name the module that a requirement puts a function or class in: the last ``x.py`` before its first mention."""
    text = with_file_names(text)
    first = re.search(rf"(?<![\w.]){re.escape(name)}\b(?!\.py\b)", text)  # a module may have its function's name
    if first is None:
        return None
    paths: list[str] = re.findall(r"([A-Za-z_][\w/]*)\.py\b", text[: first.start()])
    module = paths[-1].replace("/", ".") if paths else None
    return None if module in {None, "main"} else module


def _balanced(text: str, start: int, opening: int) -> str | None:
    """Return the call that starts at ``start`` when all its arguments are literals."""
    depth = 0
    for position in range(opening, min(len(text), opening + 200)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            call = text[start : position + 1]
            try:
                node = ast.parse(call, mode="eval").body
                if not isinstance(node, ast.Call) or not (node.args or node.keywords):
                    return None
            except (SyntaxError, ValueError):
                return None
            arguments = (*node.args, *(keyword.value for keyword in node.keywords))
            return call if all(map(is_value, arguments)) else None
    return None
