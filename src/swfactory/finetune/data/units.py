"""Python functions as pieces that can stand alone: text, signature, documentation, and what they need of their file."""

from __future__ import annotations

import ast
import builtins
import symtable
import textwrap
from collections.abc import Iterator

from swfactory.domain.value import Value
from swfactory.programs.functions import parse, source_lines

__all__ = ["Unit", "fenced", "units_of"]

_BUILTIN = frozenset(dir(builtins)) | {"__name__", "__file__", "__class__"}


class Unit(Value):
    """A function or method.

    Args:
        name: dotted with its class.
        code: its source, decorators included, at the margin.
        head: decorators and signature, up to the colon.
        stub: the same with the docstring as it is written.
        doc: its docstring, cleaned; empty for none.
        bare: its source without the docstring.
        imports: import statements of its file that it needs, a line each.
        lacks: names that it needs of its file beside the imports.
        calls: names that it calls.
    """

    name: str
    code: str
    head: str
    stub: str
    doc: str
    bare: str
    imports: str
    lacks: frozenset[str]
    calls: frozenset[str]

    @property
    def runnable(self) -> str:
        """The function with its imports before it."""
        return f"{self.imports}\n\n\n{self.code}" if self.imports else self.code


def fenced(code: str) -> str:
    """Return code as a fenced block."""
    return f"```python\n{code.strip()}\n```"


def units_of(text: str) -> list[Unit]:
    """Return the functions and methods of a program, in their order; none when it does not parse.

    Args:
        text: the program.
    """
    tree = parse(text)
    if tree is None:
        return []
    lines = source_lines(text)
    imported = {
        bound: ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for bound in ((alias.asname or alias.name.partition(".")[0]) for alias in node.names)
    }
    return [_unit(name, node, lines, imported) for name, node in _functions(tree)]


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _unit(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str], imported: dict[str, str]) -> Unit:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    last = node.end_lineno or node.lineno
    documented = ast.get_docstring(node, clean=False) is not None
    body = node.body[1:] if documented else node.body
    begins = node.body[0].lineno - 1
    head = lines[first:begins] if node.body[0].lineno > node.lineno else lines[first : node.lineno]
    ends = (node.body[0].end_lineno or node.body[0].lineno) if documented else begins
    bare = [*lines[first:begins], *lines[ends:last]] if documented and body else lines[first:last]
    code = textwrap.dedent("\n".join(lines[first:last])) + "\n"
    needs = _needs(code) - {node.name}
    return Unit(
        name=name,
        code=code,
        head=textwrap.dedent("\n".join(head)),
        stub=textwrap.dedent("\n".join(lines[first:ends] if documented else head)) + "\n",
        doc=ast.get_docstring(node) or "",
        bare=textwrap.dedent("\n".join(bare)) + "\n",
        imports="\n".join(dict.fromkeys(imported[need] for need in sorted(needs & imported.keys()))),
        lacks=frozenset(needs - imported.keys()),
        calls=frozenset(
            inner.func.id
            for inner in ast.walk(node)
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
        ),
    )


def _needs(code: str) -> set[str]:
    """Names that a function takes from outside itself."""
    try:
        tables = [symtable.symtable(code, "unit", "exec")]
    except (SyntaxError, ValueError):
        return set()
    needed: set[str] = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        if table.get_type() != "module":
            needed |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        else:
            needed |= {symbol.get_name() for symbol in table.get_symbols() if not symbol.is_assigned()}
    return needed - _BUILTIN
