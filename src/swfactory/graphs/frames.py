"""Programs that the machine began and a model goes on with: what it wrote is put where it belongs."""

from __future__ import annotations

import ast

from swfactory.graphs.crossover import graft
from swfactory.graphs.functions import first_line, parse

__all__ = ["complete"]


def complete(frame: str, reply: str) -> str:
    """Put the functions of a reply into the program that it was to complete.

    What the frame imports or runs is the machine's: a model that writes it once more, writes it worse.

    Args:
        frame: a program with ``...`` where something is missing.
        reply: the functions, or the whole program.

    Returns:
        The program; the reply itself when the two don't fit together.
    """
    begun, written = parse(frame), parse(reply)
    if begun is None or written is None:
        return reply
    holes = {node.name for node in begun.body if isinstance(node, ast.FunctionDef)} - {"main"}
    if not holes & {*map(_name, written.body)}:
        return reply  # it went its own way
    imports = [node for node in begun.body if isinstance(node, ast.ImportFrom)]
    settled = {alias.asname or alias.name for node in imports for alias in node.names} | {"main"}
    lines = reply.splitlines()
    kept = [node for node in written.body if _name(node) not in settled]
    fragment = "\n\n".join("\n".join(lines[first_line(node) : node.end_lineno]) for node in kept) + "\n"
    return graft(frame, fragment) or reply


def _name(node: ast.stmt) -> str:
    return node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""
