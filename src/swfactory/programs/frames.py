"""Programs that the machine began and a model goes on with: what it wrote is put where it belongs."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from itertools import pairwise

from swfactory.programs.crossover import graft
from swfactory.programs.functions import first_line, functions_of, parse, source_lines

__all__ = [
    "begin_with",
    "complete",
    "is_framed",
    "keep_begun",
    "open_functions",
    "readable",
    "with_filled",
    "without_classes",
]

_BEGINS = re.compile(r"^(?:(?:def|class|async|import|from|if|for|while|try|with)\b|@|[A-Za-z_]\w* *=)", re.MULTILINE)
"""A line that a statement of a module begins with."""
_METHOD = re.compile(r"^[ \t]+(?:def|async def|@)", re.MULTILINE)


def complete(frame: str, reply: str) -> str:
    """Put the functions of a reply into the program that it was to complete.

    What the frame imports or runs is the machine's: a model that writes it once more, writes it worse. Of a reply that
    can't be read, the functions count that can.

    Args:
        frame: a program with ``...`` where something is missing.
        reply: the functions, or the whole program.

    Returns:
        The program; the reply itself when the two don't fit together.
    """
    whole, reply = reply, readable(reply)
    begun, written = parse(frame), parse(reply)
    if begun is None or written is None:
        return whole
    holes = {*open_functions(frame)} - {"main"}
    if not holes & {*map(_name, written.body)}:
        return whole  # it went its own way
    imports = [node for node in begun.body if isinstance(node, ast.ImportFrom)]
    settled = {alias.asname or alias.name for node in imports for alias in node.names} | {"main"}
    settled |= {*map(_name, begun.body)} - holes - {""}
    lines = source_lines(reply)
    kept = [node for node in written.body if _name(node) not in settled]
    fragment = "\n\n".join("\n".join(lines[first_line(node) : node.end_lineno]) for node in kept) + "\n"
    return graft(frame, fragment) or whole


def keep_begun(outline: str, reply: str) -> str:
    """Put the methods that an outline has whole into the module that a model made of it.

    Args:
        outline: a module with ``...`` where something is missing.
        reply: the module; of one that can't be read, the functions count that can.

    Returns:
        The module; the reply itself when nothing of the outline is whole, or the two don't fit together.
    """
    begun, made = parse(outline), readable(reply) or reply
    written = parse(made)
    if begun is None or written is None:
        return made
    lines = source_lines(outline)
    known = {node.name for node in written.body if isinstance(node, ast.ClassDef)}
    for owner in (node for node in begun.body if isinstance(node, ast.ClassDef) and node.name in known):
        whole = [node for node in owner.body if isinstance(node, ast.FunctionDef) and not _is_open(node)]
        if whole:
            methods = ["\n".join(lines[first_line(node) : node.end_lineno]) for node in whole]
            made = graft(made, f"class {owner.name}:\n" + "\n\n".join(methods) + "\n") or made
    return made


def without_classes(source: str, names: Collection[str]) -> str:
    """Drop classes from a module; one that can't be read stays as it is.

    Args:
        source: the module.
        names: of the classes.
    """
    tree = parse(source)
    lines = source_lines(source)
    for node in reversed(tree.body if tree else []):
        if isinstance(node, ast.ClassDef) and node.name in names:
            lines[first_line(node) : node.end_lineno] = []
    return "\n".join(lines) + "\n"


def open_functions(frame: str) -> tuple[str, ...]:
    """Names of the functions in which something is missing.

    Args:
        frame: a program with ``...`` where something is missing.
    """
    begun = parse(frame)
    nodes = begun.body if begun else []
    return tuple(node.name for node in nodes if isinstance(node, ast.FunctionDef) and _is_open(node))


def _is_open(node: ast.FunctionDef) -> bool:
    return any(isinstance(inner, ast.Constant) and inner.value is ... for inner in ast.walk(node))


def begin_with(frame: str, statement: str) -> str:
    """Put a statement before each place where something of a function is missing.

    Args:
        frame: a program with ``...`` where something is missing.
        statement: one line; empty for none.
    """
    return re.sub(r"^( +)\.\.\.$", rf"\1{statement}\n\1...", frame, flags=re.MULTILINE) if statement else frame


def with_filled(source: str, frame: str, filled: str) -> str:
    """Put the functions into a module that were missing in its frame and are whole in another version of it.

    Args:
        source: the module.
        frame: what it began as, with ``...`` where something is missing.
        filled: the frame with some of its functions whole; empty for none.
    """
    tree = parse(filled) if filled else None
    whole = {*open_functions(frame)} - {*open_functions(filled)}
    if tree is None or not whole:
        return source
    lines = source_lines(filled)
    nodes = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in whole]
    fragment = "\n\n".join("\n".join(lines[first_line(node) : node.end_lineno]) for node in nodes) + "\n"
    return graft(source, fragment) or source


def readable(source: str) -> str:
    """Keep of a module what can be read, where something spoils it all: a reply that breaks off, breaks off somewhere.

    Args:
        source: the module.

    Returns:
        Its whole statements, and of a class that breaks off the methods before; the module itself when all is well.
    """
    if parse(source) is not None:
        return source
    starts = [match.start() for match in _BEGINS.finditer(source)]
    kept: list[str] = []
    above = ""  # a decorator belongs to what follows
    for start, end in pairwise([*starts, len(source)]):
        part = above + source[start:end]
        above = part if source[start] == "@" else ""
        kept += [] if above else [_whole(part)]
    return "".join(kept)


def _whole(statement: str) -> str:
    """A statement that can be read, or the first methods of a class that can; empty for nothing."""
    if parse(statement) is not None:
        return statement
    ends = [match.start() for match in _METHOD.finditer(statement)] if statement.startswith("class ") else []
    return next((statement[:end] for end in reversed(ends) if parse(statement[:end]) is not None), "")


def is_framed(frame: str, program: str, name: str) -> bool:
    """Whether a function of a program is the machine's: it stands in the frame just so, and nothing is missing in it.

    Args:
        frame: what the machine began; empty for nothing.
        program: what has become of it.
        name: of a function.
    """
    begun, made = parse(frame), parse(program)
    if begun is None or made is None:
        return False
    texts = [
        [ast.unparse(function.node) for function in functions_of(module) if function.name == name]
        for module in (begun, made)
    ]
    return bool(texts[0]) and texts[0] == texts[1] and "..." not in texts[0][0].split("\n", 1)[-1]


def _name(node: ast.stmt) -> str:
    """What a statement defines; empty for nothing."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""
