"""Small changes of what a function puts together as text: labels, brackets, separators, digits behind the point."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Sequence

__all__ = ["Template", "output_templates"]

Template = Callable[[ast.AST], ast.AST | None]
"""What stands in place of a node, in a copy of its own; None where the template does not fit."""

_LABEL = re.compile(r"[^\W\d][\w ]*[:\uff1a=] ?")
_OPENING = re.compile(r"\s*[\[(]$")
_FIXED = re.compile(r"(.*\.)(\d)f")


def _bracket_only_what_is_there(node: ast.AST) -> ast.AST | None:
    """``f"{a} [{b}]"`` without the brackets when there is no b."""
    match node:
        case ast.JoinedStr(
            values=[
                *before,
                ast.Constant(value=str(opening)),
                ast.FormattedValue(value=inside),
                ast.Constant(value="]" | ")"),
            ]
        ) if before and (bracket := _OPENING.search(opening)):
            kept = opening[: bracket.start()]
            short = ast.JoinedStr(values=[*before, *([ast.Constant(value=kept)] if kept else [])])
            match inside:
                case ast.IfExp(orelse=ast.Constant()):  # something stands for what is not there
                    shown = ast.FormattedValue(value=inside.body, conversion=-1)
                    long = ast.JoinedStr(values=[*node.values[:-2], shown, node.values[-1]])
                    return ast.IfExp(test=inside.test, body=long, orelse=short)
            return ast.IfExp(test=copy.deepcopy(inside), body=node, orelse=short)
    return None


def _drop_label(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(label)), ast.FormattedValue() as shown, *rest]) if (
            _LABEL.fullmatch(label)
        ):
            return ast.JoinedStr(values=[shown, *rest])
    return None


def _separate(separator: str) -> Template:
    """Join with another separator."""

    def separated(node: ast.AST) -> ast.AST | None:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(old)), attr="join"), args=[joined]) if (
                old != separator
            ):
                between = ast.Attribute(value=ast.Constant(value=separator), attr="join", ctx=ast.Load())
                return ast.Call(func=between, args=[joined], keywords=[])
        return None

    return separated


def _show_digits(digits: int) -> Template:
    """Show so many digits behind the point."""

    def shown(node: ast.AST) -> ast.AST | None:
        match node:
            case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])) if (
                fixed := _FIXED.fullmatch(spec)
            ) and fixed[2] != str(digits):
                given = ast.JoinedStr(values=[ast.Constant(value=f"{fixed[1]}{digits}f")])
                return ast.FormattedValue(value=node.value, conversion=node.conversion, format_spec=given)
            case ast.Call(func=ast.Name(id="round") as func, args=[number, ast.Constant(value=int(old))]) if (
                old != digits
            ):
                return ast.Call(func=func, args=[number, ast.Constant(value=digits)], keywords=[])
        return None

    return shown


def _leave_out_zeros(node: ast.AST) -> ast.AST | None:
    """``parts.append(f"{n}s")`` only for a number that is not zero, or when it would be all there is."""
    match node:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name() as parts, attr="append"),
                args=[ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name() as number), *_])],
            )
        ):
            nothing = ast.UnaryOp(op=ast.Not(), operand=parts)
            return ast.If(test=ast.BoolOp(op=ast.Or(), values=[number, nothing]), body=[node], orelse=[])
    return None


def output_templates(separators: Sequence[str] = ()) -> tuple[Template, ...]:
    """Return changes of text, the likeliest slips first.

    Args:
        separators: what stands between the words of a text that is expected; tried before the usual ones.
    """
    between = dict.fromkeys((*separators, "", " ", "\n", ", ", ","))
    return (
        _bracket_only_what_is_there,
        _drop_label,
        *map(_separate, between),
        *map(_show_digits, (1, 2, 0, 3)),
        _leave_out_zeros,
    )
