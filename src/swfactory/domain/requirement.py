"""What the user asked for, word for word."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

from swfactory.domain.value import Value

__all__ = ["Language", "Requirement", "detect_language", "unwrapped"]

Language = Literal["en", "zh"]

_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_WRAPPED_FROM = 50
"""Columns of the shortest line that counts as wrapped: its next word may be a long one."""
_WRAPPED_AT = 68
"""Columns of the narrowest page that people wrap at, with some room for a ragged edge."""
_OWN_LINE = re.compile(r"(?:[-*+•·>|#$=]|\(?\d{1,3}[.)、]|[A-Za-z][.)]\s|```|~~~)")
_COMMAND = ("`python", "`./", "python ", "python3 ")
_GOES_ON = re.compile(
    r"(?:[,.:;，。：；、]|\b(?:and|or|with|by|like|runs?|when|if|to|than|then|of|for|as|is))\s*$", re.IGNORECASE
)


def detect_language(text: str) -> Language:
    """Tell Chinese from English: a Chinese character says as much as a Latin word."""
    return "zh" if len(_CJK.findall(text)) > len(_WORD.findall(text)) / 2 else "en"


def unwrapped(text: str) -> str:
    """Join the lines of paragraphs that an editor wrapped, so that a sentence is on one line again.

    A line is wrapped when it is long and the next one's first word would not have fitted. Lists, tables, transcripts,
    indented lines and fenced blocks stay as they are.

    Args:
        text: a requirement.
    """
    lines = text.splitlines()
    fences = 0
    joins: list[str | None] = []
    for line, after in pairwise(lines):
        fences += line.lstrip().startswith(("```", "~~~"))
        joins.append(None if fences % 2 else _joint(line, after))
    joined = lines[:1]
    for line, joint in zip(lines[1:], joins, strict=True):
        if joint is None:
            joined.append(line)
        else:
            joined[-1] = f"{joined[-1].rstrip()}{joint}{line.strip()}"
    return "\n".join(joined)


def _joint(line: str, after: str) -> str | None:
    """What stood between two lines before they were wrapped; None when they are lines of their own."""
    if not line.strip() or not after.strip() or after[0].isspace() or _OWN_LINE.match(line) or _OWN_LINE.match(after):
        return None
    wide = _CJK.match(after) is not None
    word = 2 if wide else len(after.split()[0])
    if _width(line) < _WRAPPED_FROM or _width(line) + word + 1 < _WRAPPED_AT:
        return None
    if after.startswith(_COMMAND) and not _GOES_ON.search(line):
        return None
    return "" if wide or unicodedata.east_asian_width(line.rstrip()[-1]) in "WF" else " "


def _width(line: str) -> int:
    """Columns of a line on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


class Requirement(Value):
    """A requirement as typed.

    Args:
        text: the requirement, stripped, at least one character.
        language: language of the product's messages and documents.
        license: SPDX identifier of the licence the product should carry, or None for no licence file.
    """

    text: str = Field(min_length=1)
    language: Language = "en"
    license: str | None = None

    @field_validator("text")
    @classmethod
    def _strip(cls, text: str) -> str:
        stripped = text.strip()
        if not stripped:
            raise ValueError("the requirement is empty")
        return stripped

    @classmethod
    def parse(cls, text: str, *, license: str | None = None) -> Requirement:
        """Build a requirement from raw text, joining wrapped lines and detecting its language."""
        return cls(text=unwrapped(text), language=detect_language(text), license=license)
