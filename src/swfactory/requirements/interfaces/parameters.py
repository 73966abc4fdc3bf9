"""The parameters of a signature, as a requirement shows them: ``item, priority=0``."""

from __future__ import annotations

import re

__all__ = ["annotation_of", "is_parameters", "names_of", "required"]

_PARAMETER = re.compile(
    r"^\*{0,2}[A-Za-z_]\w*(?:\s*:\s*[\w\[\], |]+)?"
    r"(?:\s*=\s*(?:[\w.+-]+|\"[^\"]*\"|'[^']*'|\(\)|\[\]|\{\}))?$"
)


def is_parameters(text: str) -> bool:
    """Whether what stands in brackets are parameters, and not values.

    Args:
        text: without the brackets.
    """
    return not text or all(_PARAMETER.match(part.strip()) for part in _parts(text))


def names_of(parameters: str) -> list[str]:
    """Their names.

    Args:
        parameters: as the requirement shows them.
    """
    return [found[0] for part in _parts(parameters) if (found := re.findall(r"^\s*\**(\w+)", part))]


def annotation_of(parameters: str, name: str) -> str:
    """The annotation of one, without spaces; empty for none.

    Args:
        parameters: as the requirement shows them.
        name: of the one.
    """
    for part in _parts(parameters):
        found, _, said = part.partition("=")[0].partition(":")
        if found.strip(" *") == name:
            return "".join(said.split())
    return ""


def required(parameters: str) -> list[str]:
    """Names of those that have to be given.

    Args:
        parameters: as the requirement shows them.
    """
    given = (part for part in _parts(parameters) if part.strip() and "=" not in part)
    return [part.split(":")[0].strip() for part in given if not part.strip().startswith(("*", "/"))]


def _parts(parameters: str) -> list[str]:
    """Cut at the commas that are not inside of brackets: ``rows: dict[str, int], n``."""
    return re.split(r",(?![^\[\]]*\])", parameters)
