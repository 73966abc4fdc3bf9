"""What holds of every container: what was put in is in it, counts, and comes out as the requirement says.

An object whose methods are described can be filled without a model, and of what is in it some things are known: a
method that refuses unknown items takes known ones, and "the item with the lowest priority" is one of them
(model-based testing of abstract data types: Guttag and Horning 1978, doi:10.1007/BF00260922).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.calls import call, makeable, snippet
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.interfaces.values import value_of

__all__ = ["container_examples"]

_FILLED = range(4)
_KNOWN = 1
_NO_ITEMS = frozenset(["at", "i", "idx", "index", "offset", "other", "pos", "position"])
"""Parameters that say where something is put, or what an object is held against."""
_CHANGED = 5
"""A turn whose number differs from that of the known item."""
_REMOVES = frozenset(["delete", "discard", "remove"])
_PEEKS = frozenset(["front", "peek", "top"])
"""Methods that show what the one of ``_TAKES`` takes, and leave it there."""
_TAKES = frozenset(["dequeue", "get", "pop", "take"])
_REFUSES = re.compile(
    r"\braise [A-Z]\w+ for [^;]*?\b(?:unknown|missing|(?:an|the) empty)\b"
    r"|\braise [A-Z]\w+ (?:if|when) [^;]*?\b(?:unknown|missing|not (?:there|in it|present|found)|do(?:es)? not exist)\b"
    r"|(?:不存在|未知)[^；;]{0,8}(?:抛出|引发) ?`?[A-Z]"
)
"""Says that a method works on what is in the object."""
_SUPERLATIVE = re.compile(
    r"\b(?:return|give) the (\w+) (?:with|of) the"
    r" (lowest|smallest|least|minimum|highest|largest|greatest|maximum) (\w+)"
)
_LOW = frozenset(["lowest", "smallest", "least", "minimum"])
_AGE = re.compile(r"\b(?:return|give) the (newest|latest|oldest)\b")
_ORDER = re.compile(r"\bin (\w+) order\b")
_FIRST_COME = re.compile(
    r"\bfirst[- ]in,? (?:is )?first[- ]out\b|\bFIFO\b|\bin (?:the )?order of insertion\b", re.IGNORECASE
)

_BOUNDED = re.compile(
    r"\bfull\b|\bat most\b|\bno more than\b|\bcapacity\b|\blimit\w*\b|\b(?:drops?|evicts?|forgets?|pushes out) the\b"
    r"|\boldest \w+ (?:is|are) \w+|已满|最多|上限|丢弃|淘汰"
)
"""Says that what was put in may be gone."""
_BOUND = re.compile(r"=\s*\d|\b(?:limit|capacity|max\w*|size)\b")
"""Parameters of ``__init__`` that may be a bound."""
_LENGTH = re.compile(r"\b(?:__)?len(?:gth)?\b|__len__")
_NO_COUNT = re.compile(r"\b(?:total|sum|quantit\w+|distinct|different|unique|weights?)\b|总|合计|不同")
"""Says that a length is no number of calls."""


@dataclass(frozen=True)
class _Container:
    """A class with a method that fills its objects.

    Args:
        module: its dotted name.
        name: of the class.
        filler: the method.
        methods: all of them, by name.
    """

    module: str
    name: str
    filler: Method
    methods: dict[str, Method]

    def example(self, *lines: str) -> ApiExample:
        """Fill an object, and go on."""
        fill = [call(f"subject.{self.filler.name}", self.filler, turn=turn) for turn in _FILLED]
        code = [f"subject = {self.name}()", *fill, *lines]
        return ApiExample(origin="stated", code=snippet(self.module, self.name, [*self.methods.values()], code))

    def value(self, parameter: str, turn: int) -> str:
        """What the filling puts in the place of a parameter."""
        return value_of(parameter, self.filler, turn)

    @property
    def item(self) -> str:
        """The parameter that says what is put in."""
        return required(self.filler.parameters)[0]


def container_examples(text: str, path: str) -> tuple[ApiExample, ...]:
    """Make examples of the containers of a module.

    Args:
        text: the requirement.
        path: the module's.

    Returns:
        Examples that hold of each class whose objects are made of nothing and filled by its first method.
    """
    found: dict[str, ApiExample] = {}
    for module, name, (maker, *methods), outline in makeable(text, path):
        said = [*outline.general, *(clause for method in (maker, *methods) for clause in method.clauses)]
        plain = [method for method in methods if not method.name.startswith("__") and not method.class_method]
        bounded = _BOUND.search(maker.parameters) or any(map(_BOUNDED.search, said))
        if not bounded and not required(maker.parameters) and plain and required(plain[0].parameters):
            known = {method.name: method for method in methods}
            if "__len__" in known and _counts_otherwise(known["__len__"], said):
                del known["__len__"]
            container = _Container(module, name, plain[0], known)
            told_apart = container.value(container.item, 0) != container.value(container.item, 1)
            if told_apart and container.item not in _NO_ITEMS:
                for lines in _laws(container):
                    example = container.example(*lines)
                    found.setdefault(example.code, example)
    return tuple(found.values())


def _counts_otherwise(length: Method, said: Sequence[str]) -> bool:
    """Whether the length of an object may be another number than that of the items put in."""
    return any(_NO_COUNT.search(clause) for clause in (*length.clauses, *filter(_LENGTH.search, said)))


def _laws(container: _Container) -> Iterator[list[str]]:
    known = container.value(container.item, _KNOWN)
    counts = "__len__" in container.methods
    if counts:
        yield [f"assert len(subject) == {len(_FILLED)}"]
    if "__contains__" in container.methods:
        yield [f"assert {known} in subject", "assert 'z' not in subject"]
    for method in container.methods.values():
        if method is container.filler or method.class_method:
            continue
        if not method.name.startswith("__"):
            yield from _of_method(container, method, known)
            yield from _of_the_rest(container, method)
        for clause in method.clauses if method.name == "__iter__" else ():
            order = _ORDER.search(clause)
            if order and counts and order[1] in container.methods:
                taken = f"[subject.{order[1]}() for _ in range(len(subject))]"
                for changed in [], *_changes(container, known):
                    yield [*changed, f"assert list(subject) == {taken}"]  # the left side is worked out first


def _changes(container: _Container, known: str) -> Iterator[list[str]]:
    """Calls that change what is in the object, each alone."""
    for method in _takes_known(container):
        yield [call(f"subject.{method.name}", method, {container.item: known}, turn=_CHANGED)]


def _refuses_unknown(method: Method) -> bool:
    return any(_REFUSES.search(clause) for clause in method.clauses)


def _of_method(container: _Container, method: Method, known: str) -> Iterator[list[str]]:
    parameters = required(method.parameters)
    subject = f"subject.{method.name}"
    if not parameters:
        if method.name in _PEEKS:
            yield from (
                [f"assert {subject}() == subject.{taker}()"]
                for taker in sorted(_TAKES & {*container.methods})
                if not required(container.methods[taker].parameters)
            )
        for clause in method.clauses:
            yield from ([f"assert {subject}() == {answer}"] for answer in _named(container, clause))
            yield from _ranked(container, method, clause, known)
        return
    if parameters == [container.item]:
        yield from (
            [f"assert {call(subject, method, {container.item: known})} == {it}"] for it in _kept(container, method)
        )
    if parameters[0] == container.item and _refuses_unknown(method):
        done = [call(subject, method, {container.item: known})]
        if method.name in _REMOVES:
            done += [f"assert {known} not in subject"] * ("__contains__" in container.methods)
            done += [f"assert len(subject) == {len(_FILLED) - 1}"] * ("__len__" in container.methods)
        yield done


def _kept(container: _Container, method: Method) -> Iterator[str]:
    """What was put in with the known item, where a method is said to return just that."""
    for kept in required(container.filler.parameters)[1:]:
        said = re.compile(
            rf"(?:(?:return|give) )?(?:the|its) {kept}(?: of (?:the|an?|that) {container.item})?(?:,? or .+)?"
        )
        if any(said.fullmatch(clause) for clause in method.clauses):
            yield container.value(kept, _KNOWN)


def _of_the_rest(container: _Container, taker: Method) -> Iterator[list[str]]:
    """What is left when an item has been taken out: the others are known as before, and they alone."""
    gives = re.compile(rf"\b(?:return|give) (?:the|an?) (?:\w+ ){{0,2}}{re.escape(container.item)}\b")
    items = [container.value(container.item, turn) for turn in _FILLED]
    if required(taker.parameters) or taker.name not in _TAKES or len({*items}) < len(items):
        return
    if not any(gives.search(clause) for clause in taker.clauses):
        return
    rest = [f"taken = subject.{taker.name}()", f"rest = [item for item in [{', '.join(items)}] if item != taken]"]
    for method in _takes_known(container):
        each = call(f"subject.{method.name}", method, {container.item: "item"}, turn=_CHANGED)
        yield [*rest, f"[{each} for item in rest]"]
        if method.name in _REMOVES and "__len__" in container.methods:
            yield [*rest, f"[{each} for item in rest]", "assert len(subject) == 0"]
            removed = call(f"subject.{method.name}", method, {container.item: items[_KNOWN]})
            left = ", ".join(items[turn] for turn in _FILLED if turn != _KNOWN)
            taken = f"[subject.{taker.name}() for _ in range(len(subject))]"
            yield [removed, f"assert sorted({taken}) == sorted([{left}])"]


def _takes_known(container: _Container) -> Iterator[Method]:
    """Methods that work on an item that is in the object, and refuse any other."""
    for method in container.methods.values():
        plain = not (method.name.startswith("__") or method.class_method or method is container.filler)
        if plain and required(method.parameters)[:1] == [container.item] and _refuses_unknown(method):
            yield method


def _ranked(container: _Container, method: Method, clause: str, known: str) -> Iterator[list[str]]:
    """In what order the items come, where a clause says by what; and that an item whose rank is changed comes first."""
    match = _SUPERLATIVE.search(clause)
    parameters = required(container.filler.parameters)
    if not (match and match[1] == container.item and match[3] in parameters):
        return
    ranks = [container.value(match[3], turn) for turn in _FILLED]
    items = [container.value(container.item, turn) for turn in _FILLED]
    if not all(rank.isdigit() for rank in ranks):
        return
    low = match[2] in _LOW
    beyond = str(min(map(int, ranks)) - 1 if low else max(map(int, ranks)) + 1)
    for other in container.methods.values():
        if other is not container.filler and required(other.parameters) == parameters and _refuses_unknown(other):
            changed = call(f"subject.{other.name}", other, {container.item: known, match[3]: beyond})
            yield [changed, f"assert subject.{method.name}() == {known}"]
            if method.name in _TAKES and known != next(_named(container, clause), known):
                taken = f"subject.{method.name}()"
                yield [taken, changed, f"assert {taken} == {known}"]
    if _FIRST_COME.search("; ".join(method.clauses)) and "__len__" in container.methods and method.name in _TAKES:
        turns = sorted(_FILLED, key=lambda turn: int(ranks[turn]) * (1 if low else -1))
        order = ", ".join(items[turn] for turn in turns)
        yield [f"assert [subject.{method.name}() for _ in range(len(subject))] == [{order}]"]


def _named(container: _Container, clause: str) -> Iterator[str]:
    """The item that a clause says is returned, where there is one of the kind."""
    if age := _AGE.search(clause):
        yield container.value(container.item, _FILLED[0] if age[1] == "oldest" else _FILLED[-1])
    match = _SUPERLATIVE.search(clause)
    parameters = required(container.filler.parameters)
    if match and match[1] == container.item and match[3] in parameters:
        values = [container.value(match[3], turn) for turn in _FILLED]
        best = (min if match[2] in _LOW else max)(values, key=float) if all(v.isdigit() for v in values) else ""
        if values.count(best) == 1:
            yield container.value(container.item, values.index(best))
