"""How people type a requirement: wrapped lines, blocks of code, commands without back-quotes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["DEFINITION", "Block", "code_blocks", "unwrapped", "with_back_quotes", "without_blocks"]

DEFINITION = re.compile(
    r"[ \t]*`?[A-Za-z_]\w*\([^()\n]*\)(?:\s*->\s*[\w\[\], .|]+?)?`?(?:\s*->\s*\w+)?\s*(?:[:：–—]|--? )"
)
"""A line that tells of one function, and is an item of a list by that."""
_FENCE = re.compile(r"[ \t]*(```|~~~)")
_INDENTED = re.compile(r"(?: {4}|\t)")
_CJK = re.compile(r"[\u3400-\u9fff]")
_WRAPPED_FROM = 50
"""Columns of the shortest line that counts as wrapped: its next word may be a long one."""
_WRAPPED_AT = 68
"""Columns of the narrowest page that people wrap at, with some room for a ragged edge."""
_OWN_LINE = re.compile(r"(?:[-*+•·>|#$=]|\(?\d{1,3}[.)、]|[A-Za-z][.)]\s|```|~~~)")
_COMMAND = ("`python", "`./", "python ", "python3 ")
_GOES_ON = re.compile(
    r"(?:[,.:;，。：；、]|\b(?:and|or|with|by|like|runs?|when|if|to|than|then|of|for|as|is))\s*$", re.IGNORECASE
)
_SPAN = re.compile(r"`[^`\n]*`")
_NO_ARGUMENT = r"(?:a|all|and|as|for|from|in|is|it|or|that|the|then|to|when|which|with|you)\b"
_QUOTED_COMMAND = re.compile(
    r"\"((?:python3?|\./)[^\S\n]*[\w./-]+\.py(?=[\s\"])[^\"\n`]*)\"|“((?:python3?|\./)[^\S\n]*[\w./-]+\.py\b[^“”\n`]*)”"
)
"""A command in other quotes."""
_BARE_COMMAND = re.compile(
    r"(?<![\w`$/.-])(?<!\$ )(python3?[ ]+[\w./-]+\.py)"
    rf"((?:[ ]+(?!{_NO_ARGUMENT})(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s`,;()，；。“”]+))*?)"
    r"(?=[ ]+(?:should |must |will )?"
    r"(?:adds?|answers|computes|converts|creates|deletes|displays|exits|gives|lists|marks|must|outputs?|prints?|produces"
    r"|removes|returns|saves|shows?|writes)\b|[ ]*(?:->|→|=>)|[ ]*(?:应|会)?(?:打印|输出|显示|返回|得到))"
)
"""A call of a program in running text, up to the verb that says what it does."""
_OPTION = re.compile(
    r"[\"“](--[a-z][\w-]*(?: [^\"”\n`]{1,40})?)[\"”]|(?<![\w`\"“'(\[-])(--[a-z][\w-]+(?: [A-Z][A-Z_]+\b)?)(?![\w=\]-])"
)
"""An option in other quotes, or in none."""


@dataclass(frozen=True)
class Block:
    """A block of code in Markdown, fenced or indented.

    Args:
        start: where it begins in the text.
        end: where the text goes on.
        code: its lines, without the fences.
    """

    start: int
    end: int
    code: str


def code_blocks(text: str) -> Iterator[Block]:
    """Find the blocks of code in a text; a fence that nothing closes is none.

    Args:
        text: Markdown.
    """
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    fences = [(at, fence[1]) for at, line in enumerate(lines) if (fence := _FENCE.match(line))]
    closing = {opening: at for (opening, mark), (at, other) in pairwise(fences) if mark == other}
    at = 0
    while at < len(lines):
        first = at
        if at in closing:
            at = closing[at]
            yield Block(starts[first], starts[at] + len(lines[at].rstrip("\r\n")), "".join(lines[first + 1 : at]))
            at += 1
        elif _INDENTED.match(lines[at]):
            while at < len(lines) and _INDENTED.match(lines[at]):
                at += 1
            yield Block(starts[first], starts[at], "".join(lines[first:at]))
        else:
            at += 1


def without_blocks(text: str, instead: Callable[[str], str]) -> str:
    """Put something else in the place of the blocks of code.

    Args:
        text: Markdown.
        instead: what to put in the place of a block, given the whole of it.
    """
    parts: list[str] = []
    place = 0
    for block in code_blocks(text):
        parts += [text[place : block.start], instead(text[block.start : block.end])]
        place = block.end
    return "".join([*parts, text[place:]])


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
    if not line.strip() or not after.strip() or after[0].isspace() or _OWN_LINE.match(line):
        return None
    if _OWN_LINE.match(after) or DEFINITION.match(after):
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


def with_back_quotes(text: str) -> str:
    """Put the commands and options of running text into back-quotes: "python fact.py 5 prints 120", "take --from DATE".

    What stands in back-quotes or in a block already stays as it is.

    Args:
        text: a requirement.
    """
    for command in (_QUOTED_COMMAND, _BARE_COMMAND, _OPTION):
        text = _outside(text, command)
    return text


def _outside(text: str, command: re.Pattern[str]) -> str:
    """Mark the commands that stand neither in back-quotes nor in a block."""
    marked: list[str] = []
    place = 0
    kept = [(block.start, block.end) for block in code_blocks(text)] + [span.span() for span in _SPAN.finditer(text)]
    for start, end in sorted(kept, key=lambda span: (span[0], -span[1])):
        if start >= place:
            marked += [command.sub(_in_back_quotes, text[place:start]), text[start:end]]
            place = end
    return "".join([*marked, command.sub(_in_back_quotes, text[place:])])


def _in_back_quotes(command: re.Match[str]) -> str:
    return f"`{''.join(part or '' for part in command.groups())}`"
