"""The parts of a requirement that speak of one file each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from swfactory.domain.markup import DEFINITION
from swfactory.requirements.text.clauses import covered
from swfactory.requirements.text.files import with_file_names

__all__ = ["CALL_DEFAULT", "SOURCE_FILE", "Statement", "split_sentences", "statements_by_file"]

SOURCE_FILE = re.compile(r"(?<![\w/.-])(?:[\w-]+/)*[\w-]+\.py\b")
CALL_DEFAULT = r"=\s*(?:\"[^\"`]*\"|'[^'`]*'|\(\))"
"""A default that a signature may show, which has quotes or brackets of its own."""
_CODE = re.compile(rf"`(\.?[A-Za-z_][\w.]*(?:\((?:[^()\"'`]|{CALL_DEFAULT})*\))?(?:\s*->\s*\w+)?)`")
"""A name or signature that a requirement shows as code."""
_SENTENCE = re.compile(r"(?<=[^\s][.;])(?<!\.\.\.)(?<!\be\.g\.)(?<!\bi\.e\.)\s+|(?<=[。；])|\n+")
_BULLET = re.compile(r"[ \t]*(?:[-*•+]|\(?\d{1,2}[.)、])[ \t]+")
_BEGIN, _END = "\x01", "\x02"
"""Marks of where a list item begins, and where what follows a list does."""
_JOINT = re.compile(r"[,，、\s]*(?:\s(?:and|or)|[和及])?$")
"""What joins one file to the next."""
_LABEL = re.compile(r"(?:for )?(?:examples?|usage|notes?|rules?)\W*|(?:示例|例如|用法|说明|规则)\W*", re.IGNORECASE)
_WRAPPED = re.compile(r"^(\S+\.py)\s*[(（](.*)[)）]$", re.DOTALL)
_COMMAND_HEAD = re.compile(
    r"(?:(?:^|[,;]?\s+)(?:and|with) (?:a|an|the) [\w -]+)?(?:(?:^|\s)[Tt]he (?:program|script|CLI))?"
    r"(?:(?:^|[,;]?\s)(?:[Tt]hen |[Aa]lso |[Ff]inally )?(?:[Aa]dd|[Bb]uild|[Cc]reate|[Ii]mplement|[Ww]rite))?"
    r"[`(]*(?:python3?)?\s*$"
)
_TESTS = re.compile(r"\bpytest\b|\btests\b|测试")
_PUT_INTO = re.compile(
    r"(?:\w+ )?((?:an?|the|one|two|three) (?:\w+ )?(?:class(?:es)?|functions?|decorator)\b.*?),? (?:in|into|to)"
    r"(?: (?:a|the) (?:file|module))?(?: called| named)?",
    re.DOTALL,
)
"""What stands before the file that it goes into: "Write a class Queue in queues.py"."""


class Statement(str):
    """A sentence or a part of one.

    Attributes:
        names_file: whether it begins with the file that it speaks of; else it follows one that does.
        item: number of the list item that it is in; 0 for none.
    """

    __slots__ = ("item", "names_file")
    names_file: bool
    item: int

    def __new__(cls, text: str, *, names_file: bool, item: int = 0) -> Statement:
        """Make one of a text."""
        made = super().__new__(cls, text)
        made.names_file = names_file
        made.item = item
        return made


@lru_cache(maxsize=64)
def statements_by_file(text: str) -> dict[str, tuple[Statement, ...]]:
    """Tell which statements speak of which file: those that name it, and those after it that name no other.

    Args:
        text: the requirement.

    Returns:
        File name without its folder to its statements, in order.
    """
    found: dict[str, list[Statement]] = {}
    current = ""
    for sentence, item in _with_items(_CODE.sub(r"\1", with_file_names(text))):
        starts = [match.start() for match in SOURCE_FILE.finditer(sentence)]
        moved = _PUT_INTO.fullmatch(sentence[: starts[0]].strip()) if starts else None
        for start, end in zip([0, *starts], [*starts, len(sentence)], strict=True):
            part = sentence[start:end].strip().rstrip(";.；。")
            part = _JOINT.sub("", _COMMAND_HEAD.sub("", part)) if end < len(sentence) else part
            if moved and start < starts[0]:
                continue
            if file := SOURCE_FILE.match(part):
                current = file[0].rsplit("/", 1)[-1]
                part = f"{file[0]} has {moved[1]}{part[file.end() :]}" if moved and start == starts[0] else part
            if current and part and not _LABEL.fullmatch(part) and not _TESTS.search(part):
                first = file is not None
                for said in split_sentences(_WRAPPED.sub(r"\1 \2", part)):
                    found.setdefault(current, []).append(Statement(said, names_file=first, item=item))
    return {file: tuple(statements) for file, statements in found.items()}


def _with_items(text: str) -> Iterator[tuple[str, int]]:
    """The sentences of a text, each with the number of the list item that it is in, 0 for none."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        if bullet or DEFINITION.match(line):
            line, inside = _BEGIN + line[bullet.end() if bullet else 0 :], True
        elif inside and line.strip() and not line[0].isspace():
            line, inside = _END + line, False
        lines.append(line)
    count = item = 0
    for sentence in split_sentences("\n".join(lines)):
        if sentence.startswith(_BEGIN):
            count += 1
            item = count
        elif sentence.startswith(_END):
            item = 0
        yield sentence.strip(_BEGIN + _END), item


def split_sentences(text: str) -> list[str]:
    """Split where a sentence or statement ends, outside of brackets and quotes.

    Args:
        text: any.
    """
    ends = [match.span() for match in _SENTENCE.finditer(covered(text))]
    starts = [0, *(end for _, end in ends)]
    return [text[start:end] for start, end in zip(starts, [*(start for start, _ in ends), len(text)], strict=True)]
