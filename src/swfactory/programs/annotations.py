"""Annotations that Python can't evaluate where they stand, put off until somebody asks for them (PEP 563)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from swfactory.programs.functions import parse, source_lines

__all__ = ["defer_annotations"]

_FUTURE = "from __future__ import annotations"


def defer_annotations(source: str) -> str:
    """Defer the annotations of a module that names a class in itself or before it, or joins a quoted name by ``|``.

    Args:
        source: the module.
    """
    tree = parse(source)
    if tree is None or _FUTURE in source or not any(_fails(tree)):
        return source
    lines = source_lines(source)
    after = (tree.body[0].end_lineno or 0) if ast.get_docstring(tree) is not None else 0
    return "\n".join([*lines[:after], _FUTURE, *lines[after:]]) + "\n"


def _fails(tree: ast.Module) -> Iterator[bool]:
    """Whether each annotation can't be evaluated when the module is loaded."""
    ends = {node.name: node.end_lineno or node.lineno for node in tree.body if isinstance(node, ast.ClassDef)}
    for annotation in _annotations(tree):
        for node in ast.walk(annotation):
            match node:
                case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                    yield any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (left, right))
                case ast.Name(id=name, lineno=line):
                    yield line <= ends.get(name, 0)


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.arg(annotation=annotation) | ast.FunctionDef(returns=annotation) if annotation is not None:
                yield annotation
            case ast.AnnAssign(annotation=annotation):
                yield annotation
