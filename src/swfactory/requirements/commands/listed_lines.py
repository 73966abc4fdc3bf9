"""Several lines that a requirement lists: "prints three lines: `lines: N`, `words: N` and `longest: WORD`".

Each has its label as it stands; what is in capitals stands for a value.
"""

from __future__ import annotations

import re

from swfactory.requirements.commands.forms import NUMERIC_PLACEHOLDERS
from swfactory.requirements.commands.placeholders import PLACEHOLDERS

__all__ = ["line_pattern", "listed_lines"]

_COUNT = r"(?:two|three|four|five|six|seven|eight|[2-9]|两|二|三|四|五|六|七|八)"
_LISTED = re.compile(
    rf"(?:\b{_COUNT} lines?|{_COUNT}\s*行|\blines|各行|每行依次)(?:[^`.;。；\n]{{0,20}})[:：,，]?\s*(?=`)",
    re.IGNORECASE,
)
_SPAN = re.compile(r"`([^`\n]+)`(?:\s*\([^)]*\)|（[^）]*）)?\s*(?:,?\s*(?:and|then)\s+|[,、，和;]\s*)?")
_EXAMPLES = re.compile(r"\b(?:such as|like|e\.g\.|for example)|例如|比如|形如", re.IGNORECASE)
_PIECE = re.compile(r"[A-Z][A-Z_]*\b|\d+\.\d+|\d+|.", re.DOTALL)
_LABEL = re.compile(r"^[^\W\d_][\w -]*[:：=]\s*")
_VALUE = re.compile(r"[A-Z][A-Z_]*|-?\d+(?:\.\d+)?")
_LEAST = 2
_NUMBER = r"-?\d+(?:\.\d+)?"


def listed_lines(said: str) -> str:
    """Return the lines of a list, one below the other; empty when there is none of two or more that have a label.

    Args:
        said: what a requirement says of a command's output.
    """
    start = _LISTED.search(said)
    if start is None:
        return ""
    lines: list[str] = []
    at = start.end()
    while match := _SPAN.match(said, at):
        lines.append(match[1])
        at = match.end()
    labels = [label[0] for line in lines if (label := _LABEL.match(line))]
    if len(lines) < _LEAST or len(labels) < len(lines):
        return ""
    if _EXAMPLES.search(start[0]):  # what is after a label is one of its values
        lines = [
            line if _VALUE.fullmatch(line[len(label) :]) else f"{label}TEXT"
            for line, label in zip(lines, labels, strict=True)
        ]
    return "\n".join(lines)


def line_pattern(line: str) -> str:
    """Turn a line with a label into a regular expression: values for what is in capitals and for numbers.

    Args:
        line: as the requirement shows it.
    """
    parts: list[str] = []
    for piece in _PIECE.findall(line):
        if piece in NUMERIC_PLACEHOLDERS or piece[0].isdigit():
            parts.append(_NUMBER)
        elif piece in PLACEHOLDERS:
            parts.append(".*")
        else:
            parts.append(piece if piece in " -:,'" else re.escape(piece))
    return "".join(parts)
