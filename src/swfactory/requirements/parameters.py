"""The parameters of a signature, as a requirement shows them: ``item, priority=0``."""

from __future__ import annotations

import re

__all__ = ["is_parameters", "names_of", "required"]

_PARAMETER = re.compile(
    r"^\*{0,2}[A-Za-z_]\w*(?:\s*:\s*[\w\[\], |]+)?"
    r"(?:\s*=\s*(?:[\w.+-]+|\"[^\"]*\"|'[^']*'|\(\)|\[\]|\{\}))?$"
)


def is_parameters(text: str) -> bool:
    """Whether what stands in brackets are parameters, and not values.

    Args:
        text: without the brackets.
    """
    return not text or all(_PARAMETER.match(part.strip()) for part in text.split(","))


def names_of(parameters: str) -> list[str]:
    """Their names.

    Args:
        parameters: as the requirement shows them.
    """
    return re.findall(r"(?:^|,)\s*\**(\w+)", parameters)


def required(parameters: str) -> list[str]:
    """Names of those that have to be given.

    Args:
        parameters: as the requirement shows them.
    """
    return [part.split(":")[0].strip() for part in parameters.split(",") if part.strip() and "=" not in part]
