"""What one method does and another undoes: a requirement that says "giving back what is not lent" names such a pair.

Afterwards everything is as it was, and what is known stays known in between (algebraic specification of data types:
Guttag and Horning 1978, doi:10.1007/BF00260922).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.calls import call, filler_of, makeable, snippet
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.interfaces.values import AMPLE, LAST, value_of

__all__ = ["NOT_DONE", "counted", "undoing_examples"]

_PAIR = 2
NOT_DONE = re.compile(r"\bwhat (?:is|was|has) not (?:been )?[a-z]+\b")
"""Says that something else has to be done before."""
_NONE_LEFT = re.compile(r"\bno (\w+?)s? (?:is |are )?left\b")
_STOCK = frozenset(["available", "free", "left", "remaining", "stock", "vacant"])
"""Methods that show how many are left."""
_SORTED = re.compile(r"\b(?:return|give) (?:the )?(\w+)s\b[^;]*\bsorted\b(?! by)")
_FILLED = range(4)


def undoing_examples(text: str, path: str) -> tuple[ApiExample, ...]:
    """Make examples of pairs of methods in the classes of a module.

    Args:
        text: the requirement.
        path: the module's.

    Returns:
        Examples that no vote can drop; none for classes without such a pair.
    """
    found: dict[str, ApiExample] = {}
    for module, name, (maker, *methods), _ in makeable(text, path):
        filler = filler_of(methods)
        if filler is None:
            continue
        for turn, lines in _laws(filler, methods):
            begun = [f"subject = {call(name, maker)}", call(f"subject.{filler.name}", filler, turn=turn)]
            code = snippet(module, name, methods, [*begun, *lines])
            found.setdefault(code, ApiExample(origin="stated", code=code))
    return tuple(found.values())


def counted(filler: Method, clause: str) -> set[str]:
    """Return the fields of the record that counts what a clause says is used up, as ``copies`` of "no copy is left".

    Args:
        filler: the method that is given the record.
        clause: what is said of another.

    Returns:
        All fields of the record; none when the clause says no such thing, or no record counts it.
    """
    if left := _NONE_LEFT.search(clause):
        for _, record in filler.records.values():
            if any(
                kind == "int" and name.startswith(left[1].removesuffix("y")) for name, kind in record.fields.items()
            ):
                return {*record.fields}
    return set()


def _laws(filler: Method, methods: Sequence[Method]) -> Iterator[tuple[int, list[str]]]:
    """With what an object is filled, and what is done then."""
    plain = [m for m in methods if not (m.name.startswith("__") or m.class_method or m is filler)]
    for undo in plain:
        taken = required(undo.parameters)
        doers = [method for method in plain if method is not undo and required(method.parameters) == taken]
        # Of one thing alone, methods may tell something that neither do nor undo it.
        if len(taken) < _PAIR or len(doers) != 1 or not any(map(NOT_DONE.search, undo.clauses)):
            continue
        (do,) = doers
        yield LAST, [_call(do, LAST), _call(undo, LAST)]
        for seen in plain:
            if seen is not do and seen is not undo and _sees(seen, do):
                yield LAST, [_call(do, LAST), _call(seen, LAST)]
                before = f"before = {_call(seen, AMPLE)}"
                yield AMPLE, [before, _call(do, AMPLE), _call(undo, AMPLE), f"assert {_call(seen, AMPLE)} == before"]
        yield from _several(filler, do, plain)
        yield from ((LAST, lines) for seen in plain for lines in _in_order(filler, do, seen))


def _several(filler: Method, do: Method, plain: Sequence[Method]) -> Iterator[tuple[int, list[str]]]:
    """What is there several times can be had by several, and is as many fewer then."""
    fields = {name for clause in do.clauses for name in counted(filler, clause)}
    others = {name: value_of(name, do, LAST) for name in required(do.parameters) if name not in fields}
    if fields and others:
        done = [_call(do, AMPLE), call(f"subject.{do.name}", do, others, turn=AMPLE)]
        yield AMPLE, done
        for seen in plain:
            if seen.name in _STOCK and required(seen.parameters) and {*required(seen.parameters)} <= fields:
                count = _call(seen, AMPLE)
                fewer = f"assert isinstance(before, bool) or {count} == before - {len(done)}"
                yield AMPLE, [f"before = {count}", *done, fewer]


def _in_order(filler: Method, do: Method, seen: Method) -> Iterator[list[str]]:
    """All that was done for one, where a method shows it in order: "loans(member) returning isbns sorted"."""
    others = {name: value_of(name, do, LAST) for name in required(seen.parameters)}
    for _, record in filler.records.values():
        shown = [found[1] for clause in seen.clauses if (found := _SORTED.search(clause)) and found[1] in record.fields]
        key = [name for name in required(do.parameters) if name not in others]
        if shown and shown[:1] == key and others and {*others} < {*required(do.parameters)}:
            more = [call(f"subject.{filler.name}", filler, turn=turn) for turn in _FILLED if turn != LAST]
            done = [call(f"subject.{do.name}", do, others, turn=turn) for turn in _FILLED]
            values = sorted(value_of(key[0], do, turn) for turn in _FILLED)
            yield [*more, *done, f"assert list({_call(seen, LAST)}) == [{', '.join(values)}]"]


def _sees(method: Method, do: Method) -> bool:
    """Whether a method shows something of what another has done: it takes no more than that."""
    return bool(required(method.parameters)) and {*required(method.parameters)} <= {*required(do.parameters)}


def _call(method: Method, turn: int) -> str:
    return call(f"subject.{method.name}", method, turn=turn)
