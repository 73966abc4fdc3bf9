"""What one method does and another undoes: a requirement that says "giving back what is not lent" names such a pair.

Afterwards everything is as it was, and what is known stays known in between (algebraic specification of data types:
Guttag and Horning 1978, doi:10.1007/BF00260922).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swfactory.domain.spec import ApiExample
from swfactory.requirements.calls import AMPLE, LAST, call, filler_of, makeable, required, snippet
from swfactory.requirements.outline import Method

__all__ = ["NOT_DONE", "undoing_examples"]

_PAIR = 2
NOT_DONE = re.compile(r"\bwhat (?:is|was|has) not (?:been )?[a-z]+\b")
"""Says that something else has to be done before."""


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


def _sees(method: Method, do: Method) -> bool:
    """Whether a method shows something of what another has done: it takes no more than that."""
    return bool(required(method.parameters)) and {*required(method.parameters)} <= {*required(do.parameters)}


def _call(method: Method, turn: int) -> str:
    return call(f"subject.{method.name}", method, turn=turn)
