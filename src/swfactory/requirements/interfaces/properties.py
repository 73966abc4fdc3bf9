"""Properties of answers that a requirement states of every one: what is sorted can be tested without knowing it.

A call that nobody knows the answer of still tests something, when its answer must have a property (property-based
testing: Claessen and Hughes 2000, ICFP, doi:10.1145/351240.351266).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.outline import read_outline

__all__ = ["property_examples"]

_MANY = 3
"""Examples of one function: further ones say little more."""

_NOT_ASCENDING = re.compile(
    r"\b(?:descending|reverse\w*|largest|highest|newest|latest|most|longest|desc|length|size|count|frequency|insertion)\b"
)
_PROPERTIES = (
    (re.compile(r"^sort (?:each|every) \w+$"), "all(list(one) == sorted(one) for one in {made})"),
    (
        re.compile(r"^sort [\w ]+ by (?:their|its|the) first\b"),
        "[one[0] for one in {made}] == sorted(one[0] for one in {made})",
    ),
    (re.compile(r"^sort (?!each|every)(?:\w+ ){0,2}\w+$"), "list({made}) == sorted({made})"),
    (
        re.compile(r"^sorted$|\b(?:returns?|returning) (?:a sorted list|(?:\w+ ){1,3}sorted$)"),
        "list({made}) == sorted({made})",
    ),
)


def property_examples(text: str, path: str, calls: Iterable[ApiExample]) -> Iterator[ApiExample]:
    """Turn calls into tests of what the requirement states of their answers.

    Args:
        text: the requirement.
        path: of the module whose functions or methods are called.
        calls: snippets that end with a call.

    Yields:
        A snippet for each call of a function whose answers are said to be sorted.
    """
    outline = read_outline(text, path)
    if outline is None:
        return
    methods = [*outline.functions, *(method for row in outline.classes.values() for method in row)]
    stated = {method.name: checks for method in methods if (checks := [*_stated(method.clauses)])}
    used = dict.fromkeys(stated, 0)
    for example in calls:
        *before, last = ast.parse(example.code).body
        match last:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) as call) if name in stated:
                used[name] += 1
                if used[name] <= _MANY:
                    asserts = [f"assert {check.format(made='made')}" for check in stated[name]]
                    lines = [*map(ast.unparse, before), f"made = {ast.unparse(call)}", *asserts]
                    yield ApiExample(origin="stated", code="\n".join(lines) + "\n")
            case _:
                continue


def _stated(clauses: Iterable[str]) -> Iterator[str]:
    for clause in clauses:
        if not _NOT_ASCENDING.search(clause):
            yield from (check for pattern, check in _PROPERTIES if pattern.search(clause))
