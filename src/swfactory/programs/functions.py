"""Functions of a program as pieces of its source: which there are, where they stand, what it looks like without one."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from swfactory.programs.skeleton import function_of

__all__ = [
    "UNREADABLE",
    "Function",
    "defines",
    "first_line",
    "functions_of",
    "hollow",
    "is_module",
    "parse",
    "runs",
    "source_lines",
    "suspects",
]

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python's parser raises for text that is no program; the last two for one that is nested too deep."""

_DEEPEST = 100
_FRAME = re.compile(r"([\w/]+\.py) line (\d+)")
_HOLE = "...  # to be written"
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Function:
    """A function or method.

    Args:
        name: dotted with its class, e.g. ``Queue.pop``.
        node: its definition.
    """

    name: str
    node: ast.FunctionDef

    @property
    def lines(self) -> range:
        """Its lines, counted from 1."""
        return range(first_line(self.node) + 1, (self.node.end_lineno or self.node.lineno) + 1)


def parse(text: str) -> ast.Module | None:
    """Parse a program; None when it is none, or nested deeper than what walks trees by recursion can follow."""
    try:
        tree = ast.parse(text)
    except UNREADABLE:
        return None
    layer: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        layer = [child for node in layer for child in ast.iter_child_nodes(node)]
    return None if layer else tree


def defines(source: str, names: Collection[str]) -> bool:
    """Whether a program defines one of the names, or can't be read.

    Args:
        source: the program.
        names: of functions, classes or variables.
    """
    tree = parse(source)
    if tree is None:
        return True
    bound = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    assigned = [node.targets for node in tree.body if isinstance(node, ast.Assign)]
    bound |= {target.id for targets in assigned for target in targets if isinstance(target, ast.Name)}
    return not bound.isdisjoint(names)


def runs(source: str) -> bool:
    """Whether a program does something when it is run, or has a ``main()`` to run.

    Args:
        source: the program.
    """
    tree = parse(source)
    passive = ast.Import | ast.ImportFrom | ast.ClassDef | ast.Assign | ast.AnnAssign
    return tree is not None and any(
        node.name == "main" if isinstance(node, ast.FunctionDef) else not isinstance(node, passive)
        for node in tree.body
    )


def source_lines(text: str) -> list[str]:
    """Return the lines of a program as Python's parser counts them.

    ``str.splitlines`` would also break at form feeds and at Unicode's separators, which can stand inside a line.

    Args:
        text: the program.
    """
    lines = _LINE_END.split(text)
    return lines if lines[-1] else lines[:-1]


def first_line(node: ast.stmt) -> int:
    """First line of a statement, decorators included, counted from 0."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1


def functions_of(tree: ast.Module) -> Iterator[Function]:
    """Top-level functions, and methods of top-level classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield Function(node.name, node)
        elif isinstance(node, ast.ClassDef):
            yield from (
                Function(f"{node.name}.{inner.name}", inner)
                for inner in node.body
                if isinstance(inner, ast.FunctionDef)
            )


def hollow(source: str, name: str) -> str | None:
    """Take the body out of a function; its signature and docstring stay.

    Args:
        source: a program.
        name: the function, dotted with its class.

    Returns:
        The program with a hole; None when it does not parse or has no such function.
    """
    tree = parse(source)
    found = [] if tree is None else [function.node for function in functions_of(tree) if function.name == name]
    if not found:
        return None
    node = found[-1]
    if node.body[0].lineno == node.lineno:
        return None  # all in one line: there is no room for a hole
    kept = node.body[1:] if ast.get_docstring(node) is not None else node.body
    end = node.end_lineno or node.lineno
    start = first_line(kept[0]) if kept else end
    lines = source_lines(source)
    return "\n".join([*lines[:start], " " * node.body[0].col_offset + _HOLE, *lines[end:]]) + "\n"


_CALLED_BY = {
    "__iter__": re.compile(r"\b(?:list|sorted|tuple)\(\w+\)|\bfor \w+ in \w+\b(?!\()"),
    "__len__": re.compile(r"\blen\("),
    "__contains__": re.compile(r"['\"\w)] (?:not )?in \w+(?!\()\b(?! *[\[(])"),
    "__getitem__": re.compile(r"\w\["),
    "__add__": re.compile(r"[\w)] \+ [\w(]"),
    "__sub__": re.compile(r"[\w)] - [\w(]"),
    "__mul__": re.compile(r"[\w)] \* [\w(]"),
    "__repr__": re.compile(r"\brepr\("),
    "__str__": re.compile(r"\bstr\("),
}
"""What calls a method that no failure names (Python language reference, 3.3)."""


def suspects(sources: Mapping[str, str], problems: Sequence[str]) -> list[tuple[str, str]]:
    """Rank the functions of a product by how likely one of them is at fault.

    What a failure passed through or names comes first: the last frame of a crash, then functions that a failing call or
    command has in its words. (Spectrum-based localisation with the frames of the failures as spectrum: Abreu et al.
    2007, doi:10.1109/TAIC.PART.2007.13.)

    Args:
        sources: path to text.
        problems: what failed, in words, most important first.

    Returns:
        Pairs of path and function, the most suspicious first.
    """
    said = "\n".join(problems)
    frames = [(path, int(line)) for path, line in _FRAME.findall(said)]
    words = set(re.findall(r"[A-Za-z_]\w+", said))
    words |= {name for name, call in _CALLED_BY.items() if call.search(said)}
    commands = {function_of(word) for word in re.findall(r"\.py ([a-z][\w-]+)", said)}
    ranked: list[tuple[float, str, str]] = []
    for path, source in sources.items():
        tree = parse(source)
        for function in functions_of(tree) if tree is not None else ():
            weight = 4.0 * sum(path == frame and line in function.lines for frame, line in frames)
            weight += 2.0 * (function.name.rsplit(".", 1)[-1] in words | commands)
            strings = {
                node.value
                for node in ast.walk(function.node)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
            weight += len(strings & words) / (1 + len(strings))
            ranked.append((weight, path, function.name))
    ranked.sort(key=lambda entry: -entry[0])
    return [(path, name) for _, path, name in ranked]


def is_module(path: str) -> bool:
    """Whether a file imports for itself alone: a package's ``__init__.py`` imports for others."""
    return path.endswith(".py") and not path.endswith("__init__.py")
