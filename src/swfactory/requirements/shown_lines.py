"""Lines that a requirement shows of a program that prints one for each argument: each says what it was called with.

"`main.py REF...` prints one line for each of them, `A/1: sound` when it is valid and `A/2: broken` when it is not" is
a call with ``A/1`` and ``A/2``.
"""

from __future__ import annotations

import re

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.placeholders import has_placeholder
from swfactory.requirements.sentences import sentences

__all__ = ["shown_line_examples"]

_VARIADIC = re.compile(r"`(?:python3?\s+|\./)([\w./-]+\.py)\s+[\[<]?[^\s`.…\]>]+[\]>]?(?:\.{3}|…)\]?`")
_EACH = re.compile(r"\b(?:one|a) line (?:for|per)\b|\bper line\b|\bfor each\b|\beach on\b|每行|一行|逐行")
_LINE = re.compile(r"`(?!python3?\b|\./)([^\s`:=]+)(?:\s*[:=：]\s*|\s+)(\S[^`\n]*)`")
_FILE = re.compile(r".*\.[A-Za-z]{1,5}")


def shown_line_examples(text: str, program: str) -> tuple[CommandExample, ...]:
    """Find the lines that a requirement shows of a program which takes any number of arguments.

    Args:
        text: the requirement.
        program: path of the program.

    Returns:
        One call with the first word of each line, which prints them all, whatever its status; empty when nothing like
        that is shown.
    """
    for call in _VARIADIC.finditer(text):
        said = next(iter(sentences(text[call.end() :])), "")
        lines = list(_LINE.finditer(said)) if _EACH.search(said) else []
        words = [line[1] for line in lines]
        known = len({*words}) == len(words) > 0 and not has_placeholder(words, text)
        if call[1] == program and known and not any(word[0] in "-<[" or _FILE.fullmatch(word) for word in words):
            printed = "\n".join(line[0].strip("`") for line in lines)
            step = Step(argv=("python", program, *words), stdout=printed, exit_code=None)
            return (CommandExample(origin="stated", steps=(step,)),)
    return ()
