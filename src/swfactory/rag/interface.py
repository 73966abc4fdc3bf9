"""A definition as its callers see it: signature and documentation, without what is inside."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

from swfactory.rag.chunk import Chunk

__all__ = ["brief", "interface", "is_private"]

_RAISES = re.compile(r"^\s*Raises:\s*$|^\s*:raises\s", re.MULTILINE)
_RAISED = re.compile(r"^\s*(?::raises\s+)?([A-Z]\w+):", re.MULTILINE)
_SHORT_BODY = 6
"""Statements of an undocumented function that are shown, because nothing else says what it does."""


def interface(chunk: Chunk) -> str:
    """Return what a caller needs to know of a chunk: of a Python definition its interface, else the chunk's text.

    A method is shown within its class. Private members are left out, and so is the body of a function that has
    documentation, or is long. Of what stands between definitions, the public constants are left.

    Args:
        chunk: any.
    """
    if chunk.language != "python" or (tree := _parsed(chunk.text)) is None:
        return chunk.text
    if not chunk.signature:
        return ast.unparse(ast.Module([node for node in tree.body if _is_public_constant(node)], []))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = _shown_body(node)
        elif isinstance(node, ast.ClassDef):
            node.body = [member for member in node.body if not _is_private(member)] or [_ellipsis()]
    text = ast.unparse(tree)
    *owners, _ = chunk.symbol.split(".")
    for owner in reversed(owners if chunk.kind == "function" else ()):
        text = f"class {owner}:\n{textwrap.indent(text, '    ')}"
    return text


def brief(chunk: Chunk) -> str:
    """Return a chunk's interface in short: a Python class's fields and signatures, a function's first words and errors.

    Args:
        chunk: any.
    """
    if chunk.language != "python" or not chunk.signature or (tree := _parsed(interface(chunk))) is None:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            outer = node in tree.body
            kept = [*_first_words(node)] if outer else []
            if isinstance(node, ast.ClassDef):
                kept += [member for member in node.body if not _is_text(member)]
            node.body = kept or [_ellipsis()]
    return ast.unparse(tree)


def is_private(chunk: Chunk) -> bool:
    """Whether a definition is not for callers: it, or what it is in, has a name that begins with one underscore.

    Args:
        chunk: any; one of a document is not private.
    """
    names = chunk.symbol.split(".") if chunk.signature else []
    return any(name.startswith("_") and not name.startswith("__") for name in names)


def _first_words(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[ast.stmt]:
    if said := ast.get_docstring(node):
        raised = _RAISED.findall(_RAISES.split(said, maxsplit=1)[1]) if _RAISES.search(said) else []
        told = f" Raises {', '.join(dict.fromkeys(raised))}." if raised else ""
        yield ast.Expr(ast.Constant(said.partition("\n\n")[0] + told))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parsed(text: str) -> ast.Module | None:
    """The tree of a definition that was cut out of a class, so that its first line lost its indent; None if broken."""
    for indent in (0, 4, 8):
        try:
            return ast.parse(textwrap.dedent(" " * indent + text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _shown_body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    if ast.get_docstring(node) is not None:
        return [node.body[0], _ellipsis()]
    return node.body if sum(isinstance(n, ast.stmt) for n in ast.walk(node)) <= _SHORT_BODY else [_ellipsis()]


def _ellipsis() -> ast.stmt:
    return ast.Expr(ast.Constant(...))


def _is_private(member: ast.stmt) -> bool:
    name = member.name if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ""
    return name.startswith("_") and not name.startswith("__")


def _is_public_constant(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return bool(names) and not any(name.startswith("_") for name in names)
