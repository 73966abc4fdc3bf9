"""Examples of objects that a requirement shows made and used in one expression.

``str(Color(255, 128, 0)) is "#ff8000"``, ``Vector(1, 2) + Vector(3, 4) gives Vector(4, 6)``, and ``Color(0, 0, 0) is
#000000`` where texts such as "#000000" are quoted and ``str`` is spoken of.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.interfaces.parameters import names_of
from swfactory.requirements.interfaces.records import records_of
from swfactory.requirements.text.files import named_files
from swfactory.requirements.text.literals import imports_of, is_value, leading_value
from swfactory.requirements.text.stated_values import GIVES, is_operand, is_whole

__all__ = ["object_examples"]

_BUILT_IN = frozenset(["bool", "float", "int", "len", "list", "repr", "sorted", "str", "sum", "tuple"])
_START = re.compile(rf"(?<![\w.\"'])(?:(?:{'|'.join(sorted(_BUILT_IN))})\()?([A-Z]\w*)\(")
_SENTENCE_END = re.compile(r"[\w)\]]\.\s")
_LONGEST = 160
_QUOTED = re.compile(r"[\"“`]([^\"“”`\n]{1,60})[\"”`]")
_AS_TEXT = re.compile(r"\bstr\b|__str__")


def object_examples(text: str) -> tuple[ApiExample, ...]:
    """Find expressions of objects whose value is stated.

    Args:
        text: a requirement.

    Returns:
        Snippets that import the classes from the modules that the requirement puts them into.
    """
    homes = dict(_classes(text))
    texts = _QUOTED.findall(text) if _AS_TEXT.search(text) else []
    found: dict[str, ApiExample] = {}
    end = 0
    for start in _START.finditer(text) if homes else ():
        if start[1] not in homes or start.start() < end or is_operand(text[: start.start()]):
            continue
        for left, rest in _expressions(text[start.start() : start.start() + _LONGEST], homes):
            gives = GIVES.match(rest)
            stated = rest[gives.end() :] if gives else ""
            right = _stated(stated, homes)
            if not right and (shown := _text(stated, texts)):
                left, right = f"str({left})", repr(shown)
            if right:
                end = start.start() + len(left)
                code = _snippet(left, right, homes)
                found.setdefault(code, ApiExample(origin="quoted", code=code))
                break
    return tuple(found.values())


def _classes(text: str) -> Iterator[tuple[str, tuple[str, int | None]]]:
    """Class to its module, and how many arguments it takes; None for any number."""
    for path in named_files(text):
        outline = read_outline(text, path)
        module = path.removesuffix(".py").replace("/", ".")
        for name, (maker, *_) in outline.classes.items() if outline and module != "main" else ():
            yield name, (module, None if "*" in maker.parameters else len(names_of(maker.parameters)))
        for record in records_of(text) if outline is None else ():
            yield record.name, (module, len(record.fields))


def _expressions(text: str, homes: Mapping[str, tuple[str, int | None]]) -> Iterator[tuple[str, str]]:
    """Expressions that a text begins with, the longest first, and what follows each."""
    for closing in reversed([*re.finditer(r"[)\]\w](?!\w)", text)]):
        candidate = text[: closing.end()]
        if _SENTENCE_END.search(candidate):
            continue
        try:
            node = ast.parse(candidate, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        if _is_object(node, homes):
            yield candidate, text[closing.end() :]


def _stated(text: str, homes: Mapping[str, tuple[str, int | None]]) -> str:
    """The value or object that a text begins with; empty for none."""
    made = leading_value(text) or next((made for made, _ in _expressions(text[:_LONGEST], homes)), "")
    return made if made and is_whole(text.lstrip()[len(made) :]) else ""


def _text(stated: str, texts: Sequence[str]) -> str:
    """The text, one of those that are quoted elsewhere, that stands bare at a beginning; empty for none."""
    bare = stated.lstrip()
    fitting = (text for text in texts if bare.startswith(text) and is_whole(bare[len(text) :]))
    return next((text for text in fitting if not leading_value(text) and not text.isidentifier()), "")


def _is_object(node: ast.expr, homes: Mapping[str, tuple[str, int | None]]) -> bool:
    """Whether an expression makes an object of one of the classes, and does something with it or nothing."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in homes:
            count = homes[name][1]
            return (count is None or len(arguments) <= count) and all(_is_part(one, homes) for one in arguments)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _BUILT_IN:
            return _is_object(argument, homes)
        case ast.Call(func=ast.Attribute(value=made), args=arguments, keywords=[]):
            return _is_object(made, homes) and all(_is_part(one, homes) for one in arguments)
        case ast.Attribute(value=made):
            return _is_object(made, homes)
        case ast.Subscript(value=made, slice=key):
            return _is_object(made, homes) and is_value(key)
        case ast.UnaryOp(op=ast.USub() | ast.Invert(), operand=operand):
            return _is_object(operand, homes)
        case ast.BinOp(left=left, right=right):
            sides = _is_object(left, homes), _is_object(right, homes)
            return any(sides) and all(own or is_value(side) for own, side in zip(sides, (left, right), strict=True))
    return False


def _is_part(node: ast.expr, homes: Mapping[str, tuple[str, int | None]]) -> bool:
    return is_value(node) or _is_object(node, homes)


def _snippet(left: str, right: str, homes: Mapping[str, tuple[str, int | None]]) -> str:
    holds = f"assert {left} == {right}\n"
    named = {node.id for node in ast.walk(ast.parse(holds)) if isinstance(node, ast.Name)} & {*homes}
    own = "".join(f"from {homes[name][0]} import {name}\n" for name in sorted(named))
    return f"{imports_of(holds)}{own}\n{holds}"
