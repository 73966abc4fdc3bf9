"""Cutting a text that has no structure we know into pieces of a bounded size, at the best line."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["MAX_CHARS", "windows"]

MAX_CHARS = 1_500
"""Characters of a chunk: about 400 tokens, so that three of them fit what a role is given."""

_LATEST = 0.5
"""Where the search for a blank line to cut at begins, as a share of the piece."""


def windows(text: str, limit: int = MAX_CHARS) -> Iterator[tuple[int, str]]:
    """Cut a text into pieces: at a blank line in a piece's second half, else at its last line end.

    A line that is longer than a piece is cut where the piece ends. Every character is in exactly one piece.

    Args:
        text: what to cut.
        limit: characters of a piece at most.

    Yields:
        The number of the piece's first line, counted from 0, and the piece.
    """
    line = 0
    while text:
        cut = _cut(text, limit)
        piece, text = text[:cut], text[cut:]
        yield line, piece
        line += piece.count("\n")


def _cut(text: str, limit: int) -> int:
    if len(text) <= limit:
        return len(text)
    head = text[:limit]
    blank = head.rfind("\n\n", int(limit * _LATEST))
    if blank >= 0:
        return blank + 2
    return head.rfind("\n") + 1 or limit
