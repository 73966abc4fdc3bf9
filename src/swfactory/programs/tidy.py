"""What the machine mends without a model: forgotten imports, mistaken names, a program that is no function."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from swfactory.programs.annotations import defer_annotations
from swfactory.programs.argument_names import name_arguments
from swfactory.programs.checks import modules_of, own_names, standard_library, undefined_names
from swfactory.programs.functions import first_line, parse

__all__ = [
    "drop_copies",
    "drop_shadows",
    "drop_unused",
    "import_from_home",
    "import_missing",
    "name_date",
    "name_datetime",
    "name_locals",
    "name_main",
    "tidy",
]

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


def tidy(
    tree: Mapping[str, str], ready: Collection[str] = (), exports: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Mend what needs no thought.

    Args:
        tree: sources, path to text.
        ready: paths of files that no model wrote.
        exports: names that installed libraries offer, and the module that has each.

    Returns:
        All files, mended.
    """
    own = drop_copies(tree, ready)
    homed = {path: _mended(text, exports) if path.endswith(".py") else text for path, text in own.items()}
    named = name_arguments(homed)
    whole = {**named, **import_missing(named, exports)}
    homes = {module.partition(".")[0] for module in exports.values()}
    return {path: drop_unused(text, homes) if _is_module(path) else text for path, text in whole.items()}


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
        path: _without(text, known) if _is_module(path) and path not in ready else text for path, text in tree.items()
    }


