"""Entries that are shown in another way when something has been done to them.

"`todo.py list` prints lines like `1 [ ] milk`, done ones like `1 [x] milk`, and `todo.py done 1` marks one" says what
the list shows after ``done 1``: state-based testing of what a requirement says of states, without a model.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

from swfactory.domain.spec import CommandExample, Step

__all__ = ["marked_walks"]

_CALL = re.compile(r"`(?:python3?\s+|\./)([\w./-]+\.py)\b\s*([^`\n]*)`")
_SPAN = re.compile(r"`([^`\n]+)`")
_WORD = re.compile(r"[a-z]{3,}|(?=([\u3400-\u9fff]{2}))")
"""Words, and of Chinese every two characters that follow each other."""
_COMMON = frozenset(
    ("and", "the", "with", "prints", "shows", "ones", "are", "打印", "显示", "输出", "一项", "每行", "格式")
)
_END = re.compile(r"[。;；]|\.\s")


def marked_walks(text: str, walk: CommandExample) -> Iterator[CommandExample]:
    """Make sessions in which an entry is put in, marked and shown.

    Args:
        text: the requirement.
        walk: its literal commands, with what each prints.

    Yields:
        For each two ways in which a line is shown, the session after which it is the second one.
    """
    maker = walk.steps[0]
    said = dict(_said(text))
    for step in walk.steps:
        if not step.stdout or step is maker:
            continue
        plain = step.stdout.strip()
        for marked, reason in _other_forms(said.get(step.argv[2:], ""), plain):
            for mark in walk.steps:
                if mark is not step and mark is not maker and _speaks_of(reason, mark, said.get(mark.argv[2:], "")):
                    done = mark.model_copy(update={"exit_code": 0})
                    shown = step.model_copy(update={"stdout": f"{marked}\n"})
                    yield CommandExample(origin="stated", files=walk.files, steps=(maker, done, shown))


def _said(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Calls by their words, and what is said after each."""
    matches = list(_CALL.finditer(text))
    for index, match in enumerate(matches):
        rest = text[match.end() : matches[index + 1].start() if index + 1 < len(matches) else None]
        with suppress(ValueError):  # a quotation mark that is left open
            yield tuple(shlex.split(match[2])), _END.split(rest, maxsplit=1)[0]


def _other_forms(clause: str, plain: str) -> Iterator[tuple[str, str]]:
    """Lines that have the words of a plain one and another mark, with what is said before them."""
    spans = list(_SPAN.finditer(clause))
    for before, match in pairwise(spans):
        same = sum(word in plain.split() for word in match[1].split())
        if match[1] != plain and same >= max(1, len(plain.split()) - 2):
            yield match[1], clause[before.end() : match.start()]


def _speaks_of(reason: str, mark: Step, clause: str) -> bool:
    """Whether what is said before a form names the command, or what is said of it."""
    name = mark.argv[2] if len(mark.argv) > 2 else ""
    words = _words(reason)
    return bool(words & (_words(clause) | {name})) or any(len(name) > 2 and word.startswith(name) for word in words)


def _words(text: str) -> set[str]:
    return {found[1] or found[0] for found in _WORD.finditer(text.lower())} - _COMMON
