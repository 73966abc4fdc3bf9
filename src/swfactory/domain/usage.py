"""How people show the commands of a program without its name: a usage text, or ``add NAME`` alone in back-quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["with_programs"]

_USAGE = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?:usage:[ \t]*)?(?:python3?[ ]+)?([\w/-]+\.py)((?:[ ][^\s(`]+)+?)"
    r"(?:[ \t]{2,}(\S.*)|[ \t]+(\(.*)|[ \t]*)$",
    re.MULTILINE | re.IGNORECASE,
)
"""A line of a usage text: program, words, what is said of it."""
_PROGRAM = re.compile(r"(?<![\w/.-])(main|[a-z]\w*)\.py\b")
_CALLED = re.compile(r"`(?:python3?\s+|\./)[\w./-]+\.py\b")
_WORD = r"(?:\[?(?:--?[a-z][\w-]*|<?[A-Z][A-Z_]*>?(?:=[A-Z]+)?)(?:\.\.\.)?\]?)"
_COMMAND = re.compile(rf"`([a-z][a-z-]+)((?: +{_WORD})*)`")
_DOES = re.compile(
    r"\s*(?:(?:prints?|shows?|lists?|gives?|displays?|deletes?|removes?|resets?|clears?|undoes|starts?|stops?)\b"
    r"|[:：]|->|打印|输出|显示|列出|删除|清空)"
)
"""What follows a command that takes nothing."""
_LEAST = 2


def with_programs(text: str) -> str:
    """Put a program before its commands, where a requirement shows none of them whole.

    ``usage: main.py add NAME`` and "`add NAME` adds a name" both become ``python main.py add NAME``.

    Args:
        text: a requirement, its lines unwrapped.
    """
    usages = [match for match in _USAGE.finditer(text) if re.search(r"[A-Za-z]", match[2])]
    if len(usages) >= _LEAST or any("usage:" in match[0].lower() for match in usages):
        text = _USAGE.sub(_as_item, text)
    if _CALLED.search(text):
        return text
    programs = {match[0] for match in _PROGRAM.finditer(text)}
    commands = {*_commands(text)}
    if (
        "main.py" not in programs
        or len({name for name, _ in commands}) < _LEAST
        or not any(words for _, words in commands)
    ):
        return text
    return _COMMAND.sub(
        lambda match: f"`python main.py {match[0][1:]}" if (match[1], match[2]) in commands else match[0], text
    )


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Name and further words of what looks like a command."""
    for match in _COMMAND.finditer(text):
        if match[2] or _DOES.match(text[match.end() :]):
            yield match[1], match[2]


def _as_item(match: re.Match[str]) -> str:
    said = (match[3] or match[4] or "").strip()
    return f"- `python {match[1]}{match[2]}`{f' {said}' if said else ''}"
