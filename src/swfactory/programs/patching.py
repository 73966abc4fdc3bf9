"""A changed tree back into its source: only the statement that changed is written anew, all else stays as it is."""

from __future__ import annotations

import ast
import textwrap
from itertools import pairwise

from swfactory.programs.functions import first_line, parse, source_lines

__all__ = ["patched"]

_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


def patched(source: str, old: ast.stmt, new: ast.stmt) -> str | None:
    """Write a changed statement into a program, with its comments and its layout as far as they are not concerned.

    Args:
        source: the program.
        old: a statement of it, as it was parsed.
        new: a changed copy.

    Returns:
        The new program; None when nothing has changed, or what comes of it does not parse.
    """
    lines = source_lines(source)
    narrowed = _narrowed(old, new, lines)
    if narrowed is None:
        return None
    first, last, indent, fresh = narrowed
    text = "\n".join(ast.unparse(ast.fix_missing_locations(statement)) for statement in fresh)
    lines[first:last] = textwrap.indent(text, " " * indent).split("\n")
    made = "\n".join(lines) + "\n"
    return made if parse(made) is not None else None


_Place = tuple[int, int, int, list[ast.stmt]]
"""First line and the one after the last, counted from 0, their indentation, and what takes their place."""


def _narrowed(old: ast.stmt, new: ast.stmt, lines: list[str]) -> _Place | None:
    """The smallest change of whole lines that makes the new statement of the old one; None for no change."""
    if ast.dump(old) == ast.dump(new):
        return None
    assert old.end_lineno is not None
    whole = (first_line(old), old.end_lineno, old.col_offset, [new])
    if type(old) is not type(new) or not _same_head(old, new):
        return whole
    for field in _BODIES:
        before, after = getattr(old, field, []), getattr(new, field, [])
        if list(map(ast.dump, before)) == list(map(ast.dump, after)):
            continue
        place = _in_body(before, after, lines)
        return whole if place is None or not _is_block(before[0], lines) else place
    return whole


def _in_body(before: list[ast.stmt], after: list[ast.stmt], lines: list[str]) -> _Place | None:
    if not all(isinstance(node, ast.stmt) for node in (*before, *after)) or not before:
        return None  # an except clause or a case: it is written anew with its statement
    if any(one.end_lineno == other.lineno for one, other in pairwise(before)):
        return None  # a line of several statements
    if len(before) == len(after):
        pairs = [(a, b) for a, b in zip(before, after, strict=True) if ast.dump(a) != ast.dump(b)]
        return _narrowed(*pairs[0], lines) if len(pairs) == 1 else None
    if len(after) == len(before) + 1:
        same = next((n for n, node in enumerate(before) if ast.dump(node) != ast.dump(after[n])), len(before))
        if same < len(before) and list(map(ast.dump, before[same:])) == list(map(ast.dump, after[same + 1 :])):
            line = before[same].lineno - 1
            return line, line, before[same].col_offset, [after[same]]
    return None


def _same_head(old: ast.stmt, new: ast.stmt) -> bool:
    """Whether two statements differ in their bodies alone, if they have any."""
    if not hasattr(old, "body"):
        return False
    return all(
        _dump(value) == _dump(getattr(new, field, None))
        for field, value in ast.iter_fields(old)
        if field not in _BODIES
    )


def _dump(value: object) -> object:
    if isinstance(value, list):
        return [_dump(one) for one in value]
    return ast.dump(value) if isinstance(value, ast.AST) else value


def _is_block(first: ast.stmt, lines: list[str]) -> bool:
    """Whether a body begins on a line of its own; ``if x: return y`` is one line."""
    return not lines[first.lineno - 1][: first.col_offset].strip()
