"""Hits into a budget of tokens: whole chunks while they fit, then what is most useful of the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from swfactory.rag.chunk import Chunk
from swfactory.rag.retrieval import Hit

__all__ = ["Packed", "estimate_tokens", "pack", "passage_tokens", "spread"]

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


def passage_tokens(text: str) -> int:
    """Return about how many tokens a text takes up with its citation."""
    return estimate_tokens(text) + _CITATION_TOKENS


def pack(hits: Sequence[Hit], max_tokens: int, show: Callable[[Chunk], str] = lambda chunk: chunk.text) -> list[Packed]:
    """Choose what is shown of the hits, as much as there is room for of the best ones.

    A chunk that lies within one that is shown already is left out. One that does not fit is shown by its head: the
    signature and documentation of a definition, the first paragraphs of a section.

    Args:
        hits: best first.
        max_tokens: for all of them, their citations included.
        show: what is shown of a chunk where there is room for it; empty to leave it out.
    """
    packed: list[Packed] = []
    left = max_tokens
    for chunk, score in ((hit.chunk, hit.score) for hit in hits):
        room = left - _CITATION_TOKENS
        if room < _WORTHWHILE:
            break
        if any(_within(chunk, other) for other, _, _ in packed):
            continue
        shown = show(chunk)
        whole = estimate_tokens(shown) <= room
        if not whole and any((chunk.path, chunk.symbol) == (other.path, other.symbol) for other, _, _ in packed):
            continue
        if text := shown if whole else _head(chunk, room):
            packed.append((chunk, text, score))
            left -= passage_tokens(text)
    return packed


def spread(
    hits: Sequence[Hit],
    max_tokens: int,
    show: Callable[[Chunk], str],
    brief: Callable[[Chunk], str],
    *,
    most: int,
    prose: float,
) -> list[Packed]:
    """Choose what is shown of the hits, something of many first, then more of the best ones.

    Args:
        hits: best first.
        max_tokens: for all of them, their citations included.
        show: what is shown of a chunk where there is room for it; empty to leave it out.
        brief: the least that is shown of a definition.
        most: chunks at most.
        prose: share of the budget for what is no definition, where there are definitions too.

    Returns:
        The chunks in the order of the hits.
    """
    packed: list[Packed] = []
    left, words = max_tokens, int(max_tokens * prose) if any(hit.chunk.signature for hit in hits) else max_tokens
    for hit in hits:
        chunk = hit.chunk
        room = (left if chunk.signature else min(left, words)) - _CITATION_TOKENS
        known = any(_within(chunk, other) or _parts_of_one(chunk, other) for other, _, _ in packed)
        if len(packed) == most or room < _WORTHWHILE or known or not show(chunk):
            continue
        short = brief(chunk)
        text = short if short and estimate_tokens(short) <= room else _head(chunk, room)
        if text:
            packed.append((chunk, text, hit.score))
            left -= passage_tokens(text)
            words -= 0 if chunk.signature else passage_tokens(text)
    for number, (chunk, text, score) in enumerate(packed):
        whole = show(chunk)
        more = estimate_tokens(whole) - estimate_tokens(text)
        if chunk.signature and more <= left:
            packed[number] = (chunk, whole, score)
            left -= more
    return packed


def _parts_of_one(chunk: Chunk, other: Chunk) -> bool:
    return bool(chunk.signature) and (chunk.path, chunk.symbol) == (other.path, other.symbol)


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
    fences = [number for number, line in enumerate(kept) if line.lstrip().startswith("```")]
    if len(fences) % 2:  # a block that is cut off would swallow what comes after it
        kept = kept[: fences[-1]]
    return "\n".join(kept).rstrip()


def _first_paragraph(text: str) -> str:
    return text.partition("\n\n")[0]
