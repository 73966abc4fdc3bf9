"""Changes of functions that complain and go on: what is printed before they give up becomes an exception.

Small models print what is wrong and return, so that the program ends as if all were well.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Sequence

from swfactory.programs.output_templates import Template

__all__ = ["COMPLAINTS"]

_LABEL = re.compile(r"^\s*error:?\s*", re.IGNORECASE)
"""What the caller puts before a message itself."""


def _raises(exception: str, *, on_stderr: bool) -> Template:
    """Raise instead of printing and returning.

    Args:
        exception: name of the built-in one.
        on_stderr: whether only what goes to standard error is a complaint.
    """

    def raised(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, ast.FunctionDef):
            return None
        new = copy.deepcopy(node)
        changed = False
        for inner in ast.walk(new):
            for block in (getattr(inner, "body", None), getattr(inner, "orelse", None)):
                if isinstance(block, list) and inner is not new:
                    changed |= _change(block, exception, on_stderr=on_stderr)
        return new if changed else None

    return raised


def _change(block: list[ast.stmt], exception: str, *, on_stderr: bool) -> bool:
    """Change a block that ends by complaining; tell whether it does."""
    gives_up = bool(block) and _gives_up(block[-1])
    at = len(block) - 1 - gives_up
    message = _printed(block[at], on_stderr=on_stderr) if at >= 0 and (gives_up or on_stderr) else None
    if message is None:
        return False
    made = ast.Call(func=ast.Name(id=exception, ctx=ast.Load()), args=[_unlabelled(message)], keywords=[])
    block[at:] = [ast.Raise(exc=made, cause=None)]
    return True


def _gives_up(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return(value=None | ast.Constant(value=None)):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="sys"), attr="exit"))):
            return True
    return False


def _printed(statement: ast.stmt, *, on_stderr: bool) -> ast.expr | None:
    """What a statement prints, where that is one text."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[message], keywords=keywords)):
            files = [ast.unparse(keyword.value) for keyword in keywords if keyword.arg == "file"]
            return message if files == ["sys.stderr"] or not (on_stderr or files) else None
    return None


def _unlabelled(message: ast.expr) -> ast.expr:
    parts: Sequence[ast.expr] = message.values if isinstance(message, ast.JoinedStr) else [message]
    first = parts[0] if parts else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        first.value = _LABEL.sub("", first.value)
    return message


COMPLAINTS = tuple(
    _raises(exception, on_stderr=on_stderr)
    for on_stderr in (True, False)
    for exception in ("ValueError", "LookupError")
)
