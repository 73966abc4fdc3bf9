"""Small changes where numbers, texts and functions are taken for each other."""

from __future__ import annotations

import ast
import copy

from swfactory.programs.output_templates import Template

__all__ = ["NAMES", "TYPES"]


def _converted(kind: str, node: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Name(id=kind, ctx=ast.Load()), args=[node], keywords=[])


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript)


def _ask_the_text(node: ast.AST) -> ast.AST | None:
    """``number.isdigit()`` becomes ``str(number).isdigit()``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name() as value, attr=attribute)) if hasattr(str, attribute):
            asked = ast.Attribute(value=_converted("str", value), attr=attribute, ctx=ast.Load())
            return ast.Call(func=asked, args=node.args, keywords=node.keywords)
    return None


def _operand(kind: str, side: str) -> Template:
    """Convert one side of a sum, a difference or a comparison."""

    def converted(node: ast.AST) -> ast.AST | None:
        match node:
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()) if _is_plain(getattr(node, side)):
                new = copy.deepcopy(node)
                setattr(new, side, _converted(kind, getattr(node, side)))
                return new
            case ast.Compare(left=left, comparators=[right]) if _is_plain(left if side == "left" else right):
                if side == "left":
                    return ast.Compare(left=_converted(kind, left), ops=node.ops, comparators=[right])
                return ast.Compare(left=left, ops=node.ops, comparators=[_converted(kind, right)])
        return None

    return converted


def _unshadow(node: ast.AST) -> ast.AST | None:
    """A variable with the name of a function that is called beside it gets another one: ``gcd = gcd(a, gcd)``."""
    if not isinstance(node, ast.FunctionDef):
        return None
    inner = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    called = {one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    shadowing = {one.id for one in inner if isinstance(one.ctx, ast.Store)} & called
    if not shadowing:
        return None
    new = copy.deepcopy(node)
    calls = {id(one.func) for one in ast.walk(new) if isinstance(one, ast.Call)}
    for one in ast.walk(new):
        if isinstance(one, ast.Name) and one.id in shadowing and id(one) not in calls:
            one.id = f"{one.id}_value"
    return new


TYPES: tuple[Template, ...] = (
    _ask_the_text,
    *(_operand(kind, side) for kind in ("float", "str", "int") for side in ("right", "left")),
)
"""Conversions, the likeliest first; for where an operand or an attribute does not fit its type."""

NAMES: tuple[Template, ...] = (_unshadow,)
"""Changes of names."""
