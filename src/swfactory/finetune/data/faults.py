"""Single faults: copies of a function in which one line says something else, as it could slip from anybody's hand.

The operators are those of mutation testing (DeMillo, Lipton, Sayward 1978; Jia and Harman 2011,
doi:10.1109/TSE.2010.62). The text is changed, not the tree, so that everything else keeps its form.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from swfactory.domain.value import Value
from swfactory.programs.functions import parse, source_lines

__all__ = ["Fault", "faults"]

_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<",)),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">",)),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
}
_OPERATORS: dict[type[ast.operator], tuple[str, tuple[str, ...]]] = {
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("+",)),
    ast.Div: ("/", ("//", "*")),
    ast.FloorDiv: ("//", ("/", "%")),
    ast.Mod: ("%", ("//",)),
    ast.Pow: ("**", ("*",)),
    ast.BitAnd: ("&", ("|",)),
    ast.BitOr: ("|", ("&",)),
    ast.LShift: ("<<", (">>",)),
    ast.RShift: (">>", ("<<",)),
}
_NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "sum": "max",
    "sorted": "list",
    "append": "extend",
    "lower": "upper",
    "upper": "lower",
    "startswith": "endswith",
    "endswith": "startswith",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "keys": "values",
    "values": "keys",
    "find": "rfind",
    "index": "count",
    "floor": "ceil",
    "ceil": "floor",
}


class Fault(Value):
    """A function with one line that is wrong.

    Args:
        kind: what was done: ``comparison``, ``operator``, ``boolean``, ``negation``, ``constant``, ``name``,
            ``argument``.
        code: the whole text with the fault.
        wrong: the line with the fault.
        right: the line as it was.
    """

    kind: str
    code: str
    wrong: str
    right: str


class _Edit(Value):
    """A change of one line: columns in UTF-8 bytes, as Python's parser counts them."""

    kind: str
    line: int
    start: int
    end: int
    new: str


def faults(code: str) -> Iterator[Fault]:
    """Yield the faults of a function, each text once, in the order of their places.

    Args:
        code: the function, alone.
    """
    tree = parse(code)
    if tree is None:
        return
    lines = [line.encode() for line in source_lines(code)]
    edits = sorted(
        (edit for node in ast.walk(tree) for edit in _edits(node, lines)),
        key=lambda e: (e.line, e.start, e.kind, e.new),
    )
    seen = {code}
    for edit in edits:
        old = lines[edit.line - 1]
        new = old[: edit.start] + edit.new.encode() + old[edit.end :]
        text = b"\n".join([*lines[: edit.line - 1], new, *lines[edit.line :]]).decode() + "\n"
        if text not in seen and parse(text) is not None:
            seen.add(text)
            yield Fault(kind=edit.kind, code=text, wrong=new.decode(), right=old.decode())


def _edits(node: ast.AST, lines: list[bytes]) -> Iterator[_Edit]:
    match node:
        case ast.Compare():
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                sign, others = _COMPARISONS[type(operator)]
                yield from _between("comparison", lines, left, right, sign, others)
        case ast.BinOp() if type(node.op) in _OPERATORS:
            yield from _between("operator", lines, node.left, node.right, *_OPERATORS[type(node.op)])
        case ast.AugAssign() if type(node.op) in _OPERATORS:
            sign, others = _OPERATORS[type(node.op)]
            signs = tuple(f"{other}=" for other in others)
            yield from _between("operator", lines, node.target, node.value, f"{sign}=", signs)
        case ast.BoolOp():
            sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from _between("boolean", lines, left, right, sign, (other,))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            if node.lineno == operand.lineno:
                start, end = node.col_offset, operand.col_offset
                yield _Edit(kind="negation", line=node.lineno, start=start, end=end, new="")
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if isinstance(
            test, ast.Name | ast.Call | ast.Attribute
        ):
            yield from _whole("negation", test, f"not {ast.unparse(test)}")
        case ast.Constant(value=bool(value)):
            yield from _whole("constant", node, str(not value))
        case ast.Constant(value=int(value)):
            for new in (value + 1, value - 1):
                if new >= 0:
                    yield from _whole("constant", node, str(new))
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield from _whole("name", node, _NAMES[name])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in _NAMES and node.end_lineno == node.lineno:
            end = node.end_col_offset or 0
            yield _Edit(kind="name", line=node.lineno, start=end - len(name), end=end, new=_NAMES[name])
        case ast.Call(args=[ast.Name(id=first), ast.Name(id=second)]) if first != second:
            yield from _whole("argument", node.args[0], second)


def _whole(kind: str, node: ast.expr, new: str) -> Iterator[_Edit]:
    if node.lineno == node.end_lineno:
        yield _Edit(kind=kind, line=node.lineno, start=node.col_offset, end=node.end_col_offset or 0, new=new)


def _between(
    kind: str, lines: list[bytes], left: ast.expr, right: ast.expr, sign: str, others: tuple[str, ...]
) -> Iterator[_Edit]:
    """Another operator between two operands of one line."""
    if left.end_lineno != right.lineno:
        return
    start, end = left.end_col_offset or 0, right.col_offset
    at = lines[right.lineno - 1].find(sign.encode(), start, end)
    if at >= 0:
        for other in others:
            yield _Edit(kind=kind, line=right.lineno, start=at, end=at + len(sign), new=other)
