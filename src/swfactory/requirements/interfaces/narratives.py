"""Outcomes that a requirement tells as a story: "after buying for 130 with 200 inserted, buy returns [50, 20]".

What is returned stands there word for word; which calls lead to it does not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from swfactory.requirements.interfaces.call_examples import api_examples
from swfactory.requirements.interfaces.outline import read_outline
from swfactory.requirements.text.files import with_file_names
from swfactory.requirements.text.literals import imports_of
from swfactory.requirements.text.sentences import sentences
from swfactory.requirements.text.stated_values import VERBS, stated_value

__all__ = ["Narrative", "narratives"]

_GIVES = rf"(?:\(\))?`?\s*(?:{VERBS})\s*`?"
_SITUATION = re.compile(r"\d|[\"'“]|\b(?:after|empty|new|once|when|with)\b|[后空新时]", re.IGNORECASE)

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])")
_SHOWING = {"__str__": "str", "__repr__": "repr"}


@dataclass(frozen=True)
class Narrative:
    """An outcome of a situation that is described.

    Args:
        sentence: that tells it.
        function: whose call has the value.
        value: source of a literal.
        figures: numbers that the calls which lead to it must have in them.
    """

    sentence: str
    function: str
    value: str
    figures: frozenset[float] = frozenset()

    def fits(self, code: str) -> bool:
        """Whether calls have all its numbers in them, and there are some: then they tell its situation.

        Args:
            code: Python source.
        """
        constants = {
            float(node.value)
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        }
        return bool(self.figures) and self.figures <= constants


def narratives(text: str, path: str) -> tuple[Narrative, ...]:
    """Find the outcomes that a requirement tells of a module's functions and methods, without showing the calls.

    Args:
        text: the requirement.
        path: of the module.
    """
    outline = read_outline(text, path)
    if outline is None:
        return ()
    methods = [*outline.functions, *(method for members in outline.classes.values() for method in members[1:])]
    known = {method.name for method in methods}
    names = sorted((name for name in known if name.isidentifier()), key=len, reverse=True)
    if not names:
        return ()
    gives = re.compile(rf"(?<![\w.])({'|'.join(names)})(?:{_GIVES})")
    shown = [called for method, called in _SHOWING.items() if method in known]
    # What an object looks like tells by itself what was done to it: "str(account) gives 'Anna: 12.50'".
    looks = re.compile(rf"(?<![\w.])({'|'.join(shown)})\(\w+\)(?:{_GIVES})") if shown else None
    return (*_found(text, gives), *(_looks(text, looks) if looks else ()))


def _found(text: str, gives: re.Pattern[str]) -> Iterator[Narrative]:
    for sentence, match, value in _valued(text, gives):
        before, after = sentence[: match.start()], sentence[match.end() + len(value) :]
        if _SITUATION.search(before) and not api_examples(sentence):
            yield Narrative(sentence, match[1], value, _numbers(before + after))


def _looks(text: str, gives: re.Pattern[str]) -> Iterator[Narrative]:
    for sentence, match, value in _valued(text, gives):
        if isinstance(ast.literal_eval(value), str) and (figures := _numbers(value)):
            yield Narrative(sentence, match[1], value, figures)


def _valued(text: str, gives: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str], str]]:
    """Sentences, where they say what something gives, and the source of the literal that it gives."""
    for sentence in sentences(with_file_names(text)):
        for match in gives.finditer(sentence):
            rest = sentence[match.end() :]
            value = stated_value(rest)
            if value and not imports_of(value):
                yield sentence, match, value


def _numbers(text: str) -> frozenset[float]:
    return frozenset(map(float, _NUMBER.findall(text)))
