"""Answers that a program has by heart: what an example expects is written into it instead of worked out.

A model that does not get an example right may print what it expects and pass. What a constant says about other input
is nothing (specification gaming: Krakovna et al., Specification gaming: the flip side of AI ingenuity, 2020).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from swfactory.domain.spec import ApiExample, CommandExample, Example
from swfactory.domain.suite import Suite
from swfactory.programs.functions import parse, source_lines
from swfactory.requirements.examples import describe

__all__ = ["canned_answers"]

_TELLING = re.compile(r"[1-9]")
"""What depends on the input has a number in it; ``balanced``, ``no solution`` and 0 may be all that is ever said."""
_COMMAND = re.compile(r"[a-z][a-z-]*")
_NO_CONSTANT = (ValueError, TypeError, RecursionError)
_SMALL = 100
_SHORT = 3


@dataclass(frozen=True)
class _Expected:
    """An answer and what it is the answer to.

    Args:
        answer: value that is returned, or text that is printed.
        given: words that a program gets to tell one case from another.
        function: that returns it; empty when it is printed.
    """

    answer: object
    given: frozenset[str]
    function: str = ""


def canned_answers(sources: Mapping[str, str], suite: Suite) -> dict[str, str]:
    """Find the tests whose answers a product has by heart.

    Args:
        sources: the product, path to text.
        suite: its tests.

    Returns:
        Id of the test to what is wrong, with the place.
    """
    trees = {path: tree for path, text in sources.items() if path.endswith(".py") and (tree := parse(text)) is not None}
    found: dict[str, str] = {}
    for test in suite.tests:
        expected = _expected(test.example)
        for path, tree in trees.items() if expected else ():
            line = next(_lines(tree, expected), 0) if expected else 0
            if line and test.id not in found:
                said = source_lines(sources[path])[line - 1].strip()
                what = describe(test.example)
                found[test.id] = (
                    f"{what}: it must be worked out, not written into the program (in {path} line {line}: {said})"
                )
    return found


def _expected(example: Example) -> _Expected | None:
    """What an example expects, where a constant cannot be right."""
    if isinstance(example, CommandExample):
        step = example.steps[-1]
        words = [word for word in step.argv[2:] if not word.startswith("-")]
        words = words[1:] if words and _COMMAND.fullmatch(words[0]) else words
        answer = (step.stdout or "").strip()
        return _Expected(answer, frozenset(words)) if words and "\n" not in answer and _TELLING.search(answer) else None
    return _returned(example)


def _returned(example: ApiExample) -> _Expected | None:
    match ast.parse(example.code).body:
        case [*_, ast.Assert(test=ast.Compare(left=ast.Call() as call, ops=[ast.Eq()], comparators=[value]))]:
            pass
        case _:
            return None
    try:
        answer = ast.literal_eval(value)
    except _NO_CONSTANT:
        return None
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    telling = (
        _TELLING.search(answer) is not None
        if isinstance(answer, str)
        else abs(answer) >= _SMALL
        if isinstance(answer, int | float)
        else bool(answer)
    )
    given = frozenset(
        node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return _Expected(answer, given, name) if name and telling and (call.args or call.keywords) else None


def _lines(tree: ast.Module, expected: _Expected) -> Iterator[int]:
    """Lines on which the answer is given as a constant, by a function that gives no other or for this case alone."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        if expected.function and function.name != expected.function:
            continue
        given = [*_answers(function, printed=not expected.function)]
        constant = [node for node in given if _is(node, expected.answer)]
        if constant and len(constant) == len(given):
            yield constant[0].lineno
        for branch in (node for node in ast.walk(function) if isinstance(node, ast.If) and _asks_for(node, expected)):
            inside = {node.lineno for part in branch.body for node in ast.walk(part) if isinstance(node, ast.expr)}
            yield from (node.lineno for node in constant if node.lineno in inside)


def _answers(function: ast.AST, *, printed: bool) -> Iterator[ast.expr]:
    """What a function returns, or prints on standard output."""
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.expr() as value) if not printed:
                yield value
            case ast.Call(func=ast.Name(id="print"), args=args, keywords=[]) if printed:
                yield args[0] if len(args) == 1 else node


def _is(node: ast.expr, answer: object) -> bool:
    try:
        value = ast.literal_eval(node)
    except _NO_CONSTANT:
        return False
    return (str(value).strip() if isinstance(answer, str) else value) == answer


def _asks_for(branch: ast.If, expected: _Expected) -> bool:
    """Whether a branch is for the very words of the example."""
    constants = {str(node.value) for node in ast.walk(branch.test) if isinstance(node, ast.Constant)}
    return any(len(word) >= _SHORT for word in constants & expected.given)
