"""Lines that a requirement shows of a program that prints one for each argument: each says what it was called with.

"`main.py REF...` prints one line for each of them, `A/1: sound` when it is valid and `A/2: broken` when it is not" is
a call with ``A/1`` and ``A/2``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.placeholders import has_placeholder
from swfactory.requirements.text.sentences import sentences

__all__ = ["line_status", "shown_line_examples"]

_VARIADIC = re.compile(r"`(?:python3?\s+|\./)([\w./-]+\.py)\s+[\[<]?[^\s`.…\]>]+[\]>]?(?:\.{3}|…)\]?`")
_EACH = re.compile(r"\b(?:one|a) line (?:for|per)\b|\bper line\b|\bfor each\b|\beach on\b|每行|一行|逐行")
_LINE = re.compile(r"`(?!python3?\b|\./)([^\s`:=]+)(?:\s*[:=：]\s*|\s+)(\S[^`\n]*)`")
_FILE = re.compile(r".*\.[A-Za-z]{1,5}")
_STATUS = re.compile(
    r"\bexit(?:s with)? (?:status|code)(?: is| of)? (?P<status>[1-9]\d?) (?:when|if) "
    r"(?:at least one|any|one)\b(?P<when>[^.]*)"
    r"|(?:只要有|任何|任意|有)一?[个条]?(?P<then>[^。]*?)退出(?:状态|码|状态码)(?:是|为)?\s*(?P<code>[1-9]\d?)",
    re.IGNORECASE,
)
"""The status of a program when one of its lines says something."""


def shown_line_examples(text: str, program: str) -> tuple[CommandExample, ...]:
    """Find the lines that a requirement shows of a program which takes any number of arguments.

    Args:
        text: the requirement.
        program: path of the program.

    Returns:
        One call with the first word of each line, which prints them all; where what a line says settles the status,
        that status, and a call with the other words. Empty when nothing like that is shown.
    """
    for call in _VARIADIC.finditer(text):
        said = next(iter(sentences(text[call.end() :])), "")
        lines = list(_LINE.finditer(said)) if _EACH.search(said) else []
        words = [line[1] for line in lines]
        known = len({*words}) == len(words) > 0 and not has_placeholder(words, text)
        if call[1] == program and known and not any(word[0] in "-<[" or _FILE.fullmatch(word) for word in words):
            status, cause = line_status(text)
            causing = [line for line in lines if re.search(rf"\b{re.escape(line[2])}\b", cause)]
            other = [line for line in lines if line not in causing]
            examples = [_printing(program, lines, status if causing else None)]
            return (*examples, _printing(program, other, 0)) if causing and other else (*examples,)
    return ()


def _printing(program: str, lines: Sequence[re.Match[str]], status: int | None) -> CommandExample:
    printed = "\n".join(line[0].strip("`") for line in lines)
    step = Step(argv=("python", program, *(line[1] for line in lines)), stdout=printed, exit_code=status)
    return CommandExample(origin="stated", steps=(step,))


def line_status(text: str) -> tuple[int | None, str]:
    """Return the status that one line is enough for, and how the requirement speaks of such a line.

    Args:
        text: the requirement.

    Returns:
        None and an empty text when no line settles the status.
    """
    match = _STATUS.search(text)
    if match is None:
        return None, ""
    return int(match["status"] or match["code"]), match["when"] or match["then"] or ""
