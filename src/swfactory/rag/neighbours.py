"""What a definition cannot be used without: the class of a method, the types that a signature names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from swfactory.rag.catalog import Catalog
from swfactory.rag.chunk import Chunk
from swfactory.rag.retrieval import Hit

__all__ = ["with_neighbours"]

_TYPE = re.compile(r"\b[A-Z]\w+")
_TYPES = 4
"""Types of one signature that are looked for."""
_FOLLOWED = 6
"""Hits, the best ones, whose types are looked for."""


def with_neighbours(catalog: Catalog, hits: Sequence[Hit]) -> list[Hit]:
    """Put after each of the best hits the types it needs; a method gives way to its class where that fits.

    Args:
        catalog: of the collection that the hits come from.
        hits: best first.
    """
    found: dict[str, Hit] = {}
    for number, hit in enumerate(hits):
        owners = [*_owner(catalog, hit)]
        within = any(hit.chunk.text in owner.chunk.text for owner in owners)
        types = [*_types(catalog, hit)] if number < _FOLLOWED else []
        followed = [*owners, *([] if within else [hit]), *types]
        for one in followed:
            found.setdefault(one.id, one)
    return [*found.values()]


def _owner(catalog: Catalog, hit: Hit) -> Iterator[Hit]:
    owner = hit.chunk.symbol.rpartition(".")[0] if hit.chunk.kind == "function" else ""
    yield from _defined(catalog, hit, [owner] if owner else [])


def _types(catalog: Catalog, hit: Hit) -> Iterator[Hit]:
    heads = [line for line in hit.chunk.text.splitlines() if "def " in line] if hit.chunk.kind == "class" else []
    names = dict.fromkeys(_TYPE.findall(" ".join((hit.chunk.signature, *heads))))
    names.pop(hit.chunk.symbol.rpartition(".")[2], None)
    yield from _defined(catalog, hit, [*names][:_TYPES])


def _defined(catalog: Catalog, hit: Hit, names: Sequence[str]) -> Iterator[Hit]:
    """Classes of those names in the hit's source: in its file, if there is one."""
    for name in names:
        known = catalog.chunks(catalog.named(name, _TYPES))
        near = {key: chunk for key, chunk in known.items() if _is_class_of(chunk, hit.chunk)}
        same = {key: chunk for key, chunk in near.items() if chunk.path == hit.chunk.path}
        for key, chunk in [*(same or near).items()][:1]:
            yield Hit(key, chunk, hit.score, hit.similarity)


def _is_class_of(chunk: Chunk, other: Chunk) -> bool:
    return chunk.kind == "class" and chunk.path.partition("/")[0] == other.path.partition("/")[0]
