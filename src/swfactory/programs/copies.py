"""Definitions that a program has twice: of its own, and of what it imports or what was ready-made."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from swfactory.programs.functions import first_line, is_module, parse, source_lines

__all__ = ["drop_copies", "drop_redefined", "drop_shadows"]


def drop_copies(tree: Mapping[str, str], ready: Collection[str]) -> dict[str, str]:
    """Drop functions and classes that a ready-made file has: a small model that is shown them writes them again.

    Args:
        tree: sources, path to text.
        ready: paths of files that no model wrote.

    Returns:
        All files; the imports that are missing then, ``import_missing`` adds.
    """
    modules = [module for path in ready if (module := parse(tree.get(path, ""))) is not None]
    known = {what for module in modules for node in module.body if (what := _defined(node))}
    return {
        path: _without(text, known) if is_module(path) and path not in ready else text for path, text in tree.items()
    }


def _without(source: str, known: Collection[tuple[str, ...]]) -> str:
    """A module without some definitions, and without those constants that it does not use."""
    module = parse(source)
    if module is None:
        return source
    read = {node.id for node in ast.walk(module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    lines = source_lines(source)
    dropped = False
    for node in reversed(module.body):
        what = _defined(node)
        if what in known and not (isinstance(node, ast.Assign) and what[0] in read):
            lines[first_line(node) : node.end_lineno] = []
            dropped = True
    return "\n".join(lines) + "\n" if dropped else source


def _defined(node: ast.stmt) -> tuple[str, ...]:
    """What a statement defines, a function with its parameters; empty for nothing."""
    match node:
        case ast.FunctionDef(name=name, args=arguments):
            return name, *(argument.arg for argument in arguments.args)
        case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return (name,)
    return ()


def drop_redefined(source: str, exports: Mapping[str, str]) -> str:
    """Drop what a module imports from an installed library and then writes once more.

    Args:
        source: a module.
        exports: names that the libraries offer, and the module that has each.
    """
    module = parse(source) if exports else None
    if module is None:
        return source
    imports = [node for node in module.body if isinstance(node, ast.ImportFrom) and node.module in exports.values()]
    known = {alias.name for node in imports for alias in node.names if alias.asname is None} & {*exports}
    lines = source_lines(source)
    for node in reversed(module.body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in known:
            lines[first_line(node) : node.end_lineno] = []
    return "\n".join(lines) + "\n" if known else source


def drop_shadows(source: str) -> str:
    """Drop functions of a program that stand in for what it has imported from its own modules and call themselves.

    ``from arguments import parse_args`` followed by ``def parse_args(): args = parse_args()`` has no end.
    """
    module = parse(source)
    if module is None:
        return source
    imports = [node for node in module.body if isinstance(node, ast.ImportFrom)]
    imported = {alias.asname or alias.name for node in imports for alias in node.names}
    lines = source_lines(source)
    dropped = False
    for node in reversed(module.body):
        if isinstance(node, ast.FunctionDef) and node.name in imported and _calls_itself(node):
            lines[first_line(node) : node.end_lineno] = []
            dropped = True
    return "\n".join(lines) + "\n" if dropped else source


def _calls_itself(node: ast.FunctionDef) -> bool:
    calls = (inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return any(isinstance(func, ast.Name) and func.id == node.name for func in calls)
