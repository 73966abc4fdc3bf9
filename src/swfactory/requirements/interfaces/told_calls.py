"""Outcomes that a sentence tells with all calls that lead to them: "after `push(1)` and `push(2)`, `pop()` is 2"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.calls import makeable, snippet
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.text.files import with_file_names
from swfactory.requirements.text.hedges import is_conditional
from swfactory.requirements.text.literals import imports_of, is_value
from swfactory.requirements.text.sentences import sentences
from swfactory.requirements.text.stated_values import GIVES, is_operand, stated_value

__all__ = ["told_calls"]

_LEADS = re.compile(r"\b(?:after|first|following|having|once|then)\b|[先后再]|依次", re.IGNORECASE)
_REPEATED = re.compile(
    r"\b(?:again|fails?|failed|instead|not|never|once more|times|twice|unless|without)\b|[次遍不没未]|失败",
    re.IGNORECASE,
)
"""Says that the calls are others than those that are shown."""
_LONGEST = 120


def told_calls(text: str, path: str) -> tuple[ApiExample, ...]:
    """Find the first outcome of each such sentence; what is said after it may be said of either state.

    Args:
        text: the requirement.
        path: of the module.
    """
    found: dict[str, ApiExample] = {}
    for module, name, (maker, *methods), _ in makeable(text, path):
        names = {method.name for method in methods}
        for sentence in sentences(with_file_names(text)):
            lines = _lines(sentence, name, names, makes_alone=not required(maker.parameters))
            if lines:
                imports = [one.strip() for one in imports_of("\n".join(lines)).splitlines()]
                code = snippet(module, name, methods, lines, imports)
                found.setdefault(code, ApiExample(origin="stated", code=code))
    return tuple(found.values())


def _lines(sentence: str, name: str, methods: set[str], *, makes_alone: bool) -> list[str]:
    """Statements that end in a check; none where the sentence does not show all the calls before it."""
    lines: list[str] = []
    begin = f"subject = {name}()" if makes_alone else ""
    for start, end, node in _calls(sentence, name, methods):
        before, after = sentence[:start], sentence[end:]
        if isinstance(node.func, ast.Name) and node.func.id == name:
            begin = f"subject = {ast.unparse(node)}"
            continue
        gives = None if is_operand(before) else GIVES.match(after)
        if gives is None:
            lines.append(_of_subject(node))
            continue
        value = stated_value(after[gives.end() :])
        told = lines and begin and _LEADS.search(before) and not _REPEATED.search(_plain(before))
        is_open = is_conditional("", after[gives.end() + len(value) :].lstrip("`"))
        return [begin, *lines, f"assert {_of_subject(node)} == {value}"] if value and told and not is_open else []
    return []


def _calls(sentence: str, name: str, methods: set[str]) -> Iterator[tuple[int, int, ast.Call]]:
    """Calls of the class, its methods and ``len`` with values: where each begins and ends."""
    named = "|".join(re.escape(one) for one in sorted({name, "len", *(m for m in methods if m.isidentifier())}))
    for match in re.finditer(rf"(?<![\w.])(?:[a-z_]\w*\.)?({named})\(", sentence):
        for closing in re.finditer(r"\)", sentence[match.start() : match.start() + _LONGEST]):
            try:
                node = ast.parse(sentence[match.start() : match.start() + closing.end()], mode="eval").body
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                continue
            if isinstance(node, ast.Call) and _has_values(node):
                yield match.start(), match.start() + closing.end(), node
            break


def _has_values(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Name) and node.func.id == "len":
        return len(node.args) == 1 and isinstance(node.args[0], ast.Name)
    return all(map(is_value, (*node.args, *(keyword.value for keyword in node.keywords))))


def _of_subject(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name) and node.func.id == "len":
        return "len(subject)"
    function = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    arguments = ", ".join([*map(ast.unparse, node.args), *(f"{k.arg}={ast.unparse(k.value)}" for k in node.keywords)])
    return f"subject.{function}({arguments})"


def _plain(before: str) -> str:
    """What a sentence says beside what it shows as code or in quotes."""
    return re.sub(r"`[^`]*`|\"[^\"]*\"|'[^']*'|\w+\([^()]*\)", " ", before)
