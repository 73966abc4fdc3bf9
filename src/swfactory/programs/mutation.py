"""Small changes of a function that mend what small models get wrong again and again, tried without asking one.

A model that has overlooked "sorted" overlooks it in every sample. The usual slips are few, and the tests tell which
change mends one (template-based program repair: Liu et al. 2019, ISSTA, doi:10.1145/3293882.3330577).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from swfactory.programs.complaint_templates import COMPLAINTS
from swfactory.programs.functions import functions_of, parse
from swfactory.programs.output_templates import Template, output_templates
from swfactory.programs.patching import patched
from swfactory.programs.symptoms import gives_wrong_text, mixes_types, separators_in, takes_too_much
from swfactory.programs.type_templates import NAMES, TYPES

__all__ = ["mutants"]

_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_ORDERED = frozenset(["sorted", "range", "reversed"])


def mutants(source: str, name: str, problems: Sequence[str] = ()) -> Iterator[str]:
    """Yield copies of a program with one small change in a function, the likeliest slips first.

    Args:
        source: the program.
        name: the function, dotted with its class.
        problems: messages of the tests that fail; what they point to is tried first.
    """
    tree = parse(source)
    found = [] if tree is None else [function.node for function in functions_of(tree) if function.name == name]
    if found:
        yield from _changed(source, found[-1], _templates(problems))


def _templates(problems: Sequence[str]) -> tuple[Template, ...]:
    output = output_templates(separators_in(problems))
    wrong = gives_wrong_text(problems)
    pointed_to = zip_longest(
        output if wrong else (),
        (*COMPLAINTS, *_REFUSALS) if takes_too_much(problems) else (),
        TYPES if mixes_types(problems) else (),
    )
    first = (template for row in pointed_to for template in row if template is not None)
    return (*first, *NAMES, *_TEMPLATES, *(() if wrong else output))


def _changed(source: str, function: ast.FunctionDef, templates: Sequence[Template]) -> Iterator[str]:
    for template in templates:
        sites = sum(template(node) is not None for node in ast.walk(function))
        for site in range(sites):
            changed = _Change(template, site).visit(copy.deepcopy(function))
            assert isinstance(changed, ast.FunctionDef)
            if (text := patched(source, function, changed)) is not None:
                yield text


class _Change(ast.NodeTransformer):
    """Applies a template at one of the places where it fits."""

    def __init__(self, template: Template, site: int) -> None:
        self._template = template
        self._left = site

    def visit(self, node: ast.AST) -> ast.AST:
        """Replace the node, or go on with what is inside."""
        new = self._template(node)
        if new is not None:
            self._left -= 1
            if self._left == -1:
                return new
        changed: ast.AST = self.generic_visit(node)
        return changed


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=[*arguments], keywords=[])


def _method(value: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Attribute(value=value, attr=name, ctx=ast.Load()), args=[*arguments], keywords=[])


def _is_call(node: ast.AST, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def _sort_joined(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Call(func=ast.Attribute(attr="join"), args=[joined]) if not _is_call(joined, _ORDERED):
            return ast.Call(func=node.func, args=[_call("sorted", joined)], keywords=[])
    return None


def _sort_walked(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.For(iter=ast.Call(func=ast.Name(id="enumerate"), args=[walked, *rest]) as outer) if not _is_call(
            walked, _ORDERED
        ):
            counted = ast.Call(func=outer.func, args=[_call("sorted", walked), *rest], keywords=outer.keywords)
            return ast.For(target=node.target, iter=counted, body=node.body, orelse=node.orelse)
        case ast.For(iter=walked) if not _is_call(walked, _ORDERED):
            return ast.For(target=node.target, iter=_call("sorted", walked), body=node.body, orelse=node.orelse)
    return None


def _sort_returned(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Return(value=(ast.Name() | ast.ListComp() | ast.Call(func=ast.Name(id="list"))) as value):
            return ast.Return(value=_call("sorted", value))
    return None


def _reverse(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Call(func=ast.Name(id="sorted") | ast.Attribute(attr="sort"), args=arguments, keywords=keywords):
            kept = [keyword for keyword in keywords if keyword.arg != "reverse"]
            new = [] if len(kept) < len(keywords) else [ast.keyword(arg="reverse", value=ast.Constant(value=True))]
            return ast.Call(func=node.func, args=arguments, keywords=[*kept, *new])
    return None


def _ignore_case(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Compare(left=part, ops=[ast.In()], comparators=[whole]):
            sides = [part, whole]
            lowered = [side if _is_lower(side) else _method(side, "lower") for side in sides]
            if lowered != sides:
                return ast.Compare(left=lowered[0], ops=node.ops, comparators=[lowered[1]])
    return None


def _is_lower(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "lower"


def _prefix(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[(ast.Name() | ast.Attribute()) as right]):
            return _method(left, "startswith", right)
    return None


def _flip(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.Compare(ops=[operator], comparators=comparators) if type(operator) in _FLIPPED:
            return ast.Compare(left=node.left, ops=[_FLIPPED[type(operator)]()], comparators=comparators)
    return None


def _swap(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.BinOp(left=left, op=(ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Mod()) as op, right=right) if (
            not isinstance(left, ast.Constant | ast.JoinedStr)
        ):
            return ast.BinOp(left=right, op=op, right=left)
    return None


def _count_numbers(node: ast.AST) -> ast.AST | None:
    match node:
        case ast.AugAssign(op=ast.Add() | ast.Sub(), value=(ast.Name() | ast.Subscript()) as value):
            return ast.AugAssign(target=node.target, op=node.op, value=_call("float", value))
    return None


def _guard(empty: Callable[[], ast.expr]) -> Template:
    """Give back nothing for nothing: an empty first argument is answered at once."""

    def guarded(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, ast.FunctionDef) or not any(
            isinstance(inner, ast.Return) and inner.value is not None for inner in ast.walk(node)
        ):
            return None
        names = _parameters(node)
        if not names:
            return None
        test = ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=names[0], ctx=ast.Load()))
        return _begun(node, ast.If(test=test, body=[ast.Return(value=empty())], orelse=[]))

    return guarded


def _refuse(condition: str, place: int) -> Template:
    """Refuse a value, the first argument or the second, of which the condition holds."""

    def refused(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, ast.FunctionDef) or len(names := _parameters(node)) <= place:
            return None
        name = names[place]
        test = condition.format(name)
        (guard,) = ast.parse(f"if {test}:\n    raise ValueError(f'{name} can\\'t be {{{name}!r}}')").body
        return _begun(node, guard)

    return refused


def _how_many(node: ast.AST) -> ast.AST | None:
    """``return n > 0`` becomes ``return n``: asked how many there are, it says whether there are any."""
    match node:
        case ast.Return(
            value=ast.Compare(left=left, ops=[ast.Gt() | ast.NotEq()], comparators=[ast.Constant(value=0)])
        ):
            return ast.Return(value=left)
    return None


def _parameters(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]


def _begun(node: ast.FunctionDef, statement: ast.stmt) -> ast.FunctionDef:
    """A function that does something before all else."""
    new = copy.deepcopy(node)
    new.body.insert(int(ast.get_docstring(new) is not None), statement)
    return new


_REFUSALS = tuple(
    _refuse(condition, place)
    for place in (0, 1)
    for condition in (
        "not {}",
        "any(char.isdigit() for char in {})",
        "{} <= 0",
        "{} < 0",
        "len({{len(one) for one in {}}}) > 1",
    )
)


_TEMPLATES: tuple[Template, ...] = (
    _sort_joined,
    _ignore_case,
    _prefix,
    _guard(lambda: ast.Constant(value="")),
    _guard(lambda: ast.List(elts=[], ctx=ast.Load())),
    _count_numbers,
    _how_many,
    _sort_returned,
    _sort_walked,
    _reverse,
    _flip,
    _swap,
)
