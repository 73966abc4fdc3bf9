"""Calls of functions that a requirement shows with their result: ``encode("aaab") gives "3a1b"``, or a doctest."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Mapping

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.homes import module_of
from swfactory.requirements.interfaces.outline import Outline, read_outline
from swfactory.requirements.interfaces.parameters import is_parameters, names_of
from swfactory.requirements.text.hedges import is_choice, is_conditional
from swfactory.requirements.text.literals import imports_of, is_value
from swfactory.requirements.text.stated_values import GIVES, is_operand, stated_value

__all__ = ["api_examples"]

_CALL = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w*)\(")
_REPR = re.compile(r"\brepr(?:\(\w*\))?`?\s+(?:is|gives|returns|looks)(?:\s+like)?\s+`?([A-Z]\w*)\(")
_PROMPTED = re.compile(r"^[ \t]*\n[ \t]*(?!>>>)")
_RAISES = re.compile(
    r"`?\s*(?:(?:(?:should|must|will|would)\s+)?raises?\s+(?:an?\s+)?|(?:应该?|会|则)*(?:抛出|引发)\s*)`?([A-Z]\w*)`?"
)
_END = re.compile(r"[.!?]\s|[。！？\n]")
_CLAUSE = re.compile(r"[,;，；]\s*(?![^()]*\))|\band\b")
_GIVEN = re.compile(
    r"[\W\d]*(?:In `?[\w/]+\.py`?,? )?(?:(?:if|when|whenever|unless|once|after|while|as soon as|in \w+ mode)\b"
    r"|with \w+=|如果|若|当|除非|[^，,]{0,20}[之以]?后[，,])",
    re.IGNORECASE,
)
"""Begins a sentence with what has to hold for what it says."""
_LATER = re.compile(
    r"\b(?:after|again|already|(?<!at )once|second|third|twice)\b|\bwith \w+=|\bin \w+ mode\b"
    r"|再次?|重复|第[二三2]次|[之以]后|已经?|模式|[\u3400-\u9fff](?<![同此小])时(?!间)",
    re.IGNORECASE,
)
"""Speaks of a call that is not the first one, or not made as it is shown."""
_ELSE = re.compile(r"\b(?:otherwise|or else)\b|否则")
_NEAR = 300


def api_examples(text: str, homes: Mapping[str, str] | None = None) -> tuple[tuple[str, ApiExample], ...]:
    """Find calls with literal arguments and a literal result or an exception: ``encode("aaab") gives "3a1b"``.

    Args:
        text: a requirement or a docstring.
        homes: function to the module that offers it; None to tell it from the text.

    Returns:
        Pairs of the function's name and a snippet that imports it from its module.
    """
    found: list[tuple[str, ApiExample]] = []
    offered = _Offered(text, homes)
    for match in _CALL.finditer(text):
        call = _balanced(text, match.start(), match.end() - 1)
        module = offered.home(match[1]) if call else None
        prompted = text[: match.start()].endswith(">>> ")
        if call is None or module is None or (not prompted and is_operand(text[: match.start()])):
            continue
        rest = text[match.start() + len(call) :]
        if error := _error(text[: match.start()], rest):
            code = f"import pytest\nfrom {module} import {match[1]}\n\nwith pytest.raises({error}):\n    {call}\n"
        elif (gives := (_PROMPTED if prompted else GIVES).match(rest)) and (value := stated_value(rest[gives.end() :])):
            holds = f"assert {call} == {value}\n"
            code = f"{imports_of(holds)}from {module} import {match[1]}\n\n{holds}"
        else:
            continue
        found.append((match[1], ApiExample(origin="quoted", code=code)))
    for match in _REPR.finditer(text):
        call = _balanced(text, match.start(1), match.end() - 1)
        module = module_of(text, match[1]) if homes is None else homes.get(match[1])
        if call is not None and module is not None and _fits(text, match[1], call):
            code = f"from {module} import {match[1]}\n\nassert repr({call}) == {call!r}\n"
            found.append((match[1], ApiExample(origin="quoted", code=code)))
    return tuple(found)


class _Offered:
    """Which functions a text may show calls of."""

    def __init__(self, text: str, homes: Mapping[str, str] | None) -> None:
        self._text = text
        self._homes = homes
        self._outlines: dict[str, Outline | None] = {}

    def home(self, name: str) -> str | None:
        """The module that offers a function; None for a method, whose answer depends on its object, or a built-in."""
        if self._homes is not None:
            return self._homes.get(name)
        module = module_of(self._text, name)
        if module is None:
            return None
        if module not in self._outlines:
            self._outlines[module] = read_outline(self._text, f"{module.replace('.', '/')}.py")
        outline = self._outlines[module]
        functions = {one.name for one in outline.functions} if outline else set()
        methods = {one.name for members in (outline.classes.values() if outline else ()) for one in members}
        known_elsewhere = hasattr(builtins, name) or imports_of(f"{name}()") != ""
        return None if name in methods or (known_elsewhere and name not in functions) else module


def _error(before: str, rest: str) -> str:
    """The built-in exception that a call is said to raise in any case; empty for none.

    Args:
        before: what stands before the call.
        rest: what follows it.
    """
    raises = _RAISES.match(rest)
    kind = getattr(builtins, raises[1], None) if raises else None
    if raises is None or not (isinstance(kind, type) and issubclass(kind, Exception)):
        return ""
    sentence, after = _END.split(before[-_NEAR:])[-1], _END.split(rest[raises.end() :][:_NEAR])[0]
    depends = _GIVEN.match(sentence) or any(map(_LATER.search, (_CLAUSE.split(sentence)[-1], _CLAUSE.split(after)[0])))
    return "" if depends or is_choice(after) or is_conditional("", after) or _ELSE.search(after) else raises[1]


def _fits(text: str, name: str, call: str) -> bool:
    """Whether a class takes as many arguments as a call of it has; one that is shown with none may take any."""
    shown = next((m[1] for m in re.finditer(rf"\b{name}\(([^()]*)\)", text) if is_parameters(m[1].strip())), "")
    node = ast.parse(call, mode="eval").body
    given = len(node.args) + len(node.keywords) if isinstance(node, ast.Call) else 0
    return not shown or "*" in shown or given <= len(names_of(shown))


def _balanced(text: str, start: int, opening: int) -> str | None:
    """Return the call that starts at ``start`` when all its arguments are literals."""
    depth = 0
    for position in range(opening, min(len(text), opening + 200)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            call = text[start : position + 1]
            try:
                node = ast.parse(call, mode="eval").body
                if not isinstance(node, ast.Call) or not (node.args or node.keywords):
                    return None
            except (SyntaxError, ValueError):
                return None
            arguments = (*node.args, *(keyword.value for keyword in node.keywords))
            return call if all(map(is_value, arguments)) else None
    return None
