"""Values as they are written in Python: literals, and the standard library's values that have no literal."""

from __future__ import annotations

import ast
import re

__all__ = ["imports_of", "is_value", "known_value", "leading_value", "shown_calls"]

_HOMES = {
    "Decimal": "decimal",
    "Fraction": "fractions",
    "Path": "pathlib",
    "date": "datetime",
    "datetime": "datetime",
    "time": "datetime",
    "timedelta": "datetime",
}
_LONGEST = 200
_MOST_TIMES = 1_000


def is_value(node: ast.expr) -> bool:
    """Whether an expression is a literal, or a collection of literals and of calls such as ``Decimal("1.50")``."""
    match node:
        case ast.Constant(value=value):
            return value is not ...  # stands for what is left out
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return is_value(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=complex()) as right):
            return is_value(left) and is_value(right)
        case ast.BinOp(
            left=ast.List() | ast.Constant(value=str()) as left, op=ast.Mult(), right=ast.Constant(value=int(times))
        ):
            return is_value(left) and times <= _MOST_TIMES
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return all(map(is_value, parts))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and is_value(key) for key in keys) and all(map(is_value, values))
        case ast.Call(func=ast.Name(id="set"), args=[], keywords=[]):
            return True
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords) if name in _HOMES:
            return all(map(is_value, arguments)) and all(is_value(keyword.value) for keyword in keywords)
    return False


def known_value(node: ast.expr) -> object:
    """The value of a literal; None for what is none, such as a call in it.

    Args:
        node: an expression.
    """
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def leading_value(text: str) -> str | None:
    """Return the longest value that a text begins with, as source; None when it begins with none.

    Of several values without brackets around them, it is the first.

    Args:
        text: what follows "returns".
    """
    for end in range(min(len(text), _LONGEST), 0, -1):
        candidate = text[:end].strip()
        if not candidate or candidate.endswith((",", ".")):
            continue
        if end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            continue
        try:
            node = ast.parse(candidate, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        if is_value(node) and not (isinstance(node, ast.Tuple) and node.col_offset == node.elts[0].col_offset):
            return candidate
    return None


def shown_calls(text: str, name: str) -> list[tuple[str, ...]]:
    """Return the arguments of the calls that a text shows with literals, each as source.

    Args:
        text: a requirement.
        name: of what is called, alone or of an object.
    """
    found: list[tuple[str, ...]] = []
    for match in re.finditer(rf"(?<!\w){re.escape(name)}\(", text):
        for end in (at.end() for at in re.finditer(r"\)", text[match.start() : match.start() + _LONGEST])):
            try:
                call = ast.parse(text[match.start() : match.start() + end], mode="eval").body
                arguments = call.args if isinstance(call, ast.Call) and not call.keywords else []
                found += [tuple(_literal(one) for one in arguments)] if arguments else []
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                continue
            break
    return found


def _literal(node: ast.expr) -> str:
    """Source of a literal.

    Raises:
        ValueError: it is none.
    """
    ast.literal_eval(node)
    return ast.unparse(node)


def imports_of(source: str) -> str:
    """Return the statements that import what an expression of values needs, each with its line break.

    Args:
        source: the expression, or an assertion of it.
    """
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    homes = sorted({(_HOMES[name], name) for name in names if name in _HOMES})
    return "".join(f"from {home} import {name}\n" for home, name in homes)
