"""What the machine can tell of a product without running it: syntax, placeholders, names, imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from functools import cache

from pyflakes import checker, messages

from swfactory.domain.report import Finding
from swfactory.programs.functions import UNREADABLE, parse, source_lines

__all__ = ["check_sources", "modules_of", "own_names", "public_names", "standard_library", "undefined_names"]


def modules_of(paths: Iterable[str]) -> dict[str, str]:
    """Module name to path, e.g. ``library.models`` to ``library/models.py``; a package to its ``__init__.py``."""
    found: dict[str, str] = {}
    for path in paths:
        if path.endswith(".py"):
            name = path.removesuffix(".py").replace("/", ".")
            found[name.removesuffix(".__init__")] = path
    return found


def check_sources(tree: Mapping[str, str], packages: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Check every Python file of a product.

    Args:
        tree: sources, path to text; tests left out.
        packages: importable third-party modules that the product may use.
    """
    found: list[Finding] = []
    modules = modules_of(tree)
    for path, source in tree.items():
        if not path.endswith(".py"):
            continue
        try:
            node = ast.parse(source)
        except UNREADABLE as exc:
            line = getattr(exc, "lineno", 0) or 0
            lines = source_lines(source)
            text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
            detail = f"{getattr(exc, 'msg', str(exc))} at `{text[:80]}`"
            found.append(Finding(tool="compile", path=path, line=line, message=f"syntax error: {detail}"))
            continue
        found += _placeholders(path, node)
        found += _imports(path, node, modules, tree, frozenset(packages))
        found += _undefined(path, node)
    return tuple(found)


def _placeholders(path: str, tree: ast.Module) -> Iterable[Finding]:
    """Functions that were never written."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            continue
        for inner in node.body:
            if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            body = [n for n in inner.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
            abstract = any("abstract" in ast.unparse(d) or "overload" in ast.unparse(d) for d in inner.decorator_list)
            unwritten = not body or (
                isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.unparse(body[0]) and len(body) == 1
            )
            empty = len(body) == 1 and isinstance(body[0], ast.Pass)
            if (unwritten or empty) and not abstract and not inner.name.startswith("__"):
                text = f"function {inner.name} is a placeholder; write its body"
                yield Finding(tool="placeholder", path=path, line=inner.lineno, message=text)


def _imports(
    path: str, tree: ast.Module, modules: Mapping[str, str], sources: Mapping[str, str], packages: frozenset[str]
) -> Iterable[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if not _known(alias.name, modules, packages):
                    yield _missing_module(path, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            name = _absolute(node, path)
            if not _known(name, modules, packages):
                yield _missing_module(path, node.lineno, name)
                continue
            home = modules.get(name)
            if home is None or home == path:
                continue
            offered = public_names(sources[home])
            for alias in node.names:
                if (
                    offered
                    and alias.name != "*"
                    and alias.name not in offered
                    and f"{name}.{alias.name}" not in modules
                ):
                    text = f"{home} has no {alias.name}; it offers {', '.join(sorted(offered)[:8])}"
                    yield Finding(tool="import", path=path, line=node.lineno, message=text)


def _absolute(node: ast.ImportFrom, path: str) -> str:
    if not node.level:
        return node.module or ""
    package = path.split("/")[: -node.level] if len(path.split("/")) >= node.level else []
    return ".".join([*package, *([node.module] if node.module else [])])


@cache
def standard_library() -> frozenset[str]:
    """Names of its modules."""
    return frozenset(sys.stdlib_module_names)


def _known(name: str, modules: Mapping[str, str], packages: frozenset[str]) -> bool:
    top = name.split(".")[0]
    if name in modules or top in packages:
        return True
    if any(module == top or module.startswith(top + ".") for module in modules):
        return any(module.startswith(name) for module in modules)
    return top in standard_library() or top == "__future__"


def _missing_module(path: str, line: int, name: str) -> Finding:
    text = f"module {name!r} is neither in the standard library nor a file of this project"
    return Finding(tool="import", path=path, line=line, message=text)


def public_names(source: str) -> frozenset[str]:
    """Names that a module binds at its top level; empty when it does not parse."""
    try:
        tree = ast.parse(source)
    except UNREADABLE:
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.If | ast.Try | ast.With):
            for inner in node.body:
                names |= _bound(inner)
    return frozenset(names)


def own_names(source: str) -> frozenset[str]:
    """Names that a module defines at its top level, those that it only imports left out."""
    tree = parse(source)
    nodes = [] if tree is None else [n for n in tree.body if not isinstance(n, ast.Import | ast.ImportFrom)]
    return frozenset(name for node in nodes for name in _bound(node))


def _bound(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {alias.asname or alias.name.split(".")[0] for alias in names}
    return set()


def undefined_names(tree: ast.Module, *, starred: bool = False) -> list[tuple[str, int]]:
    """Names that a program uses and nothing defines, with the lines.

    Args:
        tree: the program.
        starred: whether those count too that a star import may bring.
    """
    kinds = (messages.UndefinedName, messages.ImportStarUsage) if starred else (messages.UndefinedName,)
    try:
        report = checker.Checker(tree).messages
    except RecursionError:  # what the parser just manages is too deep for pyflakes
        return []
    return [(str(m.message_args[0]), m.lineno) for m in report if isinstance(m, kinds)]


def _undefined(path: str, tree: ast.Module) -> Iterable[Finding]:
    for name, line in undefined_names(tree):
        yield Finding(tool="lint", path=path, line=line, message=f"name {name!r} is not defined")
