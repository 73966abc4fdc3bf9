"""Walks through the methods of a class: objects are made and filled, and every method is tried on one.

A walk says nothing of what is answered; it finds what crashes, and samples can agree on the rest. A small model asked
for such calls repeats the first method with ever more values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.calls import call, clock_of, filler_of, makeable, snippet
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.text.exceptions import named_exceptions, raised, raises_own
from swfactory.requirements.text.keeping import THERE_ALREADY

__all__ = ["object_walks"]

_EXPRESSIONS = {
    "__add__": ["subject + {made}"],
    "__sub__": ["subject - {made}"],
    "__mul__": ["subject * {made}", "subject * 2"],
    "__truediv__": ["subject / 2"],
    "__or__": ["subject | {made}"],
    "__and__": ["subject & {made}"],
    "__eq__": ["subject == {made}", "subject == {same}", "subject == 1"],
    "__lt__": ["subject < {made}"],
    "__len__": ["len(subject)"],
    "__iter__": ["list(subject)"],
    "__contains__": ["'b' in subject", "'z' in subject"],
    "__repr__": ["repr(subject)"],
    "__str__": ["str(subject)"],
}
_STATE = ("__len__", "__iter__")
_FILLED = range(4)
_BOUND = re.compile(r"=\s*([1-9]\d*)\b")
"""What a parameter of ``__init__`` is unless given: it may say how much goes in."""
_TURNS = (5, 6)
"""Words that are in the object, with other numbers."""
_OTHER = 1
_LARGER = 2
_MOST = 20


def object_walks(text: str, path: str) -> tuple[ApiExample, ...]:
    """Make walks through the classes of a module.

    Args:
        text: the requirement.
        path: the module's.

    Returns:
        Examples that hold whatever is answered, unless it is a crash; none for classes that need a file to be there.
    """
    named = ", ".join(dict.fromkeys((*named_exceptions(text), "ValueError")))
    allowed = "Exception" if raises_own(text) else named
    found: list[ApiExample] = []
    for module, name, (maker, *methods), outline in makeable(text, path):
        seen = [f"subject.{attribute}" for attribute in outline.attributes]
        for begun, expression in _walks(name, maker, methods, seen):
            lines = [*begun, f"with contextlib.suppress({allowed}):", f"    {expression}"]
            found.append(ApiExample(code=snippet(module, name, methods, lines, ["import contextlib"])))
    return tuple(found[:_MOST])


def _walks(name: str, maker: Method, methods: list[Method], seen: list[str]) -> Iterator[tuple[list[str], str]]:
    """How an object is made and filled, and what is tried on it then; ``seen`` is what it shows without a call."""
    begun = [*_filled(name, maker, methods)]
    made = begun[: 2 if clock_of(maker.parameters) else 1]
    yield from ((made, expression) for expression in seen)
    yield from ((begun, expression) for expression in _tried(name, maker, methods, seen))
    larger = call(name, maker, turn=_LARGER)
    if len(larger) > len(call(name, maker)):  # what is right for a small one may be wrong for another
        for method in methods:
            if not (method.name.startswith("__") or method.class_method or required(method.parameters)):
                yield [f"subject = {larger}"], call(f"subject.{method.name}", method)


def _filled(name: str, maker: Method, methods: list[Method]) -> Iterator[str]:
    """Make an object, and call the first method that takes something a few times; then some time goes by."""
    clock = clock_of(maker.parameters)
    if clock:
        yield "now = [0.0]"
    yield f"subject = {call(name, maker, {clock: 'lambda: now[0]'})}"
    filler = filler_of(methods)
    if filler is not None:
        bound = _BOUND.search(maker.parameters)
        turns = _FILLED[: int(bound[1])] if bound else _FILLED
        once = any(THERE_ALREADY.search(clause) and raised(clause) for clause in filler.clauses)
        begun: set[str] = set()
        for made in (call(f"subject.{filler.name}", filler, turn=turn) for turn in turns):
            first = made.split(",")[0]
            if not (once and first in begun):
                yield made
            begun.add(first)
    if clock:
        yield "now[0] = 0.5"


def _tried(name: str, maker: Method, methods: list[Method], seen: list[str]) -> Iterator[str]:
    """Every method, together with what can be seen of the object afterwards."""
    known = {method.name for method in methods}
    state = [*(_EXPRESSIONS[special][0] for special in _STATE if special in known), *seen]
    for method in methods:
        if method.name.startswith("__"):
            made = {"made": call(name, maker, turn=_OTHER), "same": call(name, maker)}
            yield from (item.format(**made) for item in _EXPRESSIONS.get(method.name, ()))
        elif method.class_method:
            yield call(f"{name}.{method.name}", method, turn=2)
        elif method is not filler_of(methods) or clock_of(maker.parameters):
            for turn in _TURNS:
                tried = call(f"subject.{method.name}", method, turn=turn)
                yield f"[{', '.join([tried, *state])}]" if state else tried
                if not required(method.parameters):
                    break
    yield from _followed(methods)


def _followed(methods: list[Method]) -> Iterator[str]:
    """A method, and then one that takes no more than it: what the first has done to a thing, the second tells."""
    plain = [m for m in methods if not (m.name.startswith("__") or m.class_method) and required(m.parameters)]
    for first in plain[1:]:
        for second in plain:
            if second is not first and {*required(second.parameters)} <= {*required(first.parameters)}:
                both = (call(f"subject.{method.name}", method, turn=_TURNS[0]) for method in (first, second))
                yield f"[{', '.join(both)}]"
