"""Imports of a program that are missing, unused, or from the wrong module."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from swfactory.programs.checks import modules_of, own_names, standard_library, undefined_names
from swfactory.programs.functions import parse, source_lines

__all__ = ["drop_unused", "import_from_home", "import_missing", "names_taken"]

_COMMON = {
    "dataclass": "dataclasses",
    "field": "dataclasses",
    "defaultdict": "collections",
    "Counter": "collections",
    "deque": "collections",
    "OrderedDict": "collections",
    "Path": "pathlib",
    "datetime": "datetime",
    "timedelta": "datetime",
    "timezone": "datetime",
    "date": "datetime",
    "Decimal": "decimal",
    "InvalidOperation": "decimal",
    "Fraction": "fractions",
    "Optional": "typing",
    "List": "typing",
    "Dict": "typing",
    "Tuple": "typing",
    "Set": "typing",
    "Any": "typing",
    "Union": "typing",
    "Callable": "typing",
    "Iterable": "typing",
    "Iterator": "typing",
    "Enum": "enum",
    "ABC": "abc",
    "abstractmethod": "abc",
    "lru_cache": "functools",
    "wraps": "functools",
    "total_ordering": "functools",
    "reduce": "functools",
    "partial": "functools",
    "contextmanager": "contextlib",
    "namedtuple": "collections",
    "Lock": "threading",
    "RLock": "threading",
    "deepcopy": "copy",
    "ArgumentParser": "argparse",
    "StringIO": "io",
    "monotonic": "time",
    "itemgetter": "operator",
}
"""Names that people forget to import, with their only likely home."""

_HEAD = re.compile(r"(?:[ \t\f]*(?:#.*)?\n)?[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+.*\n|#!.*\n")
"""Lines that must stay the first: how to start the program, and how its text is encoded (PEP 263)."""


def names_taken(tree: Mapping[str, str]) -> dict[str, set[str]]:
    """Find what the files of a product take from each other by name, be it something that the other has imported.

    Args:
        tree: sources, path to text.

    Returns:
        Path of each module to the names that others take from it; ``*`` where one takes all.
    """
    modules = modules_of(tree)
    taken: dict[str, set[str]] = {path: set() for path in modules.values()}
    for parsed in filter(None, map(parse, tree.values())):
        bound: dict[str, str] = {}
        for node in ast.walk(parsed):
            if isinstance(node, ast.Import):
                bound |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                home = node.module or ""
                bound |= {alias.asname or alias.name: f"{home}.{alias.name}".strip(".") for alias in node.names}
                for module, path in modules.items():
                    if module == home or (node.level and f".{module}".endswith(f".{home}")):
                        taken[path] |= {alias.name for alias in node.names}
        for node in ast.walk(parsed):
            if isinstance(node, ast.Attribute) and (name := bound.get(ast.unparse(node.value))):
                for module, path in modules.items():
                    if f".{module}".endswith(f".{name}"):
                        taken[path].add(node.attr)
    return taken


def drop_unused(source: str, libraries: Collection[str] = (), taken: Collection[str] = ()) -> str:
    """Drop imports that nothing uses, of the standard library and others; those with a side effect have no such name.

    Args:
        source: a module.
        libraries: names that installed libraries are imported by.
        taken: names that other files take from the module.
    """
    module = parse(source)
    if module is None or "*" in taken:
        return source
    words = [node.id for node in ast.walk(module) if isinstance(node, ast.Name)]
    texts = [node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    used = {*words, *taken, *re.findall(r"\w+", " ".join(texts))}  # annotations and __all__ are texts
    lines = source_lines(source)
    dropped = False
    for node in reversed(module.body):
        if not isinstance(node, ast.Import | ast.ImportFrom) or node.lineno != node.end_lineno:
            continue
        home = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        owner = (home or "").split(".")[0]
        if (owner not in standard_library() and owner not in libraries) or home == "__future__":
            continue
        kept = [
            alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in used or alias.name == "*"
        ]
        if lines[node.lineno - 1] != ast.unparse(node) or len(kept) == len(node.names):
            continue  # something else stands on the line, or nothing is to be done
        names = ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(home, kept, node.level)
        lines[node.lineno - 1 : node.lineno] = [ast.unparse(names)] if kept else []
        dropped = True
    return "\n".join(lines).strip("\n") + "\n" if dropped else source


def import_from_home(source: str, exports: Mapping[str, str]) -> str:
    """Import the names of installed libraries from the modules that have them.

    Args:
        source: a module.
        exports: names that the libraries offer, and the module that has each.
    """
    libraries = {module.partition(".")[0] for module in exports.values()}
    tree = parse(source) if any(library in source for library in libraries) else None
    if tree is None:
        return source
    lines = source_lines(source)
    for node in reversed([node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]):
        module = node.module or ""
        homes = {alias.name: exports.get(alias.name, module) for alias in node.names}
        if node.level or module.partition(".")[0] not in libraries or set(homes.values()) == {module}:
            continue
        indent = " " * node.col_offset
        aliases = {
            alias.name: f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in node.names
        }
        lines[node.lineno - 1 : node.end_lineno] = [
            f"{indent}from {home} import {', '.join(aliases[name] for name in homes if homes[name] == home)}"
            for home in dict.fromkeys(homes.values())
        ]
    return "\n".join(lines) + "\n"


def import_missing(tree: Mapping[str, str], exports: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Add imports that were forgotten, where there is one place they can come from.

    Args:
        tree: sources, path to text.
        exports: names that installed libraries offer, and the module that has each.

    Returns:
        The files that change, path to new text.
    """
    modules = modules_of(tree)
    changed: dict[str, str] = {}
    for path, source in tree.items():
        if not path.endswith(".py"):
            continue
        node = parse(source)
        if node is None:
            continue
        lines: dict[str, None] = {}
        for name, _ in undefined_names(node, starred=True):
            homes = [m for m, home in modules.items() if home != path and name in own_names(tree[home])]
            if name in modules and modules[name] != path:
                lines.setdefault(f"import {name}")
            elif len(homes) == 1 and homes[0] != "main":
                lines.setdefault(f"from {homes[0]} import {name}")
            elif used := sorted({m for m in exports.values() if m.startswith(f"{name}.") and f"{m}." in source}):
                lines |= dict.fromkeys(f"import {module}" for module in used)
            elif name in exports and name not in _COMMON:
                lines.setdefault(f"from {exports[name]} import {name}")
            elif name in _COMMON and not re.search(rf"\b{name}\.(?:{name}|date|timedelta|timezone)\b", source):
                lines.setdefault(f"from {_COMMON[name]} import {name}")
            elif name in standard_library():
                lines.setdefault(f"import {name}")
        if lines:
            changed[path] = _insert(source, node, list(lines))
    return changed


def _insert(source: str, tree: ast.Module, imports: list[str]) -> str:
    """Put import lines after the docstring and the ``__future__`` imports, and after what a system reads first."""
    head = _HEAD.match(source)
    after = head[0].count("\n") if head else 0
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (docstring or future):
            break
        after = node.end_lineno or node.lineno
    lines = source_lines(source)
    return "\n".join([*lines[:after], *imports, *lines[after:]]) + "\n"
