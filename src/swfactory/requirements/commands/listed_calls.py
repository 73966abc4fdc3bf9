"""Subcommands listed without quotes: "the subcommands put KEY VALUE, get KEY (prints it) and list"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["ListedCall", "enumerated_calls", "listed_calls"]

_CALL = re.compile(r"(?<![\w`-])([a-z][a-z-]+)((?: +\[?[A-Z][A-Z_]+(?:=[A-Z][A-Z_]+)?\]?(?:\.\.\.)?)+)(?![a-z])")
"""A name and placeholders, e.g. ``lend ISBN MEMBER``, which can be told from prose anywhere."""
_LIST = re.compile(
    r"(?<!every )(?<!each )(?<!all )(?<!any )\bsubcommands?:?\s+"
    r"(?!(?:accepts?|are|can|has|have|is|may|must|prints?|should|supports?|takes?|works?)\b)|子命令[:：]?\s*",
    re.IGNORECASE,
)
_LIST_END = re.compile(r"(?<!\.\.)[.;；](?:\s|$)|。|$")
_SEPARATOR = re.compile(r"\s*[,，]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*[、和或]\s*|$")
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）|`[^`]*`|\"[^\"]*\"")
_ITEM = re.compile(r"[a-z][a-z-]+(?:\s+\[?(?:--[a-z][\w-]*|[A-Z][A-Z_]*(?:=[A-Z][A-Z_]*)?)(?:\.\.\.)?\]?)*\s*$")


class ListedCall(NamedTuple):
    """A call of a subcommand.

    Args:
        start: where it begins in the requirement.
        end: where it ends.
        text: e.g. ``put KEY VALUE [--quiet]``.
    """

    start: int
    end: int
    text: str

    @property
    def words(self) -> list[str]:
        """Its words, with what stands for others marked: ``put``, ``<KEY>``, ``<VALUE>``, ``[--quiet]``."""
        name, *rest = self.text.split()
        return [name, *(word if word[0] in "[-" or word[-1] == "]" else f"<{word}>" for word in rest)]


def enumerated_calls(text: str) -> list[ListedCall]:
    """Find the calls in a list of subcommands, which may be names alone.

    Args:
        text: the requirement.
    """
    begin = _LIST.search(text)
    if begin is None:
        return []
    hidden = _ASIDE.sub(lambda match: (" " if match[0][0] in "(（" else "_") * len(match[0]), text)
    end = _LIST_END.search(hidden, begin.end())
    found: list[ListedCall] = []
    start, stop = begin.end(), end.start() if end else len(text)
    for separator in _SEPARATOR.finditer(hidden, start, stop):
        item = hidden[start : separator.start()].rstrip()
        if _ITEM.match(item):
            found.append(ListedCall(start, start + len(item), item))
        start = separator.end()
    return found


def listed_calls(text: str) -> Iterator[ListedCall]:
    """Find the calls of a list of subcommands, and those with placeholders anywhere else.

    Args:
        text: the requirement.

    Yields:
        Those of the list first.
    """
    yield from (enumerated := enumerated_calls(text))
    for match in _CALL.finditer(text):
        if not any(call.start <= match.start() < call.end for call in enumerated):
            yield ListedCall(match.start(), match.end(), match[0])
