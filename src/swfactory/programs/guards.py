"""Guards, ``if …: raise …``: those that refuse too much are dropped, and those that are missing are put in.

A small model looks something up and uses it without asking whether it is there (the null checker of template-based
program repair: Kim et al. 2013, ICSE, doi:10.1109/ICSE.2013.6606626).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from swfactory.programs.functions import parse, source_lines

__all__ = ["with_guard", "without_guard"]

_FOUND = "found"
_LOOKS_UP = frozenset(["fetchone", "find", "first", "fullmatch", "get", "match", "pop", "search"])
"""Methods that answer None when there is nothing."""


def without_guard(source: str, line: int) -> str | None:
    """Drop a guard that refuses what it should take.

    Args:
        source: the program.
        line: where it raises.

    Returns:
        The program without it; None when the line raises nothing, or something else hangs on the condition.
    """
    tree = parse(source)
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.If(body=[ast.Raise() as raised], orelse=[]) if (
                raised.lineno <= line <= (raised.end_lineno or line)
            ):
                lines = source_lines(source)
                del lines[node.lineno - 1 : node.end_lineno]
                text = "\n".join(lines) + "\n"
                return text if parse(text) is not None else None
    return None


def with_guard(source: str, line: int, exception: str) -> str | None:
    """Put a guard before the use of something that turns out to be None.

    Args:
        source: the program.
        line: where it is used.
        exception: what has to be raised, a built-in.

    Returns:
        The program with it; None when the line uses nothing that was looked up, or there is no place for a guard.
    """
    tree = parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] if tree else []
    around = [node for node in functions if node.lineno <= line <= (node.end_lineno or line)]
    statement = _statement(around[-1], line) if around else None
    if statement is None:
        return None
    arguments = [argument.arg for argument in around[-1].args.args if argument.arg not in {"self", "cls"}]
    what = f'f"unknown {arguments[0]}: {{{arguments[0]}}}"' if arguments else '"there is none"'
    lines = source_lines(source)
    indent = " " * statement.col_offset
    for value in _used(statement):
        if isinstance(value, ast.Name):
            before = []
            name = value.id
        else:
            name = _FOUND
            before = [f"{indent}{name} = {ast.unparse(value)}"]
            edited = _replaced(lines, value, name)
            if edited is None:
                continue
            lines = edited
        guard = [f"{indent}if {name} is None:", f"{indent}    raise {exception}({what})"]
        lines[statement.lineno - 1 : statement.lineno - 1] = [*before, *guard]
        text = "\n".join(lines) + "\n"
        return text if parse(text) is not None else None
    return None


def _statement(function: ast.FunctionDef, line: int) -> ast.stmt | None:
    """The innermost statement of a line that another can be put before."""
    found = [
        (parent, node)
        for parent in ast.walk(function)
        for node in ast.iter_child_nodes(parent)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or line)
    ]
    if not found:
        return None
    parent, node = found[-1]
    branch = isinstance(parent, ast.If) and node in parent.orelse and node.col_offset == parent.col_offset
    return None if branch else node  # what stands on a line of its own comes after an "elif" only


def _used(statement: ast.stmt) -> Iterator[ast.expr]:
    """What a statement takes a part of: calls that look something up first, then names."""
    head = [node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt)]
    parts = [node for part in head for node in ast.walk(part) if isinstance(node, ast.Subscript | ast.Attribute)]
    for node in parts:
        match node.value:
            case ast.Call(func=ast.Attribute(attr=name)) as call if name in _LOOKS_UP:
                yield call
    for node in parts:
        if isinstance(node.value, ast.Name) and node.value.id not in {"self", "cls"}:
            yield node.value


def _replaced(lines: list[str], value: ast.expr, name: str) -> list[str] | None:
    """The lines with a name in place of an expression; None when it goes over several."""
    if value.lineno != value.end_lineno:
        return None
    line = lines[value.lineno - 1].encode()
    edited = line[: value.col_offset] + name.encode() + line[value.end_col_offset :]
    return [*lines[: value.lineno - 1], edited.decode(), *lines[value.lineno :]]
