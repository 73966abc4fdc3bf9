"""Hits into a budget of tokens: whole chunks while they fit, then what is most useful of the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from swfactory.rag.chunk import Chunk
from swfactory.rag.retrieval import Hit

__all__ = ["Packed", "estimate_tokens", "pack"]

Packed = tuple[Chunk, str, float]
"""A chunk, the text of it that is shown, and its score."""

_CHARS_PER_TOKEN = 3.2
"""Of code and English prose, in the tokens of Qwen2.5; rather too few than too many."""
_TOKENS_PER_WIDE = 0.8
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uff00-\uffef]")
_WORTHWHILE = 20
"""Tokens below which a rest of the budget is left alone."""
_CITATION_TOKENS = 16


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has, without a tokeniser.

    Args:
        text: code or prose.
    """
    wide = len(_WIDE.findall(text))
    return int(wide * _TOKENS_PER_WIDE + (len(text) - wide) / _CHARS_PER_TOKEN) + 1


def pack(hits: Sequence[Hit], max_tokens: int) -> list[Packed]:
    """Choose what is shown of the hits.

    A chunk that lies within one that is shown already is left out. One that does not fit is shown by its head: the
    signature and documentation of a definition, the first paragraphs of a section.

    Args:
        hits: best first.
        max_tokens: for all of them, their citations included.
    """
    packed: list[Packed] = []
    headed: set[tuple[str, str]] = set()
    left = max_tokens
    for hit in hits:
        room = left - _CITATION_TOKENS
        if room < _WORTHWHILE:
            break
        if any(_within(hit.chunk, shown) for shown, _, _ in packed):
            continue
        whole = estimate_tokens(hit.chunk.text) <= room
        if not whole and (hit.chunk.path, hit.chunk.symbol) in headed:
            continue
        text = hit.chunk.text if whole else _head(hit.chunk, room)
        if text:
            headed.add((hit.chunk.path, hit.chunk.symbol))
            packed.append((hit.chunk, text, hit.score))
            left -= estimate_tokens(text) + _CITATION_TOKENS
    return packed


def _within(chunk: Chunk, other: Chunk) -> bool:
    same = chunk.path == other.path and chunk.page == other.page and chunk.text != other.text
    return same and other.line <= chunk.line and chunk.end <= other.end and chunk.text in other.text


def _head(chunk: Chunk, room: int) -> str:
    """What says most in the room there is; empty when nothing does."""
    if chunk.signature:
        for text in (f"{chunk.signature}\n{_first_paragraph(chunk.doc)}".strip(), chunk.signature):
            if estimate_tokens(text) <= room:
                return text
        return ""
    kept: list[str] = []
    for line in chunk.text.splitlines():
        if estimate_tokens("\n".join([*kept, line])) > room:
            break
        kept.append(line)
    return "\n".join(kept).rstrip()


def _first_paragraph(text: str) -> str:
    return text.partition("\n\n")[0]