def _without(source: str, known: Collection[tuple[str, ...]]) -> str:
    """A module without some definitions, and without those constants that it does not use."""
    module = parse(source)
    if module is None:
        return source
    read = {node.id for node in ast.walk(module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    lines = source.splitlines()
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


def _is_module(path: str) -> bool:
    """Whether a file imports for itself alone: a package's ``__init__.py`` imports for others."""
    return path.endswith(".py") and not path.endswith("__init__.py")


def drop_unused(source: str, libraries: Collection[str] = ()) -> str:
    """Drop imports that nothing uses, of the standard library and others; those with a side effect have no such name.

    Args:
        source: a module.
        libraries: names that installed libraries are imported by.
    """
    module = parse(source)
    if module is None:
        return source
    words = [node.id for node in ast.walk(module) if isinstance(node, ast.Name)]
    texts = [node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    used = {*words, *re.findall(r"\w+", " ".join(texts))}  # annotations and __all__ are texts
    lines = source.splitlines()
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


def _mended(source: str, exports: Mapping[str, str]) -> str:
    for mend in (drop_shadows, name_main, name_datetime, name_date):
        source = mend(source)
    return import_from_home(defer_annotations(name_locals(drop_redefined(source, exports), exports)), exports)


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
    lines = source.splitlines()
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
    lines = source.splitlines()
    dropped = False
    for node in reversed(module.body):
        if isinstance(node, ast.FunctionDef) and node.name in imported and _calls_itself(node):
            lines[first_line(node) : node.end_lineno] = []
            dropped = True
    return "\n".join(lines) + "\n" if dropped else source


def _calls_itself(node: ast.FunctionDef) -> bool:
    calls = (inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return any(isinstance(func, ast.Name) and func.id == node.name for func in calls)


def name_main(source: str) -> str:
    """Make a function of what stands below ``if __name__ == "__main__":``, so that it can be replaced like any other.

    A guard that only calls something stays, and so does one whose variables functions of the module use.
    """
    module = parse(source)
    guard = module.body[-1] if module is not None and module.body else None
    if module is None or not isinstance(guard, ast.If) or ast.unparse(guard.test) != "__name__ == '__main__'":
        return source
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    stored = {n.id for n in ast.walk(guard) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    used = {n.id for node in functions for n in ast.walk(node) if isinstance(n, ast.Name)}
    taken = any(node.name == "main" for node in functions)
    if len(guard.body) < 2 or guard.orelse or taken or stored & used or guard.body[0].lineno == guard.lineno:
        return source
    lines = source.splitlines()
    start = first_line(guard)
    body = lines[guard.lineno : guard.end_lineno]
    call = " " * guard.body[0].col_offset + "main()"
    return "\n".join([*lines[:start], "def main():", *body, "", "", lines[start], call]) + "\n"


def name_locals(source: str, offered: Collection[str] = ()) -> str:
    """Rename local variables that hide a function which was called before they had a value.

    ``for pair in pair(x)`` raises UnboundLocalError: every ``pair`` of the function is the variable. Those that are not
    called get another name.

    Args:
        source: a module.
        offered: names of functions that it may have forgotten to import.
    """
    module = parse(source)
    if module is None:
        return source
    imports = [node for node in module.body if isinstance(node, ast.ImportFrom)]
    outer = {alias.asname or alias.name for node in imports for alias in node.names}
    outer |= {*offered, *(node.name for node in module.body if isinstance(node, ast.FunctionDef))}
    edits: list[_Edit] = []
    for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
        calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
        called = [node for node in calls if isinstance(node, ast.Name) and node.id in outer]
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node not in called]
        for name in {node.id for node in called}:
            first_call = min(node.lineno for node in called if node.id == name)
            stores = [node.lineno for node in names if node.id == name and isinstance(node.ctx, ast.Store)]
            if stores and first_call <= min(stores):
                edits += [_Edit(node, f"{name}_") for node in names if node.id == name]
    return _edited(source, edits)


_OF_MODULE = frozenset(["datetime", "timedelta", "timezone"])
_OF_CLASS = frozenset(["strptime", "strftime", "now", "today", "utcnow", "fromisoformat", "fromtimestamp", "combine"])


def name_datetime(source: str) -> str:
    """Tell the class ``datetime`` from the module of that name, where a program has imported the other one."""
    module = parse(source)
    if module is None or "datetime" not in source:
        return source
    imported = [node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)]
    bound = {(type(node), alias.name) for node in imported for alias in node.names if not alias.asname}
    is_class, is_module = (ast.ImportFrom, "datetime") in bound, (ast.Import, "datetime") in bound
    uses = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "datetime"
    ]
    if is_class and not is_module:
        wrong, new = [node for node in uses if node.attr in _OF_MODULE], ""
    elif is_module and not is_class:
        wrong, new = [node for node in uses if node.attr in _OF_CLASS], "datetime.datetime."
    else:
        return source
    return _edited(source, [_Edit(node, f"{new}{node.attr}") for node in wrong])


_OF_DATE = frozenset(["fromisoformat", "today", "fromtimestamp", "fromordinal", "fromisocalendar"])


def name_date(source: str) -> str:
    """Rename a parameter ``date`` in a function that calls the class of that name: ``date.fromisoformat(date)``."""
    module = parse(source)
    if module is None or "date." not in source:
        return source
    edits: list[_Edit] = []
    for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
        taken = [argument for argument in function.args.args if argument.arg == "date"]
        inner = [*ast.walk(function)]
        of_class = [node.value for node in inner if isinstance(node, ast.Attribute) and node.attr in _OF_DATE]
        if taken and any(isinstance(node, ast.Name) and node.id == "date" for node in of_class):
            read = [node for node in inner if isinstance(node, ast.Name) and node.id == "date" and node not in of_class]
            edits += [_Edit(node, ast.unparse(node).replace("date", "date_", 1)) for node in taken]
            edits += [_Edit(node, "date_") for node in read]
    return _edited(source, edits)


class _Edit(NamedTuple):
    """A piece of a program, and what is to stand there."""

    node: ast.expr | ast.arg
    text: str


def _edited(source: str, edits: Sequence[_Edit]) -> str:
    """Put other text in place of parts of a program; all stays when one of them is not where it should be."""
    lines = [line.encode() for line in source.splitlines()]
    for node, text in sorted(edits, key=lambda edit: (edit.node.lineno, edit.node.col_offset), reverse=True):
        line = lines[node.lineno - 1]
        # Before Python 3.12, the places of what is inside an f-string could be wrong.
        if node.end_lineno != node.lineno or line[node.col_offset : node.end_col_offset] != ast.unparse(node).encode():
            return source
        lines[node.lineno - 1] = line[: node.col_offset] + text.encode() + line[node.end_col_offset :]
    return "\n".join(line.decode() for line in lines) + "\n" if edits else source


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
    lines = source.splitlines()
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
    """Put import lines after the docstring and the ``__future__`` imports."""
    after = 0
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (docstring or future):
            break
        after = node.end_lineno or node.lineno
    lines = source.splitlines()
    return "\n".join([*lines[:after], *imports, *lines[after:]]) + "\n"
