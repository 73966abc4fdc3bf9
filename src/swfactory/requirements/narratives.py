"""Outcomes that a requirement tells as a story: "after buying for 130 with 200 inserted, buy returns [50, 20]".

What is returned stands there word for word; which calls lead to it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from swfactory.requirements.files import with_file_names
from swfactory.requirements.outline import read_outline
from swfactory.requirements.quotations import api_examples, leading_literal
from swfactory.requirements.sentences import sentences

__all__ = ["Narrative", "narratives"]

_GIVES = (
    r"(?:\(\))?`?\s+(?:then |should |must |will )*(?:returns?|gives?|yields?|equals?|is|be)\s+`?"
    r"|(?:\(\))?`?\s*(?:应|会|则)?(?:返回|得到|等于|为)\s*`?"
)
_ENDS = re.compile(r"`?\s*(?:$|[.;)。；，)]|,\s|and\b|but\b)")
_SITUATION = re.compile(r"\d|[\"'“]|\b(?:after|empty|new|once|when|with)\b|[后空新时]", re.IGNORECASE)


@dataclass(frozen=True)
class Narrative:
    """An outcome of a situation that is described.

    Args:
        sentence: that tells it.
        function: whose call has the value.
        value: source of a literal.
    """

    sentence: str
    function: str
    value: str


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
    names = sorted({method.name for method in methods if method.name.isidentifier()}, key=len, reverse=True)
    if not names:
        return ()
    gives = re.compile(rf"(?<![\w.])({'|'.join(names)})(?:{_GIVES})")
    return tuple(_found(text, gives))


def _found(text: str, gives: re.Pattern[str]) -> Iterator[Narrative]:
    for sentence in sentences(with_file_names(text)):
        for match in gives.finditer(sentence):
            rest = sentence[match.end() :]
            value = leading_literal(rest)
            ends = value is not None and _ENDS.match(rest[len(value) :])
            if value and ends and _SITUATION.search(sentence[: match.start()]) and not api_examples(sentence):
                yield Narrative(sentence, match[1], value)
