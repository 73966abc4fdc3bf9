"""Several values that a command is said to print: "prints 3.40, 3.30 and 3.30", "打印 a1 和 b2"."""

from __future__ import annotations

import re

from swfactory.requirements.text.hedges import is_choice, is_left_open

__all__ = ["listed_values", "on_lines_of_their_own", "on_one_line"]

_CODE = r"`[^`\n]+`"
_UNIT = r"(?!(?:and|as|at|by|each|for|in|of|on|or|per|so|to|with)\b)[A-Za-z%]{1,4}\b"
_BARE = rf"[^\s,，、。;；:：()（）`]*\d[^\s,，、。;；:：()（）`]*(?:\s{_UNIT})?"
_SEPARATOR = re.compile(r"\s*(?:[,，、]\s*(?:and\s+|和)?|\s+and\s+|和\s*|及\s*)\s*")
_NO_ITEM = re.compile(
    r"$|(?:then\s+)?(?:exits?|ends?|stops?|quits)\b"
    r"|(?:all|as|because|both|but|each|every|in|joined|no|not|nothing|on|one|ordered|separated|sorted|with|which)\b"
    r"|[并然各每共退其按用由]|以(?!及)",
)
"""What may follow the last comma of a list and is no item of it."""
_LINES = re.compile(
    r"(?<!\bon )(?<!\bin )\b(?:one|each|every)\b[^.;`]{0,40}\blines?\b|\bper line\b|\b(?:separate|own) lines?\b"
    r"|\b(?:two|three|four|five|six|seven|eight|\d) lines\b|逐行|每行|各占一行|一行一|[两二三四五六]行",
    re.IGNORECASE,
)
_ONE_LINE = re.compile(
    r"\b(?:separated|joined) by (?!(?:an? )?(?:newline|line break))|\bon (?:one|a single|the same) line\b"
    r"|(?<!换行)(?<!换行符)(?:分隔|隔开)|同一行",
    re.IGNORECASE,
)


def listed_values(said: str) -> tuple[str, ...]:
    """Return the values of a list of two or more at the beginning of a text; empty when it is none, or goes on.

    All of them are shown as code, or all of them have digits: "prints yes and exits" is no list.

    Args:
        said: what follows the verb.
    """
    if said.lstrip()[:1] in {"[", "{"}:  # a list or set as Python writes it
        return ()
    for kind in (_CODE, _BARE):
        found: list[str] = []
        at = end = len(said) - len(said.lstrip())
        while match := re.compile(kind).match(said, at):
            found.append(match[0].strip("`").rstrip("."))
            at = end = match.end()
            if (separator := _SEPARATOR.match(said, at)) is None:
                break
            at = separator.end()
        rest = said[at:]
        goes_on = is_choice(rest) or is_left_open(rest) or (at > end and not _NO_ITEM.match(rest))
        if len(found) > 1:
            return () if goes_on else tuple(found)
    return ()


def on_lines_of_their_own(text: str) -> bool:
    """Whether a requirement has its program print several things one below the other.

    Args:
        text: the requirement.
    """
    return bool(_LINES.search(text))


def on_one_line(said: str) -> bool:
    """Whether the values of a list are said to stand one beside the other.

    Args:
        said: what is said of them.
    """
    return _ONE_LINE.search(said) is not None
