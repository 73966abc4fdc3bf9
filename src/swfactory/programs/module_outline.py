"""The module that a requirement describes, without what makes it work: a model fills it in.

A small model that writes a module from a paragraph forgets functions and adds others, and what the requirement says of
one is found at the other end of it, or passed over: of a row of clauses it follows the first.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from swfactory.programs.functions import parse
from swfactory.programs.record_module import record_class
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.outline import Outline, read_outline, records_in, region_of
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.text.exceptions import own_exceptions

__all__ = ["module_outline", "parts_of"]

_PAIR = 2
_ORDER = re.compile(r"\bin (\w+) order\b")
_TAKEN = """\
rest = copy.copy(self)
vars(rest).update((name, copy.copy(value)) for name, value in vars(self).items())
while len(rest):
    yield rest.{taker}()
"""
"""Goes through an object in the order in which a method takes things out of it."""

_INDEPENDENT = re.compile(r"\b(\w+)s are (?:\w+ )?independent\b", re.IGNORECASE)
_SHARED = re.compile(r"\bthread[- ]?safe|线程安全", re.IGNORECASE)


def module_outline(
    text: str,
    path: str,
    imports: Sequence[str] = (),
    opens: str = "",
    answers: Mapping[str, str] | None = None,
    part: str = "",
) -> str:
    """Write the outline of a module.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
        imports: statements that it begins with.
        part: the one of its classes to write; empty for all.
        answers: method to what it has to return, where the requirement says so of something else only.
        opens: what opens the database that the module's objects work on, e.g. ``connect``; empty for none.

    Returns:
        Source with ``...`` where a model has to write; empty when the requirement shows nothing that the module offers.
    """
    outline = read_outline(text, path)
    if outline is None or not (outline.classes or any(function.clauses for function in outline.functions)):
        return ""
    for method in (method for methods in outline.classes.values() for method in methods):
        answer = (answers or {}).get(method.name, "")
        if answer and not any(clause.startswith("return") for clause in method.clauses):
            method.clauses[answer] = None
    region = region_of(text, path)
    shared = bool(_SHARED.search(region))
    own = _owned(outline)
    blocks = [
        _class(name, methods, opens, shared, own) for name, methods in outline.classes.items() if part in {"", name}
    ]
    if part in {"", *[*outline.classes][:1]}:
        blocks = [*own_exceptions(region), *map(record_class, records_in(text, path)), *blocks]
    if part in {"", *[*outline.classes][-1:]}:
        blocks += ["\n".join(_function(function)) for function in outline.functions]
    if outline.general:
        blocks.insert(0, "\n".join(f"# {clause}" for clause in outline.general))
    code = "\n\n\n".join(blocks) + "\n"
    needed = {name for name in re.findall(r"=\s*(\w+)\.", code) if name in sys.stdlib_module_names}
    plain = "".join(f"import {name}\n" for name in sorted(needed))
    plain += "from dataclasses import dataclass\n" * ("@dataclass\n" in code)
    first = "".join(f"{line}\n" for line in imports) + "\n" * bool(imports)
    code = "\n".join(block for block in (plain, first, code) if block)
    return code if parse(code) is not None else ""


def parts_of(text: str, path: str) -> tuple[str, ...]:
    """The classes of a module that can be written one by one, because they share an interface and nothing else.

    A small model that writes one after the other writes the first one twice.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.

    Returns:
        Their names; one that is empty when the module is written whole.
    """
    outline = read_outline(text, path)
    return tuple(outline.classes) if outline and len(outline.classes) > 1 else ("",)


def _class(name: str, methods: Sequence[Method], opens: str, shared: bool, owned: str) -> str:
    names = {method.name for method in methods}
    blocks: list[str] = []
    for method in methods:
        lines = _method(method)
        if method.name == "__init__":
            lines = [*lines[:-1], *_kept(method, names, opens, shared), *_apart(owned), *lines[-1:]]
            done = opens and not method.clauses and len(required(method.parameters)) < _PAIR
            lines = lines[:-1] if done else lines
        elif method.name == "__iter__" and not shared and (taker := _in_order(method, methods)):
            lines = [*lines[:-1], *(f"    {line}" for line in _TAKEN.format(taker=taker).splitlines())]
        blocks.append("\n".join(f"    {line}" for line in lines))
    return f"class {name}:\n" + "\n\n".join(blocks)


def _owned(outline: Outline) -> str:
    """What has a state of its own, where methods take it: with "keys are independent", ``key``; empty for nothing."""
    said = _INDEPENDENT.search("; ".join(outline.general))
    taken = [required(method.parameters) for methods in outline.classes.values() for method in methods]
    noun = said[1].lower() if said else ""
    return noun if sum(noun in names for names in taken) > 1 else ""


def _apart(owned: str) -> list[str]:
    return [f"    self.{owned}s = {{}}  # what belongs to each {owned}"] if owned else []


def _in_order(iterator: Method, methods: Sequence[Method]) -> str:
    """The method in whose order an object is gone through: with "in pop order", ``pop``; empty for none."""
    said = _ORDER.search("; ".join(iterator.clauses))
    names = {method.name for method in methods if not required(method.parameters)}
    return said[1] if said and "__len__" in names and said[1] in names else ""


def _method(method: Method) -> list[str]:
    first = "cls" if method.class_method else "self"
    parameters = ", ".join(part for part in (first, method.parameters) if part)
    decorator = ["@classmethod"] if method.class_method else []
    return [*decorator, *_function(replace(method, parameters=parameters))]


def _kept(maker: Method, methods: Collection[str], opens: str, shared: bool) -> list[str]:
    """What an object keeps of what it is made of, so that all methods find it; the connection if it opens one."""
    names = re.findall(r"(?:^|,)\s*(\w+)", maker.parameters)
    if opens and len(required(maker.parameters)) < _PAIR:
        kept = [f"self.connection = {opens}({', '.join(required(maker.parameters))})"]
    else:
        kept = [f"self.{'_' * (name in methods)}{name} = {name}" for name in names]
    return [f"    {line}" for line in (*kept, *(["self.lock = threading.RLock()  # for every method"] * shared))]


def _function(function: Method) -> list[str]:
    clauses = [f"    # {clause}" for clause in function.clauses]
    return [f"def {function.name}({function.parameters}):", *clauses, "    ..."]
