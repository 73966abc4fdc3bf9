"""Prose by its headings: a chunk a section, with the headings above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swfactory.rag.chunk import Chunk
from swfactory.rag.windows import MAX_CHARS, windows

__all__ = ["markdown_chunks", "rst_chunks", "text_chunks"]

_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_RST_RULE = re.compile(r"^([=\-`:'\"~^_*+#<>.])\1{2,}[ \t]*$")
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")


@dataclass(frozen=True)
class _Heading:
    """A heading, which may take two or three lines.

    Args:
        line: its first line, counted from 0.
        body: the first line after it.
        level: 1 is the highest.
        title: its words.
    """

    line: int
    body: int
    level: int
    title: str


def markdown_chunks(text: str, path: str, language: str = "markdown") -> list[Chunk]:
    """Cut Markdown at its headings, those in code fences left alone.

    Args:
        text: the document.
        path: the file, as it is cited.
        language: the format that the file itself has, where Markdown was made of it.

    Returns:
        A chunk a section that says something beside its heading; ``symbol`` is the way there: ``Install > Linux``.
    """
    lines = text.splitlines(keepends=True)
    return _sections(lines, list(_markdown_headings(lines)), path, language)


def rst_chunks(text: str, path: str) -> list[Chunk]:
    """Cut reStructuredText at its titles.

    The level of a title is the order in which its kind of underline comes up first, as docutils has it.

    Args:
        text: the document.
        path: the file, as it is cited.
    """
    lines = text.splitlines(keepends=True)
    return _sections(lines, list(_rst_headings(lines)), path, "rst")


def text_chunks(text: str, path: str, language: str = "text", page: int = 0) -> list[Chunk]:
    """Cut a text without structure at blank lines.

    Args:
        text: the text.
        path: the file, as it is cited.
        language: its format.
        page: the page that the text is, counted from 1; 0 for a file without pages.
    """
    return [
        Chunk(
            path=path,
            text=piece,
            kind="page" if page else "section",
            language=language,
            line=offset + 1,
            end=offset + 1 + piece.rstrip().count("\n"),
            page=page,
            part=part,
        )
        for part, (offset, piece) in enumerate(windows(text), start=1)
        if piece.strip()
    ]


def _sections(lines: Sequence[str], headings: Sequence[_Heading], path: str, language: str) -> list[Chunk]:
    chunks = []
    above: list[_Heading] = []
    starts = [_Heading(0, 0, 0, ""), *headings]
    for heading, following in zip(starts, [*(found.line for found in headings), len(lines)], strict=True):
        above = [found for found in above if found.level < heading.level]
        if heading.level:
            above.append(heading)
        body = "".join(lines[heading.body : following])
        if not body.strip():
            continue
        trail = " > ".join(found.title for found in above)
        title = "".join(lines[heading.line : heading.body])
        for part, (offset, piece) in enumerate(windows(body, max(MAX_CHARS - len(title), MAX_CHARS // 2)), start=1):
            line = (heading.line if part == 1 else heading.body + offset) + 1
            end = heading.body + offset + 1 + piece.rstrip().count("\n")
            chunks.append(
                Chunk(
                    path=path,
                    text=(title + piece).strip("\n"),
                    kind="section",
                    symbol=trail,
                    language=language,
                    line=line,
                    end=end,
                    part=part,
                )
            )
    return chunks


def _markdown_headings(lines: Sequence[str]) -> Iterator[_Heading]:
    fence = ""
    begin = 0
    if lines and lines[0].rstrip() == "---":  # front matter
        begin = next((number + 1 for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    for number in range(begin, len(lines)):
        line = lines[number].rstrip("\n")
        if marker := _FENCE.match(line):
            if not fence:
                fence = marker[1]
            elif marker[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if fence:
            continue
        if found := _ATX.match(line):
            yield _Heading(number, number + 1, len(found[1]), found[2])
        elif (rule := _SETEXT.match(line)) and number > begin and _is_title(lines, number - 1, begin):
            yield _Heading(number - 1, number + 1, 1 if rule[1][0] == "=" else 2, lines[number - 1].strip())


def _is_title(lines: Sequence[str], number: int, begin: int) -> bool:
    """Whether a line above a rule is a title: a paragraph of one line, not a list, a table or another heading."""
    line = lines[number].strip()
    alone = number == begin or not lines[number - 1].strip()
    return alone and bool(line) and line[0] not in "|>-*+#" and not _ATX.match(line)


def _rst_headings(lines: Sequence[str]) -> Iterator[_Heading]:
    levels: list[str] = []
    number = 1
    while number < len(lines):
        rule, title = _RST_RULE.match(lines[number].rstrip("\n")), lines[number - 1].rstrip()
        if rule and title and not _RST_RULE.match(title) and _width(title) <= len(lines[number].strip()):
            over = number >= 2 and lines[number - 2].rstrip() == lines[number].rstrip()
            if over or not title.startswith(" "):
                style = rule[1] * (2 if over else 1)
                if style not in levels:
                    levels.append(style)
                yield _Heading(number - (2 if over else 1), number + 1, levels.index(style) + 1, title.strip())
                number += 1
        number += 1


def _width(text: str) -> int:
    """Columns of a text on a terminal; a Chinese character has two, and its underline with it."""
    return len(text) + (len(_WIDE.findall(text)) if not text.isascii() else 0)
